// Memory that the program keeps from copies of itself (MADV_DONTFORK, MADV_WIPEONFORK). The search in a copy would not see what it
// holds, so it is read before the copy is made, as far as it is not much.
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
