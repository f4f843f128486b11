#define _GNU_SOURCE
#include "lock.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void memscope_futex_wait(uint32_t *word, uint32_t expected, unsigned milliseconds) {
    int saved = errno;
    struct timespec limit = {.tv_sec = milliseconds / 1000, .tv_nsec = (long)(milliseconds % 1000) * 1000000};
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, &limit, NULL, 0);
    errno = saved;
}

void memscope_futex_wake(uint32_t *word, int count) {
    int saved = errno;
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
    errno = saved;
}

void memscope_lock_wait(memscope_lock *lock) {
    // Held for a few hundred nanoseconds as a rule: look again before sleeping.
    for (int i = 0; i < 64; i++) {
        uint32_t expected = 0;
        if (__atomic_compare_exchange_n(&lock->word, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return;
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }
    // The wait is bounded: in a child that copied a held lock nobody will wake us, and the switch is off there.
    while (__atomic_exchange_n(&lock->word, 2, __ATOMIC_ACQUIRE) != 0) memscope_futex_wait(&lock->word, 2, 100);
}

int memscope_lock_take_within(memscope_lock *lock, unsigned milliseconds) {
    for (unsigned waited = 0;; waited += 10) {
        uint32_t expected = 0;
        if (__atomic_compare_exchange_n(&lock->word, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return 1;
        if (waited >= milliseconds) return 0;
        memscope_futex_wait(&lock->word, expected, 10);
    }
}
