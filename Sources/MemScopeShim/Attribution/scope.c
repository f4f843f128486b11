#include "scope.h"

#include <string.h>

#include "../Lifecycle/drain_thread.h"
#include "../Lifecycle/lock.h"
#include "../Lifecycle/state.h"
#include "context.h"
#include "names.h"

// Open addressing over indices, at most half full.
enum { SCOPE_SLOTS = 1 << 17 };

static memscope_lock lock;
static uint32_t slots[SCOPE_SLOTS];

static bool is_scope(uint32_t scope, uint32_t parent, const char *name, uint32_t length) {
    const struct memscope_scope *found = &memscope_engine.scopes[scope - 1];
    const char *stored = memscope_engine.names + found->name;
    return found->parent == parent && strncmp(stored, name, length) == 0 && stored[length] == 0;
}

static uint32_t add_scope(uint32_t parent, const char *name, uint32_t length) {
    struct memscope_engine *engine = &memscope_engine;
    uint32_t index = engine->scope_count;
    // The last place is kept for the row of those that found none.
    bool full = index >= MEMSCOPE_SCOPES - 1 || length >= MEMSCOPE_NAME_BYTES - 64 - engine->name_bytes;
    static uint32_t other;
    if (full && other) return other;
    if (full) {
        parent = 0;
        name = "(other scopes)";
        length = 14;
    }
    engine->scopes[index] = (struct memscope_scope){
        .parent = parent,
        .name = memscope_name_store(name, length),
        .depth = parent ? engine->scopes[parent - 1].depth + 1 : 0,
    };
    __atomic_store_n(&engine->scope_count, index + 1, __ATOMIC_RELEASE);
    if (full) other = index + 1;
    return index + 1;
}

static uint64_t hash_of(uint32_t parent, const char *name, uint32_t length) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ parent;
    for (uint32_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)name[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

static void count_entry(uint32_t scope) {
    __atomic_fetch_add(&memscope_engine.scopes[scope - 1].entries, 1, __ATOMIC_RELAXED);
}

uint32_t memscope_scope_find(uint32_t parent, const char *name, uint32_t length) {
    uint32_t i = (uint32_t)hash_of(parent, name, length) % SCOPE_SLOTS, found = 0;
    memscope_lock_take(&lock);
    for (; !found; i = (i + 1) % SCOPE_SLOTS) {
        if (slots[i] == 0) {
            found = add_scope(parent, name, length);
            if (is_scope(found, parent, name, length)) slots[i] = found;
        } else if (is_scope(slots[i], parent, name, length)) {
            found = slots[i];
        }
    }
    memscope_lock_drop(&lock);
    count_entry(found);
    return found;
}

uint32_t memscope_scope_find_cached(struct memscope_thread *thread, uint32_t parent, const char *name, uint32_t length) {
    // Names are mostly literals: their address chooses the place, their text decides.
    uint32_t i = (uint32_t)((uintptr_t)name >> 3 ^ (uintptr_t)name >> 10 ^ parent * 7u) % MEMSCOPE_SCOPE_CACHE;
    uint32_t cached = thread->scope_cache[i];
    if (cached == 0 || !is_scope(cached, parent, name, length))
        return thread->scope_cache[i] = memscope_scope_find(parent, name, length);
    count_entry(cached);
    return cached;
}

uint64_t memscope_run_begin(struct memscope_thread *thread, uint64_t outer, uint32_t scope) {
    struct memscope_engine *engine = &memscope_engine;
    uint32_t index = memscope_run_take(thread);
    if (index == 0) return scope;
    struct memscope_run *run = &engine->runs[index];
    run->outer = outer;
    run->scope = scope;
    __atomic_store_n(&run->begin, memscope_now_coarse(), __ATOMIC_RELEASE);
    return (uint64_t)run->serial << (MEMSCOPE_RUN_SCOPE_BITS + MEMSCOPE_RUN_INDEX_BITS) |
           (uint64_t)index << MEMSCOPE_RUN_SCOPE_BITS | scope;
}

// The run that a word names while the drain thread has not seen its end; else 0.
static uint32_t open_run(uint64_t word) {
    uint32_t index = MEMSCOPE_RUN_INDEX(word);
    return memscope_engine.runs[index].drained_serial == MEMSCOPE_RUN_SERIAL(word) ? index : 0;
}

bool memscope_run_has_context(uint64_t word, uint32_t context) {
    const struct memscope_context *entry = &memscope_engine.contexts[context];
    // When a run ends its contexts go to the run around it.
    uint32_t run = open_run(word), i = entry->flags & MEMSCOPE_CONTEXT_BEGUN ? entry->listed_run : open_run(entry->run);
    while (i && i != run) i = open_run(memscope_engine.runs[i].outer);
    return i != 0;
}

bool memscope_run_end(uint64_t word) {
    if (MEMSCOPE_RUN_INDEX(word) == 0) return false;
    struct memscope_run *run = &memscope_engine.runs[MEMSCOPE_RUN_INDEX(word)];
    run->end = memscope_now_coarse();
    __atomic_store_n(&run->serial, (run->serial + 1) & MEMSCOPE_RUN_SERIAL_MASK, __ATOMIC_RELEASE);
    return true;
}
