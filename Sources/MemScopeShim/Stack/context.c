#include "context.h"

#include <stdbool.h>
#include <string.h>

#include "../Lifecycle/lock.h"
#include "../Lifecycle/state.h"

static memscope_lock lock;

// Open addressing over indices; both tables are at most half full.
enum { CONTEXT_SLOTS = 1 << 16, SCOPE_SLOTS = 1 << 17 };
static uint32_t context_slots[CONTEXT_SLOTS];
static uint32_t scope_slots[SCOPE_SLOTS];

static uint64_t mix(uint64_t value) {
    value *= UINT64_C(0x9E3779B97F4A7C15);
    return value ^ value >> 29;
}

uint32_t memscope_context_find(uint32_t thread, uint32_t scope) {
    struct memscope_engine *engine = &memscope_engine;
    uint32_t found = 0;
    memscope_lock_take(&lock);
    uint32_t i = (uint32_t)mix((uint64_t)thread << 32 | scope) % CONTEXT_SLOTS;
    for (uint32_t probes = 0; probes < CONTEXT_SLOTS; probes++, i = (i + 1) % CONTEXT_SLOTS) {
        uint32_t index = context_slots[i];
        if (index == 0) {
            index = engine->context_count;
            if (index >= engine->context_capacity) break;
            engine->contexts[index].thread = thread;
            engine->contexts[index].scope = scope;
            // Half full: later contexts are found by scanning only, that is, made anew; totals stay right because
            // whoever reads them adds contexts of the same thread and scope.
            if (index < CONTEXT_SLOTS / 2) context_slots[i] = index;
            __atomic_store_n(&engine->context_count, index + 1, __ATOMIC_RELEASE);
        } else if (engine->contexts[index].thread != thread || engine->contexts[index].scope != scope) {
            continue;
        }
        found = index;
        break;
    }
    memscope_lock_drop(&lock);
    return found;
}

static uint32_t store_name(const char *name, uint32_t length) {
    struct memscope_engine *engine = &memscope_engine;
    uint32_t at = engine->name_bytes;
    if (length >= MEMSCOPE_NAME_BYTES - at) return 0;
    memcpy(engine->names + at, name, length);
    engine->names[at + length] = 0;
    __atomic_store_n(&engine->name_bytes, at + length + 1, __ATOMIC_RELEASE);
    return at;
}

uint32_t memscope_name_store(const char *name, uint32_t length) {
    memscope_lock_take(&lock);
    uint32_t at = store_name(name, length);
    memscope_lock_drop(&lock);
    return at;
}

static bool is_named(const struct memscope_scope *scope, const char *name, uint32_t length) {
    const char *stored = memscope_engine.names + scope->name;
    return strncmp(stored, name, length) == 0 && stored[length] == 0;
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
    engine->scopes[index] = (struct memscope_scope){.parent = parent, .name = store_name(name, length)};
    __atomic_store_n(&engine->scope_count, index + 1, __ATOMIC_RELEASE);
    if (full) other = index + 1;
    return index + 1;
}

uint32_t memscope_scope_find(uint32_t parent, const char *name, uint32_t length) {
    uint64_t hash = parent;
    for (uint32_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)name[i]) * UINT64_C(0x100000001b3);
    memscope_lock_take(&lock);
    uint32_t i = (uint32_t)mix(hash) % SCOPE_SLOTS, found = 0;
    for (; !found; i = (i + 1) % SCOPE_SLOTS) {
        uint32_t scope = scope_slots[i];
        if (scope == 0) {
            found = add_scope(parent, name, length);
            if (memscope_engine.scopes[found - 1].parent == parent && is_named(&memscope_engine.scopes[found - 1], name, length))
                scope_slots[i] = found;
        } else if (memscope_engine.scopes[scope - 1].parent == parent &&
                   is_named(&memscope_engine.scopes[scope - 1], name, length)) {
            found = scope;
        }
    }
    __atomic_fetch_add(&memscope_engine.scopes[found - 1].entries, 1, __ATOMIC_RELAXED);
    memscope_lock_drop(&lock);
    return found;
}
