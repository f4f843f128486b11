// Memory that the program named as a place of pointers, or as one whose pointers do not count.
#ifndef MEMSCOPE_ADDED_ROOTS_H
#define MEMSCOPE_ADDED_ROOTS_H

#include <stddef.h>

#include "mark.h"
#include "range_list.h"

#pragma clang assume_nonnull begin

/// Marks from all regions that were added. In a frozen copy; takes no lock.
void memscope_added_roots_mark(struct memscope_marking *mark);

/// Sees to it that regions which do not count are not searched: a copy forgets what they hold. False where that is not so of those that are parts of
/// blocks, which are searched.
bool memscope_ignored_roots_drop(const struct memscope_memory_map *map, struct memscope_range_list *excluded, bool is_copy);

/// Has a copy of some memory forget what stood in such regions.
/// @param place Where the memory was.
void memscope_ignored_roots_blank(char *copy, uintptr_t place, size_t bytes);

#pragma clang assume_nonnull end
#endif
