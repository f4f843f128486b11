#define _GNU_SOURCE
#include "intern.h"

#include <linux/membarrier.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../Custody/code_module.h"
#include "../Lifecycle/lock.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"

// Blocks from this size on have room in the shadow for their exact size.
enum { MIXED_FROM = 64 };

struct slot { uint64_t key; uint64_t leaf; };
struct table {
    uint64_t mask;
    uint64_t bytes;
    struct table *retired;
    uint64_t retired_round;
    struct slot slots[];
};

// The lock guards appending to leaves, nodes and tables. Readers of the current table take nothing.
static memscope_lock lock;
static struct table *current;
static uint64_t used;
static struct table *retired_tables;

// How many sizes a stack has so far, by the stack's hash. A small table in which a newcomer takes the place of another:
// that one's count begins anew, so it may get more leaves than it needs, never wrong ones.
enum { SIZE_COUNTS = 1 << 14 };
static struct { uint32_t tag, count; } size_counts[SIZE_COUNTS];

static bool has_many_sizes(uint64_t hash) {
    uint32_t tag = (uint32_t)(hash >> 32), i = (uint32_t)hash % SIZE_COUNTS;
    if (size_counts[i].tag != tag) {
        size_counts[i].tag = tag;
        size_counts[i].count = 0;
    }
    return size_counts[i].count++ >= MEMSCOPE_SIZES_PER_STACK;
}

static struct table *map_table(uint64_t slots) {
    uint64_t bytes = sizeof(struct table) + slots * sizeof(struct slot);
    struct table *table = memscope_map(bytes);
    if (!table) return NULL;
    // A large table is about to be filled from end to end, at random.
    if (bytes >= (uint64_t)4 << 20) madvise(table, bytes, MADV_HUGEPAGE);
    table->mask = slots - 1;
    table->bytes = bytes;
    return table;
}

bool memscope_intern_start(void) {
    current = map_table(1 << 14);
    return current != NULL;
}

void memscope_intern_prefetch(uint64_t key) {
    const struct table *table = __atomic_load_n(&current, __ATOMIC_ACQUIRE);
    __builtin_prefetch(&table->slots[key >> 1 & table->mask]);
}

static uint32_t find(const struct table *table, uint64_t key) {
    for (uint64_t i = key >> 1 & table->mask;; i = (i + 1) & table->mask) {
        const struct slot *slot = &table->slots[i];
        uint64_t seen = __atomic_load_n(&slot->key, __ATOMIC_ACQUIRE);
        if (seen == key) return (uint32_t)slot->leaf;
        if (seen == 0) return 0;
    }
}

static void insert(struct table *table, uint64_t key, uint64_t leaf) {
    uint64_t i = key >> 1 & table->mask;
    while (table->slots[i].key) i = (i + 1) & table->mask;
    table->slots[i].leaf = leaf;
    __atomic_store_n(&table->slots[i].key, key, __ATOMIC_RELEASE);
}

static void grow(void) {
    struct table *old = current, *fresh = map_table((old->mask + 1) * 2);
    if (!fresh) return;  // fuller than we like; `store` stops before it is full
    for (uint64_t i = 0; i <= old->mask; i++)
        if (old->slots[i].key) insert(fresh, old->slots[i].key, old->slots[i].leaf);
    __atomic_store_n(&current, fresh, __ATOMIC_RELEASE);
    old->retired = retired_tables;
    old->retired_round = 0;
    __atomic_store_n(&retired_tables, old, __ATOMIC_RELEASE);
}

static void store(uint64_t key, uint64_t leaf) {
    // Of stacks that found no leaf of their own as many are kept as there is room for in a table for the leaves; others are
    // looked up under the lock whenever they come.
    uint64_t most = (uint64_t)memscope_engine.leaf_capacity * 5 / 4;
    if (used >= most) return;
    if (used * 8 > (current->mask + 1) * 5) grow();
    if (used >= current->mask) return;
    used++;
    insert(current, key, leaf);
}

// The nodes of all frames of the thread's stack. Those of the frames outside the first unknown one are known; a small
// cache of the thread's own finds most of the others by the hash of the stack down to them.
static uint32_t append_nodes(struct memscope_thread *thread, uint32_t root_node) {
    struct memscope_engine *engine = &memscope_engine;
    struct memscope_frame_state *states = thread->states;
    uint32_t depth = thread->depth, known = depth;
    while (known > 0 && states[known - 1].node == 0) {
        struct memscope_node_cache_entry *cached = &thread->node_cache[states[known - 1].hash % MEMSCOPE_NODE_CACHE];
        if (cached->hash == states[known - 1].hash) {
            states[known - 1].node = (uint32_t)cached->node;
            break;
        }
        known--;
    }
    uint32_t parent = known ? states[known - 1].node : root_node;
    uint32_t count = engine->node_count;
    if (depth - known > engine->node_capacity - count) return parent;  // full: the stack ends early
    for (uint32_t i = known; i < depth; i++) {
        engine->nodes[count] = (struct memscope_node){.parent = parent, .frame = states[i].address};
        parent = states[i].node = count++;
        struct memscope_node_cache_entry *cached = &thread->node_cache[states[i].hash % MEMSCOPE_NODE_CACHE];
        cached->hash = states[i].hash;
        cached->node = parent;
    }
    __atomic_store_n(&engine->node_count, count, __ATOMIC_RELEASE);
    return parent;
}

static uint32_t append_leaf(uint32_t node, uint64_t size, uint32_t flags) {
    struct memscope_engine *engine = &memscope_engine;
    uint32_t leaf = engine->leaf_count;
    // The last places are for what finds no other: one per size below 64, and one of mixed sizes.
    static uint32_t last_resort[MIXED_FROM + 1];
    bool is_full = leaf + MIXED_FROM + 1 >= engine->leaf_capacity ||
                   (flags & MEMSCOPE_LEAF_MIXED && engine->mixed_count + 1 >= engine->mixed_capacity);
    uint32_t *resort = &last_resort[size < MIXED_FROM ? size : MIXED_FROM];
    if (is_full) {
        if (*resort) return *resort;
        node = 0;
        flags = MEMSCOPE_LEAF_TRUNCATED | (size < MIXED_FROM ? 0 : MEMSCOPE_LEAF_MIXED) |
                (memscope_address_modules ? MEMSCOPE_LEAF_UNPLACED : 0);
        if (size >= MIXED_FROM) size = UINT64_MAX >> 1;
    }
    uint64_t size_or_mixed = size;
    if (flags & MEMSCOPE_LEAF_MIXED) size_or_mixed = MEMSCOPE_TOTALS_MIXED | engine->mixed_count++;
    engine->leaves[leaf] = (struct memscope_leaf){.node = node, .flags = flags, .size = size};
    engine->totals[leaf].size = size_or_mixed;
    __atomic_store_n(&engine->leaf_count, leaf + 1, __ATOMIC_RELEASE);
    if (flags & MEMSCOPE_LEAF_MIXED) leaf |= MEMSCOPE_LEAF_MIXED_BIT;
    if (is_full) *resort = leaf;
    return leaf;
}

uint32_t memscope_intern(struct memscope_thread *thread, uint64_t key, uint64_t size, uint32_t root_node,
                         bool truncated) {
    uint64_t hash = thread->depth ? thread->states[thread->depth - 1].hash : 0;
    uint64_t mixed_key = size >= MIXED_FROM ? memscope_leaf_key(hash, memscope_size_class(size)) ^ UINT64_C(0x5555555500000000) : 0;
    const struct table *table = __atomic_load_n(&current, __ATOMIC_ACQUIRE);
    uint32_t leaf = find(table, key);
    if (!leaf && mixed_key) leaf = find(table, mixed_key);
    if (!leaf) {
        memscope_lock_take(&lock);
        leaf = find(current, key);
        if (!leaf && mixed_key) leaf = find(current, mixed_key);
        if (!leaf) {
            uint32_t flags = truncated ? MEMSCOPE_LEAF_TRUNCATED : 0;
            if (memscope_address_modules) flags |= memscope_code_module_leaf_flags(thread, truncated);
            bool mixed = mixed_key && has_many_sizes(hash);
            uint32_t node = append_nodes(thread, root_node);
            if (mixed) leaf = append_leaf(node, memscope_size_class(size), flags | MEMSCOPE_LEAF_MIXED);
            else leaf = append_leaf(node, size, flags);
            store(mixed ? mixed_key : key, leaf);
        }
        memscope_lock_drop(&lock);
    }
    // A mixed leaf stands in the thread's cache under the exact size's key as well; it is found there next time.
    struct memscope_leaf_cache_entry *cached = &thread->leaf_cache[key >> 1 & (MEMSCOPE_LEAF_CACHE - 1)];
    cached->key = key;
    cached->leaf = leaf;
    return leaf;
}

// A reader loads `current` and probes while its thread is in a hook. After membarrier, a thread that is seen outside a
// hook will load the new table; one round later than that, so has everyone.
void memscope_intern_collect(void) {
    static bool registered, unavailable;
    if (!__atomic_load_n(&retired_tables, __ATOMIC_ACQUIRE) || unavailable) return;
    if (!registered) {
        unavailable = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) != 0;
        registered = true;
        if (unavailable) return;
    }
    // A holder that a fatal signal stopped waits for this thread: do not wait for it.
    if (!memscope_lock_take_within(&lock, 20)) return;
    struct table *list = retired_tables;
    retired_tables = NULL;
    memscope_lock_drop(&lock);
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
    bool quiet = true;
    for (struct memscope_ring *ring = __atomic_load_n(&memscope_rings, __ATOMIC_ACQUIRE); ring; ring = ring->next) {
        const struct memscope_thread *thread = (const struct memscope_thread *)ring;
        if (!thread->retired && __atomic_load_n(&thread->in_hook, __ATOMIC_ACQUIRE)) quiet = false;
    }
    while (list) {
        struct table *next = list->retired;
        if (quiet) {
            memscope_unmap(list, list->bytes);
        } else {
            memscope_lock_take(&lock);
            list->retired = retired_tables;
            retired_tables = list;
            memscope_lock_drop(&lock);
        }
        list = next;
    }
}
