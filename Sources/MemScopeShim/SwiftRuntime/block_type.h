// The type of a heap block as one word, cheap enough to ask at every free.
//
// A type word is a metadata address; for an error in its box, whose metadata is the same for all errors, it is the
// address of the error's own type with the lowest bit set.
#ifndef MEMSCOPE_BLOCK_TYPE_H
#define MEMSCOPE_BLOCK_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memscope_layout.h"
#include "metadata.h"

#pragma clang assume_nonnull begin

/// Finds out whether this process has a Swift runtime that we understand. Once, at start.
bool memscope_block_types_start(void);

/// What the function above found; unlike the switch's copy it is still there in a frozen copy of the process.
bool memscope_block_types_available(void);

/// Looks at a block that is about to be freed. If its leaf has no type yet, it gets this one. Returns 0 when the block
/// is of its leaf's type, or is not recognised; else its type word. A task's is never its leaf's: the end of each is news. A few ns; reads the block's first 24 bytes.
uint64_t memscope_block_type_at_free(uintptr_t block, struct memscope_leaf *leaf);

/// Whether a type word is that of tasks. 5 to 10 ns.
bool memscope_block_type_is_task(uint64_t type);

/// To be called for every allocation of MEMSCOPE_METADATA_POOL_SIZE bytes: the runtime may be about to leave its current
/// metadata pool for a new one, so the current one is noted. A few loads.
void memscope_block_note_allocation_of_pool_size(void);

/// The type word of a live block, 0 when it is not recognised. The block must be readable.
uint64_t memscope_block_type_live(uintptr_t block, uint64_t size);

/// Whether a block is an object that was deinitialised, and is there for unowned references only. The block must be readable.
bool memscope_block_is_dead(uintptr_t block, uint64_t size);

/// The full name of a type word, and its kind. Returns the length, 0 when it cannot be read.
size_t memscope_block_type_name(uint64_t type, char *buffer, size_t capacity, enum memscope_type_kind *kind);

#pragma clang assume_nonnull end
#endif
