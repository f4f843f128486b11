// The pool of segments and the rings made of them: bounded, waiting, dropping, and handed from thread to thread.
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "Interpose/record.h"
#include "Lifecycle/configuration.h"
#include "Lifecycle/state.h"
#include "Ring/ring.h"
#include "Shadow/shadow.h"
#include "check.h"
#include "ring_consumer.h"

enum { SEGMENTS = 64 };

static uint64_t next_expected;
static uint64_t sum_of_all;

static void expect_in_order(uint64_t word, uint64_t size) {
    (void)size;
    CHECK(leaf_index(word) == (uint32_t)(next_expected & MEMSCOPE_LEAF_INDEX_MASK));
    next_expected++;
}

static void add_up(uint64_t word, uint64_t size) {
    (void)size;
    sum_of_all += leaf_index(word);
}

static void write_record(struct memscope_thread *thread, uint64_t leaf) {
    CHECK(memscope_ring_reserve(thread, MEMSCOPE_RING_EVENT_WORDS, false));
    memscope_ring_mark(thread);
    memscope_ring_write(thread, leaf << MEMSCOPE_LEAF_SHIFT);
}

static void test_pool_is_bounded(void) {
    struct memscope_segment *taken[SEGMENTS + 1];
    for (int i = 0; i < SEGMENTS; i++) {
        taken[i] = memscope_segment_take(false);
        CHECK(taken[i] != NULL && taken[i]->published == 0 && taken[i]->next == NULL);
        for (int j = 0; j < i; j++) CHECK(taken[i] != taken[j]);
    }
    CHECK(memscope_segment_take(false) == NULL);
    for (int i = 0; i < SEGMENTS; i++) memscope_segment_give(taken[i]);
    // With a reserve to keep, a quarter stays.
    int got = 0;
    while ((taken[got] = memscope_segment_take(true))) got++;
    CHECK(got == SEGMENTS - SEGMENTS / 4);
    taken[got] = memscope_segment_take(false);
    CHECK(taken[got] != NULL);
    for (int i = 0; i <= got; i++) memscope_segment_give(taken[i]);
    memscope_segment_pool_trim();
    for (int i = 0; i < SEGMENTS; i++) {
        taken[i] = memscope_segment_take(false);
        CHECK(taken[i] != NULL && taken[i]->published == 0 && taken[i]->words[5000] == 0);
    }
    for (int i = 0; i < SEGMENTS; i++) memscope_segment_give(taken[i]);
}

static void test_a_ring_wraps_over_segments(void) {
    struct memscope_thread *thread = memscope_thread_create();
    CHECK(thread != NULL);
    next_expected = 0;
    // Event sizes vary so that segments end at every position.
    for (uint64_t i = 0; i < 400000; i++) {
        if (i % 7 == 0) __atomic_fetch_add(&memscope_switch.epoch, 1, __ATOMIC_SEQ_CST);
        if (i % 3 == 0) {
            CHECK(memscope_ring_reserve(thread, MEMSCOPE_RING_EVENT_WORDS, false));
            memscope_ring_mark(thread);
            memscope_ring_control(thread, MEMSCOPE_CONTROL_SIZE, i);
            memscope_ring_write(thread, (i & MEMSCOPE_LEAF_INDEX_MASK) << MEMSCOPE_LEAF_SHIFT);
        } else {
            write_record(thread, i & MEMSCOPE_LEAF_INDEX_MASK);
        }
        if (i % 50000 == 49999) consume_ring(&thread->ring, UINT64_MAX, expect_in_order);
    }
    consume_ring(&thread->ring, UINT64_MAX, expect_in_order);
    CHECK(next_expected == 400000);
    CHECK(thread->waits == 0);
}

static void *fill(void *info) {
    struct memscope_thread *thread = memscope_thread_create();
    uint64_t count = *(uint64_t *)info;
    for (uint64_t i = 1; i <= count; i++) write_record(thread, i);
    return thread;
}

static void test_full_rings_wait_and_are_woken(void) {
    // Three times what the pool holds.
    uint64_t count = (uint64_t)SEGMENTS * MEMSCOPE_SEGMENT_WORDS;
    pthread_t threads[3];
    sum_of_all = 0;
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, fill, &count);
    // Nothing is taken before all is full.
    for (struct memscope_segment *left; (left = memscope_segment_take(false)); usleep(1000)) memscope_segment_give(left);
    usleep(50000);
    uint64_t records = 0;
    while (records < 3 * count)
        for (struct memscope_ring *ring = __atomic_load_n(&memscope_rings, __ATOMIC_ACQUIRE); ring; ring = ring->next)
            records += consume_ring(ring, UINT64_MAX, add_up);
    uint64_t waits = 0;
    for (int i = 0; i < 3; i++) {
        void *thread;
        pthread_join(threads[i], &thread);
        waits += ((struct memscope_thread *)thread)->waits;
    }
    CHECK(records == 3 * count);
    CHECK(sum_of_all == 3 * (count * (count + 1) / 2));
    CHECK(waits > 0);
    memscope_threads_sweep();
}

static uint64_t live_seen[8];
static uint64_t frees_seen;

static void count_live(uint64_t word, uint64_t size) {
    (void)size;
    if ((word & 3) == MEMSCOPE_RECORD_ALLOCATION) live_seen[leaf_index(word)]++;
    else live_seen[leaf_index(word)]--, frees_seen++;
}

static uint32_t shadow_blocks;
static uint32_t count_block(void *info, uintptr_t address, uint64_t entry) {
    (void)info, (void)address, (void)entry;
    shadow_blocks++;
    return 0;
}

static void test_dropped_allocations_leave_no_trace(void) {
    memscope_configuration.drop = true;
    struct memscope_thread *thread = memscope_local.state;
    uint64_t dropped = thread->dropped;
    uintptr_t base = UINT64_C(0x500000000000);
    uint64_t count = 0;
    // Until the pool is down to its reserve; nobody drains.
    while (thread->dropped - dropped < 1000) {
        memscope_record_leaf(thread, base + 64 * count, 40, 5);
        count++;
    }
    uint64_t recorded = count - 1000;
    CHECK(recorded > (SEGMENTS - SEGMENTS / 4 - 4) * (MEMSCOPE_SEGMENT_WORDS - 8));
    CHECK(recorded < (uint64_t)SEGMENTS * MEMSCOPE_SEGMENT_WORDS);
    shadow_blocks = 0;
    memscope_shadow_visit(count_block, NULL);
    CHECK(shadow_blocks == recorded);
    // What is left of the pool is for frees: none of them is lost, those of dropped blocks are unknown.
    uint64_t unknown = thread->unknown_frees;
    uint64_t to_free = MEMSCOPE_SEGMENT_WORDS * (SEGMENTS / 8);
    for (uint64_t i = 0; i < to_free; i++) memscope_record_free(base + 64 * i);
    for (uint64_t i = count - 500; i < count; i++) memscope_record_free(base + 64 * i);
    CHECK(thread->unknown_frees - unknown == 500);
    CHECK(thread->waits == 0);
    consume_ring(&thread->ring, UINT64_MAX, count_live);
    CHECK(frees_seen == to_free);
    CHECK(live_seen[5] == recorded - to_free);
    for (uint64_t i = to_free; i < count; i++) memscope_record_free(base + 64 * i);
    consume_ring(&thread->ring, UINT64_MAX, count_live);
    CHECK(live_seen[5] == 0);
    memscope_configuration.drop = false;
}

// What was interrupted in a hook, and the handlers that interrupted it, one inside the other.
static void test_frees_in_handlers_wait_for_the_hook(void) {
    struct memscope_thread *thread = memscope_local.state;
    uintptr_t base = UINT64_C(0x510000000000);
    enum { BLOCKS = 2 * MEMSCOPE_PENDING_FREES };
    memset(live_seen, 0, sizeof live_seen);
    for (uintptr_t i = 0; i < BLOCKS; i++) memscope_record_leaf(thread, base + 64 * i, 40, 6);
    memscope_switch.on = MEMSCOPE_ON;
    struct memscope_thread *entered = memscope_hook_enter();
    CHECK(entered == thread);
    CHECK(memscope_hook_enter() == NULL);
    memscope_switch.on = MEMSCOPE_PAUSED;
    for (uintptr_t i = 0; i < BLOCKS; i++) memscope_record_free(base + 64 * i);
    consume_ring(&thread->ring, UINT64_MAX, count_live);
    CHECK(live_seen[6] == BLOCKS);
    memscope_hook_leave(thread);
    CHECK(thread->pending_count == 0 && thread->in_hook == 0);
    consume_ring(&thread->ring, UINT64_MAX, count_live);
    // Those for which there was no room keep their entries, and go when their place is used again.
    CHECK(live_seen[6] == BLOCKS - MEMSCOPE_PENDING_FREES);
    for (uintptr_t i = 0; i < BLOCKS; i++) memscope_record_leaf(thread, base + 64 * i, 40, 7);
    consume_ring(&thread->ring, UINT64_MAX, count_live);
    CHECK(live_seen[6] == 0 && live_seen[7] == BLOCKS);
    for (uintptr_t i = 0; i < BLOCKS; i++) memscope_record_free(base + 64 * i);
    consume_ring(&thread->ring, UINT64_MAX, count_live);
    CHECK(live_seen[7] == 0);
}

static void count_mixed(uint64_t word, uint64_t size) {
    live_seen[leaf_index(word)] += (word & 3) == MEMSCOPE_RECORD_ALLOCATION ? size : -size;
}

static void test_mixed_sizes_leave_no_size_behind(void) {
    struct memscope_thread *thread = memscope_local.state;
    uintptr_t base = UINT64_C(0x520000000000);
    memset(live_seen, 0, sizeof live_seen);
    uint32_t mixed = 3 | MEMSCOPE_LEAF_MIXED_BIT;
    memscope_record_leaf(thread, base, 1000, mixed);
    consume_ring(&thread->ring, UINT64_MAX, count_mixed);
    CHECK(live_seen[3] == 1000);
    // The block goes unseen; another of another leaf comes, then one where the size stood.
    memscope_record_leaf(thread, base, 40, 4);
    consume_ring(&thread->ring, UINT64_MAX, count_mixed);
    CHECK(live_seen[3] == 0);
    shadow_blocks = 0;
    memscope_shadow_visit(count_block, NULL);
    CHECK(shadow_blocks == 1);
    memscope_record_leaf(thread, base + 64, 77, mixed);
    uint64_t *size = memscope_shadow_find(base + 96);
    CHECK(size && *size == 77);
    memscope_record_leaf(thread, base + 96, 40, 4);  // where a size stands: no leaf, so no free
    live_seen[0] = 0;
    consume_ring(&thread->ring, UINT64_MAX, count_live);
    CHECK(live_seen[0] == 0);
}

int main(void) {
    memscope_switch.epoch = 1;
    memscope_switch.on = MEMSCOPE_PAUSED;  // what this program itself allocates is none of the test's business
    CHECK(memscope_state_start() && memscope_shadow_start() && memscope_segment_pool_start(SEGMENTS));
    test_pool_is_bounded();
    test_a_ring_wraps_over_segments();
    test_full_rings_wait_and_are_woken();
    test_dropped_allocations_leave_no_trace();
    test_frees_in_handlers_wait_for_the_hook();
    test_mixed_sizes_leave_no_size_behind();
    return CHECK_END();
}
