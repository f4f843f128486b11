// The engine's side of the rings, as small as it can be: every record is handed to a function of the test.
#ifndef MEMSCOPE_TESTS_RING_CONSUMER_H
#define MEMSCOPE_TESTS_RING_CONSUMER_H

#include "Ring/segment_pool.h"
#include "Ring/thread.h"

/// Takes what a ring holds up to the first mark of `epoch` or later. `see` gets the record and the exact size that
/// stood before it, 0 without one. Returns how many records there were.
static inline uint64_t consume_ring(struct memscope_ring *ring, uint64_t epoch, void (*see)(uint64_t word, uint64_t size)) {
    uint64_t records = 0;
    for (;;) {
        struct memscope_segment *segment = memscope_load_segment(&ring->consumer);
        if (!segment) return records;
        bool closed = memscope_load_acquire(&segment->closed);
        uint32_t published = memscope_load_acquire(&segment->published);
        while (segment->consumed < published) {
            uint64_t word = segment->words[segment->consumed];
            if ((word & 3) != MEMSCOPE_RECORD_CONTROL) {
                if (see) see(word, ring->pending_size);
                ring->pending_size = 0;
                records++;
                segment->consumed++;
                continue;
            }
            uint64_t control = word >> MEMSCOPE_BIRTH_SHIFT & 0xff, raw;
            if (control == MEMSCOPE_CONTROL_SKIP) {
                segment->consumed = published;
                break;
            }
            raw = segment->words[segment->consumed + 1];
            if (control == MEMSCOPE_CONTROL_EPOCH && raw >= epoch) return records;
            if (control == MEMSCOPE_CONTROL_SIZE) ring->pending_size = raw;
            segment->consumed += 2;
        }
        struct memscope_segment *next = closed ? memscope_load_segment(&segment->next) : NULL;
        if (!next) return records;
        ring->consumer = next;
        memscope_segment_give(segment);
    }
}

/// The leaf's index of a record or an entry.
static inline uint32_t leaf_index(uint64_t word) {
    return (uint32_t)(word >> MEMSCOPE_LEAF_SHIFT) & MEMSCOPE_LEAF_INDEX_MASK;
}

#endif
