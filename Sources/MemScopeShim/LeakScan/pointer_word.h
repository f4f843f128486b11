// What a word in memory may point to.
//
// Pointers carry tags: Swift's enums use the top byte and the three low bits, other programs the low bits. An object's second
// word, when it has a side table, is that table's address shifted right by three with the two top bits set.
#ifndef MEMSCOPE_POINTER_WORD_H
#define MEMSCOPE_POINTER_WORD_H

#include <stdbool.h>
#include <stdint.h>

#include "block_index.h"

#pragma clang assume_nonnull begin

/// A word wherever it stands.
struct __attribute__((packed)) memscope_unaligned_word { uint64_t word; };

/// The address in a word that may carry tags.
static inline uintptr_t memscope_pointer_untagged(uint64_t word) { return word & UINT64_C(0x00fffffffffffff8); }

/// Whether the word is the second one of an object with a side table.
static inline bool memscope_pointer_is_side_table(uint64_t word) { return word >> 62 == 3; }

/// The address of that side table.
static inline uintptr_t memscope_pointer_side_table(uint64_t word) { return word << 3; }

/// Whether the block is a side table, whose first word leads to its object and keeps nothing alive: the object's second
/// word leads back to it. The block must be readable; the object's block is found by the index.
__attribute__((always_inline)) static inline bool memscope_block_is_side_table(const struct memscope_block_index *index,
                                                                               const struct memscope_block *block) {
    uint64_t size = memscope_block_size(block);
    if (size < 16 || size > 64) return false;
    uint64_t object = *(const volatile uint64_t *)block->address;
    if ((object & 7) != 0 || object - index->low >= index->high - index->low) return false;
    uint32_t found = memscope_block_at(index, object);
    if (found == MEMSCOPE_NO_BLOCK || index->blocks[found].address != object || memscope_block_size(&index->blocks[found]) < 16)
        return false;
    uint64_t counts = ((const volatile uint64_t *)object)[1];
    return memscope_pointer_is_side_table(counts) && memscope_pointer_side_table(counts) == block->address;
}

#pragma clang assume_nonnull end
#endif
