// Threads that hand blocks over through the real hooks, and a consumer that looks at every cut: no leaf ever shows more
// frees than allocations, and in the end all figures are exact.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "Lifecycle/switch.h"
#include "check.h"
#include "memscope_shim.h"
#include "ring_consumer.h"

enum { WORKERS = 4, SLOTS = 64, ROUNDS = 400000, LEAVES = 1 << 16, SIZES = 6 };

static int64_t allocated[LEAVES], freed[LEAVES];
static uint64_t cuts, cuts_with_news;
static void *slots[SLOTS];

static void see(uint64_t word, uint64_t size) {
    (void)size;
    uint32_t leaf = leaf_index(word);
    if (leaf == 0 || leaf >= LEAVES) abort();
    if ((word & 3) == MEMSCOPE_RECORD_ALLOCATION) allocated[leaf]++;
    else freed[leaf]++;
}

// Stands in for the engine, on the drain thread, every round.
void memscope_engine_drain(struct memscope_engine *engine, struct memscope_ring *rings, uint64_t epoch) {
    uint64_t news = 0;
    for (struct memscope_ring *ring = rings; ring; ring = ring->next) {
        uint64_t records = consume_ring(ring, epoch, see);
        news += records;
    }
    cuts++;
    __atomic_store_n(&cuts_with_news, cuts_with_news + (news != 0), __ATOMIC_RELAXED);
    if (!news) return;
    uint32_t count = engine->leaf_count;
    for (uint32_t leaf = 1; leaf < count; leaf++)
        if (freed[leaf] > allocated[leaf]) {
            fprintf(stderr, "cut %lu: leaf %u has %ld frees of %ld\n", (unsigned long)cuts, leaf, (long)freed[leaf],
                    (long)allocated[leaf]);
            abort();
        }
}

static void *work(void *info) {
    unsigned random = (unsigned)(size_t)info * 7919;
    // On, too, until there were cuts enough to look at, however rarely the drain thread gets a processor.
    for (int i = 0; i < ROUNDS || (__atomic_load_n(&cuts_with_news, __ATOMIC_RELAXED) <= 50 && i < 200 * ROUNDS); i++) {
        random = random * 1103515245 + 12345;
        // Few slots and few sizes: a block is freed elsewhere at once, its address used again at once.
        size_t size = 24 + (random >> 16) % SIZES * 16;
        void *block = (random >> 8) % 4 ? malloc(size) : calloc(1, size);
        block = __atomic_exchange_n(&slots[(random >> 20) % SLOTS], block, __ATOMIC_ACQ_REL);
        if ((random >> 12) % 4 == 0) block = realloc(block, size + 16);
        free(block);
    }
    return NULL;
}

int main(void) {
    enum memscope_status status = memscope_start(NULL);
    CHECK(status == MEMSCOPE_OK);
    pthread_t threads[WORKERS];
    for (int i = 0; i < WORKERS; i++) pthread_create(&threads[i], NULL, work, (void *)(size_t)(i + 1));
    // Rounds as often as can be: the drain thread is woken all the time.
    uint64_t before = 0;
    for (int i = 0; i < WORKERS; i++) {
        while (pthread_tryjoin_np(threads[i], NULL) != 0) {
            memscope_mark("round", 5);
            before++;
        }
    }
    for (int i = 0; i < SLOTS; i++) free(slots[i]);
    memscope_mark("end", 3);
    // Of the sizes that the workers use, everything is gone; nobody else allocated meanwhile.
    memscope_stop();
    const struct memscope_engine *engine = memscope_engine_state();
    uint64_t total = 0;
    for (uint32_t leaf = 1; leaf < engine->leaf_count; leaf++) {
        uint64_t size = engine->leaves[leaf].size;
        if (size < 24 || size > 24 + SIZES * 16 || (size - 24) % 16 != 0) continue;
        if (allocated[leaf] < 100) continue;  // pthread's and stdio's own
        total += (uint64_t)allocated[leaf];
        CHECK(allocated[leaf] == freed[leaf]);
    }
    CHECK(total >= (uint64_t)WORKERS * ROUNDS);
    CHECK(cuts_with_news > 50 && before > 0);
    return CHECK_END();
}
