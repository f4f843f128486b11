#include "tracked_names.h"

#include "../Lifecycle/lock.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/own_copy.h"
#include "../Lifecycle/state.h"
#include "../Lifecycle/switch.h"
#include "../Shadow/shadow.h"
#include "names.h"

enum { WORDS = 64, PROBES = 1024 };

static const uint64_t POINTER = UINT64_C(0x00fffffffffffff8);

struct memscope_tracked_site *memscope_tracked_sites;
struct memscope_tracked_object *memscope_tracked_objects;
uint32_t memscope_tracked_site_count;
uint64_t memscope_tracked_lost;

static memscope_lock lock;

bool memscope_tracked_is_live(const struct memscope_tracked_object *object) {
    const uint64_t *place = memscope_shadow_find(object->address);
    return place && __atomic_load_n(place, __ATOMIC_RELAXED) == object->word;
}

// A block that a value refers to.
struct found {
    uintptr_t address;
    uint64_t word;
    /// Its birth was set back just now, so it was not named before.
    bool is_fresh;
};

// The block that begins at the very address; false when there is none. Its birth is set back as the header says. Whoever names a
// block holds it, and its entry is changed by nobody but another that names it.
static bool find(uintptr_t address, struct found *found) {
    uint64_t *place = memscope_shadow_find(address);
    uint64_t word = place ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
    if (word >> MEMSCOPE_LEAF_SHIFT == 0 || (word & 3) != memscope_shadow_start_bits(address)) return false;
    *found = (struct found){.address = address, .word = word};
    uint64_t now = __atomic_load_n(&memscope_switch.birth, __ATOMIC_RELAXED) & MEMSCOPE_BIRTH_MASK;
    if ((word >> MEMSCOPE_BIRTH_SHIFT & MEMSCOPE_BIRTH_MASK) != now) return true;
    found->word = (word & ~(MEMSCOPE_BIRTH_MASK << MEMSCOPE_BIRTH_SHIFT)) | ((now - 1) & MEMSCOPE_BIRTH_MASK) << MEMSCOPE_BIRTH_SHIFT;
    found->is_fresh = __atomic_compare_exchange_n(place, &word, found->word, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return found->is_fresh || word == found->word;
}

static uint32_t slot_of(uintptr_t address) {
    return (uint32_t)((address * UINT64_C(0x9E3779B97F4A7C15)) >> 40) % MEMSCOPE_TRACKED_OBJECTS;
}

// With the lock. MEMSCOPE_TRACKED_SITES when there is no room.
static uint32_t find_site(uint32_t name, uint32_t file, uint32_t line) {
    struct memscope_tracked_site *sites = memscope_tracked_sites;
    for (uint32_t i = 0; i < memscope_tracked_site_count; i++)
        if (sites[i].name == name && sites[i].file == file && sites[i].line == line) return i;
    uint32_t site = memscope_tracked_site_count;
    if (site == MEMSCOPE_TRACKED_SITES) return site;
    sites[site] = (struct memscope_tracked_site){.name = name, .file = file, .line = line};
    __atomic_store_n(&memscope_tracked_site_count, site + 1, __ATOMIC_RELEASE);
    return site;
}

// With the lock. An address has one place at most. A probe ends at a place that was never taken; those of blocks that are gone are
// taken again.
static void note(const struct found *found, uint32_t site) {
    struct memscope_tracked_object *into = NULL;
    uint32_t slot = slot_of(found->address);
    for (uint32_t tried = 0; tried < PROBES; tried++, slot = (slot + 1) % MEMSCOPE_TRACKED_OBJECTS) {
        struct memscope_tracked_object *object = &memscope_tracked_objects[slot];
        if (object->address == found->address) {
            into = object;
            // The same block again: the later name holds.
            if (!found->is_fresh && object->word == found->word) memscope_tracked_sites[object->site].named--;
            break;
        }
        if (!into && (object->address == 0 || !memscope_tracked_is_live(object))) into = object;
        if (object->address == 0) break;
    }
    if (!into) {
        memscope_tracked_lost++;
        return;
    }
    memscope_tracked_sites[site].named++;
    *into = (struct memscope_tracked_object){.address = found->address, .word = found->word, .site = site};
}

static bool start(void) {
    if (memscope_tracked_objects) return true;
    if (!memscope_tracked_sites) memscope_tracked_sites = memscope_map(MEMSCOPE_TRACKED_SITES * sizeof *memscope_tracked_sites);
    if (memscope_tracked_sites) memscope_tracked_objects = memscope_map(MEMSCOPE_TRACKED_OBJECTS * sizeof *memscope_tracked_objects);
    return memscope_tracked_objects != NULL;
}

void memscope_own_track_value(const void *value, uint32_t bytes, const struct memscope_tracked_label *label) {
    struct found found[WORDS];
    uint32_t count = 0;
    const uint64_t *words = value;
    for (uint32_t i = 0; i < bytes / 8 && i < WORDS; i++)
        if (find(words[i] & POINTER, &found[count])) count++;
    if (count == 0) return;
    uint32_t name = memscope_name_intern((const char *)label->name, label->name_length);
    uint32_t file = memscope_name_intern((const char *)label->file, label->file_length);
    memscope_lock_take(&lock);
    uint32_t site = start() ? find_site(name, file, label->line) : MEMSCOPE_TRACKED_SITES;
    if (site == MEMSCOPE_TRACKED_SITES) memscope_tracked_lost += count;
    else
        for (uint32_t i = 0; i < count; i++) note(&found[i], site);
    memscope_lock_drop(&lock);
}
