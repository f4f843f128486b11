// What a copy of the process does not have as the process had it when its threads stood still: memory that the program keeps from copies
// (MADV_DONTFORK, MADV_WIPEONFORK), and memory that others share, which goes on changing. The search in a copy would not see what it held,
// so it is read before the copy is made, as far as it is not much.
#ifndef MEMSCOPE_KEPT_MEMORY_H
#define MEMSCOPE_KEPT_MEMORY_H

#include "roots.h"

#pragma clang assume_nonnull begin

/// Finds out where it is. The program runs on; what it maps later is not found. Takes time for each mapping and each page, as the kernel tells of
/// both together.
void memscope_kept_memory_find(void);

/// Reads what is there, while the threads stand still.
void memscope_kept_memory_read(void);

/// Gives back what was read.
void memscope_kept_memory_forget(void);

/// Marks what was read, and complains of what was not. In a copy.
void memscope_kept_memory_mark(struct memscope_roots *roots);

#pragma clang assume_nonnull end
#endif
