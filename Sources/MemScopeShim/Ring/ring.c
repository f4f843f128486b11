#include "ring.h"

#include "../Lifecycle/drain_thread.h"
#include "segment_pool.h"

bool memscope_ring_refill(struct memscope_thread *thread, unsigned words, bool may_drop) {
    struct memscope_segment *fresh = memscope_segment_take(may_drop);
    if (!fresh && may_drop) {
        memscope_drain_wake();
        return false;
    }
    while (!fresh) {
        uint32_t given = memscope_segment_given();
        thread->waits++;
        memscope_drain_wake();
        // A child that was copied just now would wait for ever: nobody drains there. Its switch reads 0.
        if (__atomic_load_n(&memscope_switch.on, __ATOMIC_RELAXED) == 0) return false;
        fresh = memscope_segment_take(false);
        if (!fresh) memscope_segment_wait(given, 20);
    }
    struct memscope_segment *full = thread->segment;
    if (full) {
        if (thread->cursor < MEMSCOPE_SEGMENT_WORDS) {
            full->words[thread->cursor] = ((uint64_t)MEMSCOPE_CONTROL_SKIP << MEMSCOPE_BIRTH_SHIFT) |
                                          MEMSCOPE_RECORD_CONTROL;
            __atomic_store_n(&full->published, ++thread->cursor, __ATOMIC_RELEASE);
        }
        __atomic_store_n(&full->next, fresh, __ATOMIC_RELEASE);
        __atomic_store_n(&full->closed, 1, __ATOMIC_RELEASE);
        if (__atomic_add_fetch(&memscope_segments_waiting, 1, __ATOMIC_RELAXED) >= MEMSCOPE_DRAIN_SEGMENTS)
            memscope_drain_wake();
    } else {
        __atomic_store_n(&thread->ring.consumer, fresh, __ATOMIC_RELEASE);
    }
    thread->segment = fresh;
    thread->cursor = 0;
    return words <= MEMSCOPE_SEGMENT_WORDS;
}
