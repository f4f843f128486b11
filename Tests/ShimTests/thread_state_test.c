// Thread states: made on a thread's first event, retired when it ended, used again.
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

#include "Lifecycle/mapping.h"
#include "Lifecycle/state.h"
#include "Ring/ring.h"
#include "Shadow/shadow.h"
#include "check.h"
#include "ring_consumer.h"

enum { ROUNDS = 100, AT_ONCE = 30 };

static pthread_barrier_t all_there;
static uint64_t seen[ROUNDS * AT_ONCE + 2];

static void see(uint64_t word, uint64_t size) {
    (void)size;
    seen[leaf_index(word)]++;
}

static void *live(void *info) {
    struct memscope_thread *thread = memscope_thread_create();
    CHECK(thread != NULL && thread->retired == 0 && thread->depth == 0 && thread->latest_block == 0);
    CHECK(thread->pending_count == 0 && thread->context_word != 0);
    // Caches hold nothing of the thread that had this state before.
    for (int i = 0; i < MEMSCOPE_LEAF_CACHE; i++) CHECK(thread->leaf_cache[i].key == 0);
    for (int i = 0; i < MEMSCOPE_NODE_CACHE; i++) CHECK(thread->node_cache[i].hash == 0);
    thread->leaf_cache[17].key = 99;
    thread->node_cache[18].hash = 99;
    thread->dropped++;
    pthread_barrier_wait(&all_there);
    for (int i = 0; i < 3; i++) {
        CHECK(memscope_ring_reserve(thread, MEMSCOPE_RING_EVENT_WORDS, false));
        memscope_ring_mark(thread);
        memscope_ring_write(thread, (uint64_t)(uintptr_t)info << MEMSCOPE_LEAF_SHIFT);
    }
    return NULL;
}

static unsigned count_rings(void) {
    unsigned count = 0;
    for (struct memscope_ring *ring = memscope_rings; ring; ring = ring->next) count++;
    return count;
}

static void drain_and_sweep(void) {
    for (struct memscope_ring *ring = memscope_rings; ring; ring = ring->next) consume_ring(ring, UINT64_MAX, see);
    memscope_threads_sweep();
}

int main(void) {
    memscope_switch.epoch = 1;
    memscope_switch.on = MEMSCOPE_PAUSED;  // what this program itself allocates is none of the test's business
    CHECK(memscope_state_start() && memscope_shadow_start() && memscope_segment_pool_start(256));
    CHECK(memscope_thread_create() != NULL);
    pthread_barrier_init(&all_there, NULL, AT_ONCE);
    size_t resident = 0;
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t threads[AT_ONCE];
        for (int i = 0; i < AT_ONCE; i++)
            pthread_create(&threads[i], NULL, live, (void *)(uintptr_t)(round * AT_ONCE + i + 1));
        for (int i = 0; i < AT_ONCE; i++) pthread_join(threads[i], NULL);
        // A thread is gone for pthread_join a moment before it is gone for the kernel.
        usleep(2000);
        drain_and_sweep();
        if (round == 10) resident = memscope_mapped_resident();
    }
    usleep(20000);
    drain_and_sweep();
    CHECK(memscope_engine.thread_count == ROUNDS * AT_ONCE + 1);
    CHECK(count_rings() <= 2 * AT_ONCE + 1);
    memscope_segment_pool_trim();
    CHECK(memscope_mapped_resident() <= resident + (2 << 20));
    for (int i = 1; i <= ROUNDS * AT_ONCE; i++) CHECK(seen[i] == 3);
    uint32_t exited = 0;
    for (uint32_t i = 0; i < memscope_engine.thread_count; i++) exited += memscope_engine.threads[i].exited;
    CHECK(exited == ROUNDS * AT_ONCE);
    // Counters of threads that are gone stay in the sum.
    CHECK(memscope_threads_sum(offsetof(struct memscope_thread, dropped)) == ROUNDS * AT_ONCE);
    return CHECK_END();
}
