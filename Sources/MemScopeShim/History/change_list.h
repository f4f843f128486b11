// What changed for which leaves, packed: of most leaves nothing changes between two notes, and of the others little.
//
// A change is a row of numbers in LEB128 (seven bits a byte, lowest first, the top bit says that more follow):
//
//      2 · (leaf less that of the change before it) + 1 if bytes follow · allocations · frees [· allocated bytes · freed bytes]
//
// Bytes follow for leaves of mixed sizes. The leaves of a list ascend. Section 26 of a capture holds lists as they are.
#ifndef MEMSCOPE_CHANGE_LIST_H
#define MEMSCOPE_CHANGE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The most bytes that a change takes.
#define MEMSCOPE_CHANGE_BYTES 45

struct memscope_change {
    uint32_t leaf;
    bool has_bytes;
    uint64_t allocations, frees;
    /// Without `has_bytes` 0 and not stored.
    uint64_t allocated_bytes, freed_bytes;
};

/// Changes in the order of their leaves. `bytes` is null when there are none.
struct memscope_change_list {
    uint8_t *_Nullable bytes;
    size_t size;
    uint32_t count;
};

/// Where in a list is read or written.
struct memscope_change_place {
    uint8_t *_Nullable at;
    /// Of the change before.
    uint32_t leaf;
};

static inline uint8_t *memscope_number_put(uint8_t *at, uint64_t value) {
    for (; value > 127; value >>= 7) *at++ = (uint8_t)(value | 128);
    *at++ = (uint8_t)value;
    return at;
}

/// Appends a change, for which there is room. Its leaf must be above that of the change before.
static inline void memscope_change_put(struct memscope_change_place *place, const struct memscope_change *change) {
    uint8_t *at = memscope_number_put((uint8_t *)place->at, (uint64_t)(change->leaf - place->leaf) << 1 | change->has_bytes);
    at = memscope_number_put(at, change->allocations);
    at = memscope_number_put(at, change->frees);
    if (change->has_bytes) at = memscope_number_put(memscope_number_put(at, change->allocated_bytes), change->freed_bytes);
    place->at = at;
    place->leaf = change->leaf;
}

/// Reads the next change; the caller knows that there is one.
struct memscope_change memscope_change_get(struct memscope_change_place *place);

/// One of two lists on its way into their sum, with its next change in hand; the leaf of its end is above all others.
struct memscope_change_source {
    struct memscope_change_place place;
    uint32_t left;
    struct memscope_change change;
};

/// Two lists that become one, piece by piece. The lists stay as they are.
struct memscope_change_merger {
    struct memscope_change_source first, second;
    /// Where the sum ends so far, and how many changes it has.
    struct memscope_change_place place;
    uint32_t count;
};

/// Begins a sum in memory that has room for both lists.
void memscope_change_merge_begin(struct memscope_change_merger *merger, uint8_t *room, const struct memscope_change_list *first,
                                 const struct memscope_change_list *second);

/// Adds up to `limit` changes to the sum. False when it was whole before.
bool memscope_change_merge(struct memscope_change_merger *merger, uint32_t limit);

#pragma clang assume_nonnull end
#endif
