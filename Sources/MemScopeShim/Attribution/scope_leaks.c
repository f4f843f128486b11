#include "scope_leaks.h"

#include "../Lifecycle/mapping.h"
#include "../Lifecycle/own_copy.h"

static struct memscope_scope_leaks *checks;

// Checks are rare and slow, so the table is mapped by the first one.
static struct memscope_scope_leaks *table(void) {
    struct memscope_scope_leaks *found = __atomic_load_n(&checks, __ATOMIC_ACQUIRE);
    if (found) return found;
    struct memscope_scope_leaks *made = memscope_map(MEMSCOPE_SCOPES * sizeof *made);
    if (made && !__atomic_compare_exchange_n(&checks, &found, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        memscope_unmap(made, MEMSCOPE_SCOPES * sizeof *made);
        return found;
    }
    return made;
}

void memscope_own_note_leaks(uint64_t run, uint64_t blocks, uint64_t bytes) {
    uint32_t scope = MEMSCOPE_RUN_SCOPE(run);
    struct memscope_scope_leaks *all = scope ? table() : NULL;
    if (!all) return;
    struct memscope_scope_leaks *check = &all[scope - 1];
    __atomic_fetch_add(&check->runs, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&check->leaking_runs, blocks > 0, __ATOMIC_RELAXED);
    __atomic_fetch_add(&check->blocks, blocks, __ATOMIC_RELAXED);
    __atomic_fetch_add(&check->bytes, bytes, __ATOMIC_RELAXED);
}

const struct memscope_scope_leaks *memscope_scope_leaks_of(uint32_t scope) {
    const struct memscope_scope_leaks *all = __atomic_load_n(&checks, __ATOMIC_ACQUIRE);
    return all && all[scope - 1].runs ? &all[scope - 1] : NULL;
}
