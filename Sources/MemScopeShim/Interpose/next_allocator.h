// The allocator the program would have without us: the next definition in link order.
#ifndef MEMSCOPE_NEXT_ALLOCATOR_H
#define MEMSCOPE_NEXT_ALLOCATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "hook_table.h"


/// One function pointer per hooked function. Before the first use each points to a stand-in that looks the real one
/// up (dlsym, once), so a call never needs a check. Optional functions that nobody defines stay null.
struct memscope_next_allocator {
#define MEMSCOPE_FIELD(need, result, name, parameters, arguments) result (*name) parameters;
    MEMSCOPE_HOOK_TABLE(MEMSCOPE_FIELD)
#undef MEMSCOPE_FIELD
};

extern struct memscope_next_allocator memscope_next __attribute__((visibility("hidden")));

/// Looks all functions up. Idempotent, safe from any thread. dlsym may allocate: those blocks come from a small
/// static pool that is never given back.
void memscope_next_allocator_find(void);

#define MEMSCOPE_POOL_BYTES 16384

/// The static pool that serves dlsym while the functions are looked up.
extern char memscope_pool[MEMSCOPE_POOL_BYTES] __attribute__((visibility("hidden"), aligned(16)));

/// Whether `block` came from the static pool; such a block must not reach the real allocator.
static inline bool memscope_pool_owns(const void *block) {
    return (size_t)((const char *)block - memscope_pool) < MEMSCOPE_POOL_BYTES;
}

/// Whether the next allocator is glibc's own (else small requests are rounded up to keep granules apart).
bool memscope_next_allocator_is_glibc(void);

#endif
