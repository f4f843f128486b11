// The writing end of a thread's ring. Only the thread itself may call these, inside a hook.
#ifndef MEMSCOPE_RING_H
#define MEMSCOPE_RING_H

#include "../Lifecycle/switch.h"
#include "thread.h"

#pragma clang assume_nonnull begin

/// Makes room for `words` words in one segment, taking another segment from the pool if need be. With `may_drop` the
/// caller would rather lose the event than wait (the counted-drop option); returns false then. Without it waits until
/// the engine has drained (futex, re-reading the switch); returns false only when tracking was turned off meanwhile.
bool memscope_ring_refill(struct memscope_thread *thread, unsigned words, bool may_drop);

/// Whether `words` words can be written, after making room if need be.
static inline bool memscope_ring_reserve(struct memscope_thread *thread, unsigned words, bool may_drop) {
    if (__builtin_expect(thread->cursor + words <= MEMSCOPE_SEGMENT_WORDS, 1)) return true;
    return memscope_ring_refill(thread, words, may_drop);
}

/// Writes and publishes one record. Room must have been reserved.
static inline void memscope_ring_write(struct memscope_thread *thread, uint64_t word) {
    struct memscope_segment *segment = thread->segment;
    // The engine's processor has the lines of a segment that was used before: ask for them in time.
    __builtin_prefetch(&segment->words[thread->cursor + 32], 1, 3);
    segment->words[thread->cursor] = word;
    __atomic_store_n(&segment->published, ++thread->cursor, __ATOMIC_RELEASE);
}

/// Writes a record and its raw word, published together. Room for two words must have been reserved.
static inline void memscope_ring_pair(struct memscope_thread *thread, uint64_t word, uint64_t raw) {
    struct memscope_segment *segment = thread->segment;
    segment->words[thread->cursor] = word;
    segment->words[thread->cursor + 1] = raw;
    thread->cursor += 2;
    __atomic_store_n(&segment->published, thread->cursor, __ATOMIC_RELEASE);
}

/// Writes a control record and its raw word; as above.
static inline void memscope_ring_control(struct memscope_thread *thread, enum memscope_control control, uint64_t raw) {
    memscope_ring_pair(thread, ((uint64_t)control << MEMSCOPE_BIRTH_SHIFT) | MEMSCOPE_RECORD_CONTROL, raw);
}

/// Words that one event can need: epoch mark, end in the retain ledger, size, note, record.
#define MEMSCOPE_RING_EVENT_WORDS 9

/// Writes a mark when the engine has begun a new epoch since this thread's last event.
static inline void memscope_ring_mark(struct memscope_thread *thread) {
    uint64_t epoch = __atomic_load_n(&memscope_switch.epoch, __ATOMIC_ACQUIRE);
    if (__builtin_expect(epoch != thread->epoch, 0)) {
        thread->epoch = epoch;
        memscope_ring_control(thread, MEMSCOPE_CONTROL_EPOCH, epoch);
    }
}

/// Tells the engine something that belongs to no event. Inside a hook; waits for room if need be.
static inline void memscope_ring_note(struct memscope_thread *thread, enum memscope_control control, uint64_t raw) {
    if (!memscope_ring_reserve(thread, MEMSCOPE_RING_EVENT_WORDS, false)) return;
    memscope_ring_mark(thread);
    memscope_ring_control(thread, control, raw);
}

#pragma clang assume_nonnull end
#endif
