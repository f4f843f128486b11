// Which words of a block keep alive what they lead to. Of most all do, but:
//
//   a weak reference's side table    its first word leads to the object, whose second word leads back to it
//   a spent dispatch continuation    libdispatch keeps some for each thread, as they were; only the list itself counts
//   a task's slab                    behind the frames that are in use lies what is left of others
#ifndef MEMSCOPE_COUNTED_WORDS_H
#define MEMSCOPE_COUNTED_WORDS_H

#include "../SwiftRuntime/metadata.h"
#include "pointer_word.h"

#pragma clang assume_nonnull begin

/// The words of a block that count: from one offset up to another. A weak reference may stand before, nothing behind.
struct memscope_counted_words { uint64_t from, to; };

enum { MEMSCOPE_CONTINUATION_BYTES = 64, MEMSCOPE_CONTINUATION_NEXT = 0x10, MEMSCOPE_CONTINUATION_CONSUMED = 4 };

/// Finds out by which functions libdispatch runs tasks, from continuations in lists that have a task which is in no queue for their
/// argument: none of a program's own lists has. Once in a frozen copy, after the index is made.
void memscope_counted_words_learn(const struct memscope_block_index *index);

/// Whether a block of 64 bytes that begins like one is a continuation that libdispatch keeps for the next one. They are told by those
/// functions, by their list, and by their argument. The block must be readable.
bool memscope_block_is_spent_continuation(const struct memscope_block_index *index, const struct memscope_block *block);

/// Whether a block of 64 bytes is worth a closer look: it has few flags, one of which says that it is to be used again.
static inline bool memscope_block_may_be_continuation(uintptr_t block) {
    uint64_t flags = *(const volatile uint64_t *)block;
    return flags < 0x1000 && (flags & MEMSCOPE_CONTINUATION_CONSUMED);
}

/// The slab that a block is, or that a task's object ends with; 0 for any other block. The block must be readable.
uintptr_t memscope_slab_in(uintptr_t block, uint64_t size);

/// The bytes of a slab that frames lie in, its header included; `size` if it is no slab as expected. The block must be readable.
uint64_t memscope_slab_used_bytes(uintptr_t slab, uint64_t size);

/// What counts of a block. Only where the types of blocks are understood; reads the block, and what it seems to lead to.
__attribute__((always_inline)) static inline struct memscope_counted_words memscope_counted_words_of(
    const struct memscope_block_index *index, const struct memscope_block *block) {
    uint64_t size = memscope_block_size(block);
    struct memscope_counted_words all = {.from = 0, .to = size};
    if (size < 16) return all;
    uint64_t first = *(const volatile uint64_t *)block->address;
    if (size > MEMSCOPE_CONTINUATION_BYTES) {
        if (memscope_metadata_is_task_slab(first)) all.to = memscope_slab_used_bytes(block->address, size);
    } else if (memscope_block_is_side_table(index, block)) {
        all.from = 8;
    } else if (size == MEMSCOPE_CONTINUATION_BYTES && memscope_block_may_be_continuation(block->address) &&
               memscope_block_is_spent_continuation(index, block)) {
        all = (struct memscope_counted_words){.from = MEMSCOPE_CONTINUATION_NEXT, .to = MEMSCOPE_CONTINUATION_NEXT + 8};
    }
    return all;
}

#pragma clang assume_nonnull end
#endif
