// Memory that the program named as a place of pointers.
#ifndef MEMSCOPE_ADDED_ROOTS_H
#define MEMSCOPE_ADDED_ROOTS_H

#include "mark.h"

#pragma clang assume_nonnull begin

/// Marks from all regions that were added. In a frozen copy; takes no lock.
void memscope_added_roots_mark(struct memscope_marking *mark);

#pragma clang assume_nonnull end
#endif
