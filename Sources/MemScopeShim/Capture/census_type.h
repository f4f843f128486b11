// The type of a live block as one word, whatever made the block: the types that a capture knows.
//
// A type word is that of block_type.h for what Swift allocates, else one of those below. They cannot be mistaken for each
// other: metadata and vtables are aligned.
#ifndef MEMSCOPE_CENSUS_TYPE_H
#define MEMSCOPE_CENSUS_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../SwiftRuntime/metadata.h"

#pragma clang assume_nonnull begin

/// In a type word: the rest is the address of a C++ vtable.
#define MEMSCOPE_TYPE_WORD_CXX UINT64_C(2)
/// The type word of the side tables of Swift objects.
#define MEMSCOPE_TYPE_WORD_SIDE_TABLE UINT64_C(4)
/// The type word of blocks that the Swift runtime carves metadata from.
#define MEMSCOPE_TYPE_WORD_METADATA UINT64_C(12)

/// What a block holds, 0 when it is not recognised. Only in a frozen copy, with the block readable and
/// faults guarded: what a raw block's first word leads to may not be there.
uint64_t memscope_census_type(uintptr_t block, uint64_t size);

/// Whether blocks of this type say nothing when they are freed, so that their frees must be told by their site.
static inline bool memscope_census_is_unseen_at_free(uint64_t type) { return (type & 6) != 0; }

/// The name of a type word, and its kind; that of a C++ class is mangled. Returns the length, 0 when it cannot be read.
size_t memscope_census_type_name(uint64_t type, char *buffer, size_t capacity, enum memscope_type_kind *kind);

#pragma clang assume_nonnull end
#endif
