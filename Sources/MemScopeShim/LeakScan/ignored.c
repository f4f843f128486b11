#include "ignored.h"

#include <string.h>

#include "../Lifecycle/lock.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/own_copy.h"
#include "../Lifecycle/state.h"
#include "../Shadow/shadow.h"

enum { NAME_BYTES = 1 << 14, GRANULE = 1 << MEMSCOPE_GRANULE_SHIFT };

static memscope_lock lock;
// One after the other, each ending in NUL; what lies beyond `name_bytes` is not there yet.
static char names[NAME_BYTES];
static uint32_t name_bytes;

// The copy's own: of each scope, index + 1, whether it is ignored; null when none is.
static bool *scopes;

static bool is_name(const char *name, uint32_t length) {
    for (uint32_t at = 0; at < name_bytes; at += (uint32_t)strlen(names + at) + 1)
        if (strncmp(names + at, name, length) == 0 && names[at + length] == 0) return true;
    return false;
}

bool memscope_own_leaks_ignore_scope(const uint8_t *name, uint32_t length) {
    const char *text = name ? (const char *)name : "";
    memscope_lock_take(&lock);
    bool known = is_name(text, length), fits = known || length < NAME_BYTES - name_bytes;
    if (!known && fits) {
        memcpy(names + name_bytes, text, length);
        names[name_bytes + length] = 0;
        __atomic_store_n(&name_bytes, name_bytes + length + 1, __ATOMIC_RELEASE);
    }
    memscope_lock_drop(&lock);
    return fits;
}

// What an entry says of the size; 0 when that is not known.
static uint64_t size_of(uint64_t entry, uintptr_t block) {
    uint32_t leaf = (uint32_t)(entry >> MEMSCOPE_LEAF_SHIFT);
    if (!(leaf & MEMSCOPE_LEAF_MIXED_BIT)) return memscope_engine.leaves[leaf].size;
    uint64_t *exact = memscope_shadow_find(block + GRANULE);
    return exact ? __atomic_load_n(exact, __ATOMIC_RELAXED) : 0;
}

// The entry of the block that an address is in. Blocks lie apart, so it is the nearest one at or below the address, or none is.
static uint64_t *find_entry(uintptr_t address) {
    enum { REGIONS_BACK = 1 << 12 };
    uintptr_t at = address & ~(uintptr_t)(GRANULE - 1);
    for (uint32_t regions = 0; regions < REGIONS_BACK;) {
        uint64_t *place = memscope_shadow_find(at), entry = place ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
        uintptr_t block = at + (entry & 3) * 8;
        if ((entry >> MEMSCOPE_LEAF_SHIFT & MEMSCOPE_LEAF_INDEX_MASK) != 0 && block <= address) {
            uint64_t size = size_of(entry, block);
            return address - block < (size ? size : 1) ? place : NULL;
        }
        // Where no block starts in 64 MiB there is nothing to look at.
        uintptr_t first = at & ~((UINT64_C(1) << MEMSCOPE_REGION_SHIFT) - 1);
        if (!place) at = first;
        regions += at == first;
        if (at < GRANULE) return NULL;
        at -= GRANULE;
    }
    return NULL;
}

bool memscope_own_leaks_ignore(const void *place) {
    if (!place || !memscope_own_is_tracking()) return false;
    uint64_t *entry = find_entry((uintptr_t)place);
    if (entry) __atomic_fetch_or(entry, MEMSCOPE_IGNORED_BIT, __ATOMIC_RELAXED);
    return entry != NULL;
}

bool memscope_ignored_prepare(void) {
    scopes = NULL;
    if (name_bytes == 0) return true;
    const struct memscope_engine *engine = &memscope_engine;
    if (!(scopes = memscope_map(((size_t)engine->scope_count + 1) * sizeof *scopes))) return false;
    // A scope comes after the one around it.
    for (uint32_t i = 0; i < engine->scope_count; i++) {
        const char *name = engine->names + engine->scopes[i].name;
        scopes[i + 1] = scopes[engine->scopes[i].parent] || is_name(name, (uint32_t)strlen(name));
    }
    return true;
}

bool memscope_is_ignored(uint64_t entry) {
    if (entry & MEMSCOPE_IGNORED_BIT) return true;
    if (!scopes) return false;
    uint32_t context = (uint32_t)(entry >> MEMSCOPE_CONTEXT_SHIFT) & MEMSCOPE_CONTEXT_MASK;
    if (context >= memscope_engine.context_count) return false;
    uint32_t scope = MEMSCOPE_RUN_SCOPE(memscope_engine.contexts[context].run);
    return scope <= memscope_engine.scope_count && scopes[scope];
}

void memscope_ignored_mark(struct memscope_marking *mark) {
    struct memscope_block_index *index = mark->index;
    if (!index->has_ignored) return;
    mark->finds_dead = false;
    mark->found = MEMSCOPE_BLOCK_MARK | MEMSCOPE_BLOCK_HELD_BY_IGNORED;
    for (uint32_t i = 0; i < index->count; i++) {
        struct memscope_block *block = &index->blocks[i];
        if ((block->size_and_mark & (MEMSCOPE_BLOCK_MARK | MEMSCOPE_BLOCK_IGNORED)) != MEMSCOPE_BLOCK_IGNORED) continue;
        block->size_and_mark |= mark->found;
        mark->pending[mark->pending_count++] = i;
    }
    memscope_mark_drain(mark);
}
