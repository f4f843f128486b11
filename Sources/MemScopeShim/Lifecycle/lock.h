// A lock of our own for bounded work: no allocation, no foreign call, only futex when contended.
#ifndef MEMSCOPE_LOCK_H
#define MEMSCOPE_LOCK_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// 0 free, 1 held, 2 held with waiters.
typedef struct { uint32_t word; } memscope_lock;

/// Waits until `*word` is no longer `expected`, at most `milliseconds`. errno is kept.
void memscope_futex_wait(uint32_t *word, uint32_t expected, unsigned milliseconds);

/// Wakes at most `count` waiters of `word`. errno is kept.
void memscope_futex_wake(uint32_t *word, int count);

/// Slow paths of the two functions below.
void memscope_lock_wait(memscope_lock *lock);

/// Takes the lock. Not recursive; never call from a signal handler that could have interrupted a holder.
static inline void memscope_lock_take(memscope_lock *lock) {
    uint32_t expected = 0;
    if (!__atomic_compare_exchange_n(&lock->word, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        memscope_lock_wait(lock);
}

/// Takes the lock unless that would last longer than `milliseconds`; for callers that may have interrupted a holder.
int memscope_lock_take_within(memscope_lock *lock, unsigned milliseconds);

/// Gives the lock back.
static inline void memscope_lock_drop(memscope_lock *lock) {
    if (__atomic_exchange_n(&lock->word, 0, __ATOMIC_RELEASE) == 2) memscope_futex_wake(&lock->word, 1);
}

#pragma clang assume_nonnull end
#endif
