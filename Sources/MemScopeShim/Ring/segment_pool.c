#define _GNU_SOURCE
#include "segment_pool.h"

#include <sys/mman.h>

#include "../Lifecycle/lock.h"
#include "../Lifecycle/mapping.h"

static memscope_lock lock;
static char *area;
static unsigned capacity;
static unsigned used;                        // segments ever taken from the area
static struct memscope_segment *free_list;   // linked through `next`
static unsigned free_count;                  // on the list
static uint32_t given;                       // incremented at every give; what waiters wait on
static uint32_t waiters;

unsigned memscope_segments_waiting;

bool memscope_segment_pool_start(unsigned segments) {
    if (area) return true;
    // One more, to align: a segment is found from an address inside it by masking.
    char *start = memscope_map((size_t)(segments + 1) * MEMSCOPE_SEGMENT_BYTES);
    if (!start) return false;
    area = (char *)(((uintptr_t)start + MEMSCOPE_SEGMENT_BYTES - 1) & ~(uintptr_t)(MEMSCOPE_SEGMENT_BYTES - 1));
    capacity = segments;
    return true;
}

struct memscope_segment *memscope_segment_take(bool keep_reserve) {
    struct memscope_segment *segment = NULL;
    memscope_lock_take(&lock);
    unsigned available = free_count + capacity - used;
    if (!keep_reserve || available > capacity / 4) {
        if (free_list) {
            segment = free_list;
            free_list = segment->next;
            free_count--;
        } else if (used < capacity) {
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

void memscope_segment_give(struct memscope_segment *segment) {
    memscope_lock_take(&lock);
    segment->next = free_list;
    free_list = segment;
    free_count++;
    memscope_lock_drop(&lock);
    __atomic_fetch_add(&given, 1, __ATOMIC_RELEASE);
    if (__atomic_load_n(&waiters, __ATOMIC_RELAXED)) memscope_futex_wake(&given, 1 << 30);
}

void memscope_segment_wait(unsigned milliseconds) {
    uint32_t seen = __atomic_load_n(&given, __ATOMIC_ACQUIRE);
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
    memscope_lock_take(&lock);
    for (struct memscope_segment *segment = free_list; segment; segment = segment->next)
        madvise((char *)segment + 4096, MEMSCOPE_SEGMENT_BYTES - 4096, MADV_DONTNEED);
    memscope_lock_drop(&lock);
}
