// Blocks that the program said are no leaks: one by one, by scope, or by where they were allocated (Attribution/attribution.c).
#ifndef MEMSCOPE_IGNORED_H
#define MEMSCOPE_IGNORED_H

#include <stdbool.h>
#include <stdint.h>

#include "mark.h"

#pragma clang assume_nonnull begin

/// Finds out which scopes are ignored. In a frozen copy, before memscope_is_ignored. False when there is no memory for it.
bool memscope_ignored_prepare(void);

/// Whether the block of this entry is ignored.
bool memscope_is_ignored(uint64_t entry);

/// Marks the ignored blocks that no root leads to, and what they lead to. After memscope_roots_mark.
void memscope_ignored_mark(struct memscope_marking *mark);

#pragma clang assume_nonnull end
#endif
