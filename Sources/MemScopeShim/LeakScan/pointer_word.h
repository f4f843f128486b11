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

/// Whether a word is worth a closer look: it may lead to [low, low + span), or to a side table.
static inline unsigned memscope_pointer_is_candidate(uint64_t word, uintptr_t low, uintptr_t span) {
    return (unsigned)(memscope_pointer_untagged(word) - low < span) | (unsigned)memscope_pointer_is_side_table(word);
}

/// The same of any of four words: most are no pointers, and one branch tells. They must lie in one page, or together be readable.
static inline bool memscope_pointer_any_candidate(const uint64_t words[_Nonnull 4], uintptr_t low, uintptr_t span) {
    return memscope_pointer_is_candidate(words[0], low, span) | memscope_pointer_is_candidate(words[1], low, span) |
           memscope_pointer_is_candidate(words[2], low, span) | memscope_pointer_is_candidate(words[3], low, span);
}

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
