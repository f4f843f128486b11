// Stacks and code addresses as tables: what is interned once is found again, growing disturbs no
// reader, and a full table degrades as it says.
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>

#include "Lifecycle/mapping.h"
#include "Lifecycle/state.h"
#include "Lifecycle/switch.h"
#include "Ring/segment_pool.h"
#include "Shadow/shadow.h"
#include "Stack/intern.h"
#include "Stack/return_address.h"
#include "check.h"

// Puts a stack into the thread as a walk would: frames are numbers, outermost first.
static uint64_t walk(struct memscope_thread *thread, const uint32_t *frames, uint32_t depth) {
    uint64_t hash = 1469598103934665603u;
    uint32_t same = 0;
    while (same < depth && same < thread->depth && thread->states[same].address == frames[same]) same++;
    for (uint32_t i = 0; i < depth; i++) {
        hash = (hash ^ frames[i]) * 1099511628211u;
        hash ^= hash >> 29;
        if (i < same) continue;
        thread->states[i] = (struct memscope_frame_state){.hash = hash, .address = frames[i]};
    }
    thread->depth = depth;
    return hash;
}

static uint32_t leaf_of(struct memscope_thread *thread, const uint32_t *frames, uint32_t depth, uint64_t size) {
    uint64_t hash = walk(thread, frames, depth);
    return memscope_intern(thread, memscope_leaf_key(hash, size), size, 0, false);
}

static bool node_is(uint32_t node, const uint32_t *frames, uint32_t depth) {
    for (; depth > 0 && node != 0; node = memscope_engine.nodes[node].parent)
        if (memscope_engine.nodes[node].frame != frames[--depth]) return false;
    return depth == 0 && node == 0;
}

// More stacks than the table begins with room for.
enum { READERS = 3, STACKS = REPEATED(60000), ADDRESSES = 20000 };

static void make_stack(uint32_t *frames, uint32_t *depth, uint32_t number) {
    *depth = 3 + number % 5;
    frames[0] = 1, frames[1] = 2 + number % 10;
    for (uint32_t i = 2; i < *depth; i++) frames[i] = 100 + number / (i * i * 7);
    frames[*depth - 1] = 1000 + number;
}

static uint32_t leaves[STACKS];

static void *intern_all(void *unused) {
    struct memscope_thread *thread = memscope_thread_create();
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t n = 0; n < STACKS; n++) {
            uint32_t frames[8], depth;
            make_stack(frames, &depth, n);
            thread->in_hook = 1;
            uint32_t leaf = leaf_of(thread, frames, depth, 8 + n % 50);
            __atomic_store_n(&thread->in_hook, 0, __ATOMIC_RELEASE);
            uint32_t expected = 0;
            // Whoever interned it, all agree.
            if (!__atomic_compare_exchange_n(&leaves[n], &expected, leaf, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
                CHECK(expected == leaf);
        }
    }
    return unused;
}

static void test_growth_while_others_read(void) {
    pthread_t threads[READERS];
    uint32_t before = memscope_engine.leaf_count;
    for (int i = 0; i < READERS; i++) pthread_create(&threads[i], NULL, intern_all, NULL);
    for (int i = 0; i < 200; i++) memscope_intern_collect();
    for (int i = 0; i < READERS; i++) pthread_join(threads[i], NULL);
    memscope_intern_collect();
    CHECK(memscope_engine.leaf_count - before == STACKS);
    for (uint32_t n = 0; n < STACKS; n++) {
        uint32_t frames[8], depth;
        make_stack(frames, &depth, n);
        const struct memscope_leaf *leaf = &memscope_engine.leaves[leaves[n]];
        CHECK(leaf->size == 8 + n % 50 && leaf->flags == 0 && node_is(leaf->node, frames, depth));
    }
}

static void test_a_stack_of_many_sizes(struct memscope_thread *thread) {
    const uint32_t frames[] = {1, 2, 77777};
    uint32_t first[MEMSCOPE_SIZES_PER_STACK];
    for (uint32_t i = 0; i < MEMSCOPE_SIZES_PER_STACK; i++) {
        first[i] = leaf_of(thread, frames, 3, 64 + i);
        CHECK(!(first[i] & MEMSCOPE_LEAF_MIXED_BIT) && memscope_engine.leaves[first[i]].size == 64 + i);
    }
    // From here on by powers of two, each with bytes of its own.
    uint32_t mixed = leaf_of(thread, frames, 3, 600);
    CHECK(mixed & MEMSCOPE_LEAF_MIXED_BIT);
    CHECK(leaf_of(thread, frames, 3, 1024) == mixed && leaf_of(thread, frames, 3, 513) == mixed);
    uint32_t larger = leaf_of(thread, frames, 3, 1025);
    CHECK(larger != mixed && larger & MEMSCOPE_LEAF_MIXED_BIT);
    const struct memscope_leaf *leaf = &memscope_engine.leaves[mixed & MEMSCOPE_LEAF_INDEX_MASK];
    CHECK(leaf->size == 1024 && leaf->flags == MEMSCOPE_LEAF_MIXED);
    uint64_t totals = memscope_engine.totals[mixed & MEMSCOPE_LEAF_INDEX_MASK].size;
    uint64_t others = memscope_engine.totals[larger & MEMSCOPE_LEAF_INDEX_MASK].size;
    CHECK(totals & MEMSCOPE_TOTALS_MIXED && others & MEMSCOPE_TOTALS_MIXED && totals != others);
    // Sizes that were there stay, small ones have no room for an exact size and never mix.
    for (uint32_t i = 0; i < MEMSCOPE_SIZES_PER_STACK; i++) CHECK(leaf_of(thread, frames, 3, 64 + i) == first[i]);
    for (uint64_t size = 0; size < 64; size++) CHECK(!(leaf_of(thread, frames, 3, size) & MEMSCOPE_LEAF_MIXED_BIT));
}

static void add_bytes(void *sum, uintptr_t start, uintptr_t end) { *(size_t *)sum += end - start; }

static void test_full_tables(struct memscope_thread *thread) {
    struct memscope_engine *engine = &memscope_engine;
    engine->node_capacity = engine->node_count + 20;
    uint32_t frames[30];
    for (uint32_t i = 0; i < 30; i++) frames[i] = 500000 + i;
    uint32_t nodes = engine->node_count, leaf = leaf_of(thread, frames, 30, 16);
    CHECK(engine->node_count <= engine->node_capacity && leaf != 0 && engine->node_count >= nodes);
    engine->leaf_capacity = engine->leaf_count + 80;
    uint32_t small = 0, large = 0;
    for (uint32_t i = 0; i < 500; i++) {
        const uint32_t stack[] = {1, 600000 + i};
        small = leaf_of(thread, stack, 2, 24);
        large = leaf_of(thread, stack, 2, 1000 + i);
        CHECK(small != 0 && large != 0);
        CHECK((small & MEMSCOPE_LEAF_INDEX_MASK) < engine->leaf_capacity && engine->leaf_count <= engine->leaf_capacity);
    }
    // The last resort: one leaf for this size, and one of mixed sizes, so that bytes stay exact.
    const uint32_t stack[] = {1, 700000};
    CHECK(leaf_of(thread, stack, 2, 24) == small && engine->leaves[small].size == 24);
    CHECK(leaf_of(thread, stack, 2, 123456) == large && large & MEMSCOPE_LEAF_MIXED_BIT);
    CHECK(engine->leaves[large & MEMSCOPE_LEAF_INDEX_MASK].flags & MEMSCOPE_LEAF_TRUNCATED);
    uint32_t other = leaf_of(thread, stack, 2, 32);
    CHECK(other != small && engine->leaves[other].size == 32);
    // Stacks without a leaf of their own take no memory either.
    size_t before = 0, after = 0;
    memscope_mapped_visit(add_bytes, &before);
    for (uint32_t i = 0; i < 100000; i++) {
        const uint32_t many[] = {1, 800000 + i};
        CHECK(leaf_of(thread, many, 2, 24) == small);
    }
    memscope_mapped_visit(add_bytes, &after);
    CHECK(before > 0 && after == before);
}

static void *find_addresses(void *info) {
    static uint32_t indices[ADDRESSES];
    (void)info;
    for (uint64_t i = 0; i < ADDRESSES; i++) {
        memscope_unwind_rule rule;
        uint32_t index = memscope_address_find(UINT64_C(0x10000000000) + i * 12, &rule), expected = 0;
        CHECK(index != MEMSCOPE_ADDRESS_NONE && rule.bits != 0);
        CHECK(__atomic_load_n(&memscope_addresses[index].key, __ATOMIC_RELAXED) == UINT64_C(0x10000000000) + i * 12);
        if (!__atomic_compare_exchange_n(&indices[i], &expected, index, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            CHECK(expected == index);
    }
    return NULL;
}

static void test_addresses(void) {
    pthread_t threads[READERS];
    for (int i = 0; i < READERS; i++) pthread_create(&threads[i], NULL, find_addresses, NULL);
    for (int i = 0; i < READERS; i++) pthread_join(threads[i], NULL);
    // The middle third goes; what comes next there has slots of its own.
    uintptr_t start = UINT64_C(0x10000000000) + 4 * ADDRESSES + 4, end = UINT64_C(0x10000000000) + 8 * ADDRESSES;
    static uint32_t before[ADDRESSES];
    memscope_unwind_rule rule;
    for (uint64_t i = 0; i < ADDRESSES; i++) before[i] = memscope_address_find(UINT64_C(0x10000000000) + i * 12, &rule);
    memscope_addresses_retire(start, end, 5);
    for (uint64_t i = 0; i < ADDRESSES; i++) {
        uintptr_t address = UINT64_C(0x10000000000) + i * 12;
        bool gone = address >= start && address < end;
        CHECK((memscope_addresses[before[i]].key >> 48 == 5) == gone);
        CHECK((memscope_address_find(address, &rule) != before[i]) == gone);
    }
}

int main(void) {
    memscope_switch.epoch = 1;
    memscope_switch.on = MEMSCOPE_PAUSED;  // what this program itself allocates is none of the test's business
    CHECK(memscope_state_start() && memscope_shadow_start() && memscope_segment_pool_start(64));
    struct memscope_thread *thread = memscope_thread_create();
    test_growth_while_others_read();
    test_a_stack_of_many_sizes(thread);
    test_full_tables(thread);
    test_addresses();
    return CHECK_END();
}
