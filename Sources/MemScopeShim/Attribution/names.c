#include "names.h"

#include <stdbool.h>
#include <string.h>

#include "../Lifecycle/lock.h"
#include "../Lifecycle/state.h"

// Interned names have this much room, and this many places in a table that is at most half full.
enum { INTERNED_BYTES = MEMSCOPE_NAME_BYTES / 4, INTERNED_SLOTS = 1 << 16 };

static memscope_lock lock;
static uint32_t interned[INTERNED_SLOTS];
static uint32_t interned_count, interned_bytes;

static uint32_t store(const char *name, uint32_t length) {
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
    uint32_t at = store(name, length);
    memscope_lock_drop(&lock);
    return at;
}

static bool is_stored_at(uint32_t at, const char *name, uint32_t length) {
    const char *stored = memscope_engine.names + at;
    return strncmp(stored, name, length) == 0 && stored[length] == 0;
}

uint32_t memscope_name_intern(const char *name, uint32_t length) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (uint32_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)name[i]) * UINT64_C(0x100000001b3);
    memscope_lock_take(&lock);
    uint32_t i = (uint32_t)(hash ^ hash >> 32) % INTERNED_SLOTS;
    while (interned[i] != 0 && !is_stored_at(interned[i], name, length)) i = (i + 1) % INTERNED_SLOTS;
    bool has_room = interned_count < INTERNED_SLOTS / 2 && length < INTERNED_BYTES - interned_bytes;
    if (interned[i] == 0 && has_room && (interned[i] = store(name, length)) != 0) {
        interned_count++;
        interned_bytes += length + 1;
    }
    uint32_t found = interned[i];
    memscope_lock_drop(&lock);
    return found;
}
