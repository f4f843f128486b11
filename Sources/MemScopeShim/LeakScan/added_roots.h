// Memory that the program named as a place of pointers, or as one whose pointers do not count.
#ifndef MEMSCOPE_ADDED_ROOTS_H
#define MEMSCOPE_ADDED_ROOTS_H

#include "mark.h"
#include "range_list.h"

#pragma clang assume_nonnull begin

/// Marks from all regions that were added. In a frozen copy; takes no lock.
void memscope_added_roots_mark(struct memscope_marking *mark);

/// Sees to it that regions which do not count are not searched: a copy forgets what they hold. False where that is not so of those that are parts of
/// blocks, which are searched.
bool memscope_ignored_roots_drop(const struct memscope_memory_map *map, struct memscope_range_list *excluded, bool is_copy);

/// Whether there are such regions.
bool memscope_ignored_roots_are_any(void);

/// Whether an address is in one.
bool memscope_ignored_roots_have(uintptr_t place);

#pragma clang assume_nonnull end
#endif
