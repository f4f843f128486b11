#include "tracked_names.h"

#include "../Lifecycle/lock.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/own_copy.h"
#include "../Lifecycle/state.h"
#include "../Lifecycle/switch.h"
#include "../Shadow/shadow.h"
#include "names.h"

enum { WORDS = 64 };

static const uint64_t POINTER = UINT64_C(0x00fffffffffffff8);

struct memscope_tracked_site *memscope_tracked_sites;
struct memscope_tracked_object *memscope_tracked_objects;
uint32_t memscope_tracked_site_count;
uint64_t memscope_tracked_lost;

static memscope_lock lock;

bool memscope_tracked_is_live(const struct memscope_tracked_object *object) {
    const uint64_t *place = memscope_shadow_find(memscope_tracked_address(object));
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

// A power of two with as many places as sites have at most twice; what is there is the site plus one.
static uint16_t site_places[2 * MEMSCOPE_TRACKED_SITES];

// With the lock. MEMSCOPE_TRACKED_SITES when there is no room.
static uint32_t find_site(uint32_t name, uint32_t file, uint32_t line) {
    struct memscope_tracked_site *sites = memscope_tracked_sites;
    uint64_t hash = ((name * UINT64_C(0x9E3779B97F4A7C15)) ^ file) * UINT64_C(0x9E3779B97F4A7C15);
    uint32_t place = (uint32_t)(((hash ^ line) * UINT64_C(0x9E3779B97F4A7C15)) >> 40), mask = 2 * MEMSCOPE_TRACKED_SITES - 1;
    for (;; place++) {
        uint32_t i = site_places[place &= mask];
        if (i == 0) break;
        if (sites[i - 1].name == name && sites[i - 1].file == file && sites[i - 1].line == line) return i - 1;
    }
    uint32_t site = memscope_tracked_site_count;
    if (site == MEMSCOPE_TRACKED_SITES) return site;
    sites[site] = (struct memscope_tracked_site){.name = name, .file = file, .line = line};
    site_places[place] = (uint16_t)(site + 1);
    __atomic_store_n(&memscope_tracked_site_count, site + 1, __ATOMIC_RELEASE);
    return site;
}

// An address may stand in either of two buckets, wherever there is more room: so none overflows before the table holds what it is
// said to hold, and a name costs two looks into memory however many there are.
enum { BUCKET = 8, BUCKETS = MEMSCOPE_TRACKED_PLACES / BUCKET };

static struct memscope_tracked_object *bucket_of(uint64_t hash) {
    return &memscope_tracked_objects[(hash % BUCKETS) * BUCKET];
}

// Where the address stands or may stand; null when there is no room. What is free is at a bucket's end; the places of blocks that
// are gone are taken when there is nothing else.
static struct memscope_tracked_object *place_of(uintptr_t address) {
    uint64_t hash = (address >> 3) * UINT64_C(0x9E3779B97F4A7C15);
    struct memscope_tracked_object *buckets[2] = {bucket_of(hash >> 44), bucket_of(hash >> 24 & 0xfffff)};
    uint32_t used[2] = {0};
    for (uint32_t b = 0; b < 2; b++)
        for (; used[b] < BUCKET && buckets[b][used[b]].address_and_site != 0; used[b]++)
            if (memscope_tracked_address(&buckets[b][used[b]]) == address) return &buckets[b][used[b]];
    uint32_t emptier = used[1] < used[0];
    if (used[emptier] < BUCKET) return &buckets[emptier][used[emptier]];
    for (uint32_t i = 0; i < 2 * BUCKET; i++)
        if (!memscope_tracked_is_live(&buckets[i / BUCKET][i % BUCKET])) return &buckets[i / BUCKET][i % BUCKET];
    return NULL;
}

// With the lock.
static void note(const struct found *found, uint32_t site) {
    struct memscope_tracked_object *place = place_of(found->address);
    if (!place) {
        memscope_tracked_lost++;
        return;
    }
    bool is_same = memscope_tracked_address(place) == found->address && !found->is_fresh && place->word == found->word;
    // The same block again: the later name holds.
    if (is_same) memscope_tracked_sites[memscope_tracked_site_of(place)].named--;
    memscope_tracked_sites[site].named++;
    *place = (struct memscope_tracked_object){
        .address_and_site = found->address | (uint64_t)site << MEMSCOPE_TRACKED_SITE_SHIFT, .word = found->word};
}

static bool start(void) {
    if (memscope_tracked_objects) return true;
    if (!memscope_tracked_sites) memscope_tracked_sites = memscope_map(MEMSCOPE_TRACKED_SITES * sizeof *memscope_tracked_sites);
    if (memscope_tracked_sites) memscope_tracked_objects = memscope_map(MEMSCOPE_TRACKED_PLACES * sizeof *memscope_tracked_objects);
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
