// Whole stacks, interned: a known (stack, size) is one probe of a small cache of the thread's own, or one probe of a
// table that all threads share and read without locks.
#ifndef MEMSCOPE_INTERN_H
#define MEMSCOPE_INTERN_H

#include <stdbool.h>

#include "../Ring/thread.h"

#pragma clang assume_nonnull begin

/// Distinct sizes of 64 bytes or more that one stack may have before further ones share a leaf per power of two.
#define MEMSCOPE_SIZES_PER_STACK 64

/// Maps the first table. False when the kernel refuses.
bool memscope_intern_start(void);

/// The leaf of a key that the thread's cache does not hold. The thread's walk must be complete: `thread->states` holds
/// the hashes. Looks in the shared table; for a stack never seen takes the intern lock and appends trie nodes, which
/// is bounded by the depth. Returns the leaf's index, with MEMSCOPE_LEAF_MIXED_BIT for a leaf of mixed sizes. Never 0:
/// when the tables are full there is a leaf for what found no room.
uint32_t memscope_intern(struct memscope_thread *thread, uint64_t key, uint64_t size, uint32_t root_node,
                         bool truncated);

/// Asks for the cache line of the shared table where a key will be looked for.
void memscope_intern_prefetch(uint64_t key);

/// Frees hash tables that growing left behind, once no thread can be reading them. Drain thread only.
void memscope_intern_collect(void);

/// The key of a stack (its hash) and a size. Never 0.
static inline uint64_t memscope_leaf_key(uint64_t hash, uint64_t size) {
    uint64_t key = (hash ^ size * UINT64_C(0xD6E8FEB86659FD93)) * UINT64_C(0x9E3779B97F4A7C15);
    return (key ^ key >> 32) | 1;
}

/// The largest size of the class that a size of 64 or more falls into: a power of two.
static inline uint64_t memscope_size_class(uint64_t size) {
    return size > (UINT64_C(1) << 62) ? UINT64_MAX >> 1 : UINT64_C(1) << (64 - __builtin_clzll(size - 1));
}

#pragma clang assume_nonnull end
#endif
