#define _GNU_SOURCE
#include "segment_pool.h"

#include <sys/mman.h>

#include "../Lifecycle/lock.h"
#include "../Lifecycle/mapping.h"

static memscope_lock lock;
static char *area;
static unsigned capacity;                    // how many may be in use: the pool's own, and one for each thread; atomic
static unsigned reserved;                    // how many the area has room for
static unsigned used;                        // segments ever taken from the area
static struct memscope_segment *free_list;   // linked through `next`
static struct memscope_segment *given_list;  // what came back since `free_list` was last empty; atomic
static unsigned free_count;                  // on both lists; atomic
static uint32_t given;                       // incremented at every give; what waiters wait on
static uint32_t waiters;

unsigned memscope_segments_waiting;

// Address space for the first segments of threads; under a limit the program needs it more than we do.
static unsigned first_segments(void) {
    uint64_t share = memscope_address_space() / 64 / MEMSCOPE_SEGMENT_BYTES;
    return share < MEMSCOPE_THREADS_AT_ONCE ? (unsigned)share : MEMSCOPE_THREADS_AT_ONCE;
}

bool memscope_segment_pool_start(unsigned segments) {
    if (area) return true;
    reserved = segments + first_segments();
    // One more, to align: a segment is found from an address inside it by masking.
    char *start = memscope_map((size_t)(reserved + 1) * MEMSCOPE_SEGMENT_BYTES);
    if (!start) return false;
    area = (char *)(((uintptr_t)start + MEMSCOPE_SEGMENT_BYTES - 1) & ~(uintptr_t)(MEMSCOPE_SEGMENT_BYTES - 1));
    capacity = segments;
    return true;
}

bool memscope_segment_pool_admit(void) {
    unsigned now = __atomic_load_n(&capacity, __ATOMIC_RELAXED);
    do if (now >= reserved) return false;
    while (!__atomic_compare_exchange_n(&capacity, &now, now + 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return true;
}

void memscope_segment_pool_dismiss(void) { __atomic_fetch_sub(&capacity, 1, __ATOMIC_RELAXED); }

struct memscope_segment *memscope_segment_take(bool keep_reserve) {
    struct memscope_segment *segment = NULL;
    memscope_lock_take(&lock);
    unsigned limit = __atomic_load_n(&capacity, __ATOMIC_RELAXED);
    unsigned in_use = used - __atomic_load_n(&free_count, __ATOMIC_RELAXED);
    if (in_use < limit && (!keep_reserve || limit - in_use > limit / 4)) {
        if (!free_list) free_list = __atomic_exchange_n(&given_list, NULL, __ATOMIC_ACQUIRE);
        if (free_list) {
            segment = free_list;
            free_list = segment->next;
            __atomic_fetch_sub(&free_count, 1, __ATOMIC_RELAXED);
        } else if (used < limit) {
            segment = (struct memscope_segment *)(area + (size_t)used++ * MEMSCOPE_SEGMENT_BYTES);
        }
    }
    memscope_lock_drop(&lock);
    if (segment) {
        segment->next = NULL;
        segment->published = segment->consumed = segment->closed = 0;
    }
    return segment;
}

// Without the lock: whoever holds it may be a thread of the program that a fatal signal stopped, and in a frozen copy of
// the process nobody is there to drop it. Only `take` removes, whole lists at once, so a node never comes back unseen.
static void push(struct memscope_segment *first, struct memscope_segment *last) {
    struct memscope_segment *head = __atomic_load_n(&given_list, __ATOMIC_RELAXED);
    do last->next = head;
    while (!__atomic_compare_exchange_n(&given_list, &head, first, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

void memscope_segment_give(struct memscope_segment *segment) {
    push(segment, segment);
    __atomic_fetch_add(&free_count, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&given, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&waiters, __ATOMIC_SEQ_CST)) memscope_futex_wake(&given, 1 << 30);
}

uint32_t memscope_segment_given(void) { return __atomic_load_n(&given, __ATOMIC_ACQUIRE); }

void memscope_segment_wait(uint32_t seen, unsigned milliseconds) {
    __atomic_fetch_add(&waiters, 1, __ATOMIC_SEQ_CST);
    memscope_futex_wait(&given, seen, milliseconds);
    __atomic_fetch_sub(&waiters, 1, __ATOMIC_RELAXED);
}

void memscope_segment_pool_trim(void) {
    // All but the first page, which holds the link. Nothing to do when none came back since the last time.
    static uint32_t trimmed;
    uint32_t now = __atomic_load_n(&given, __ATOMIC_RELAXED);
    if (now == trimmed) return;
    trimmed = now;
    // Taken off the lists, so that no lock is held over the system calls. A thread that finds nothing meanwhile waits as
    // if the pool were empty, and is woken below.
    struct memscope_segment *list = __atomic_exchange_n(&given_list, NULL, __ATOMIC_ACQUIRE), *last = list;
    while (last && last->next) last = last->next;
    if (memscope_lock_take_within(&lock, 0)) {
        if (last) last->next = free_list;
        else list = free_list;
        free_list = NULL;
        memscope_lock_drop(&lock);
    }
    for (struct memscope_segment *segment = list; segment; segment = segment->next) {
        madvise((char *)segment + 4096, MEMSCOPE_SEGMENT_BYTES - 4096, MADV_DONTNEED);
        last = segment;
    }
    if (list) push(list, last);
    if (__atomic_load_n(&waiters, __ATOMIC_SEQ_CST)) memscope_futex_wake(&given, 1 << 30);
}
