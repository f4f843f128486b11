#define _GNU_SOURCE
#include "ledger_table.h"

#include <stddef.h>

#include "../LeakScan/leak_scan.h"
#include "../Ledger/ledger.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"
#include "../Ring/thread.h"
#include "content.h"
#include "guarded_read.h"
#include "ledger_type_table.h"

struct object_element {
    uint64_t address, retains, releases;
    uint32_t type, origin_site, origin_thread, origin_task, flags, peak, lowest, threads, tasks, held, unseen, strong;
    uint32_t first_reference, references;
};

struct reference_element { uint32_t site, thread, task, count, flags, zero; };

struct site_element {
    uint32_t site, second;
    uint64_t retains, releases;
    uint32_t busiest, zero;
};

_Static_assert(sizeof(struct object_element) == 80 && sizeof(struct reference_element) == 24 &&
                   sizeof(struct site_element) == 32, "as Docs/capture-format.md says");

// The bits of a reference element: it is the one that the object was made with.
enum { REFERENCE_ORIGIN = 1 };
// Of an object element: it ended, it leaked, its refcount word does not agree with what was recorded, and that there were at
// least as many threads and tasks.
enum { OBJECT_ENDED = 1, OBJECT_LEAKED = 2, OBJECT_DIFFERS = 4, OBJECT_MORE_THREADS = 8, OBJECT_MORE_TASKS = 16 };

static struct memscope_ledger *const ledger = &memscope_ledger;

static uint64_t events_of(const struct memscope_ledger_object *object) { return object->retains + object->releases; }

// Objects that live and are not listed, of the capture that is being written.
static uint64_t unlisted;

uint32_t memscope_ledger_strong(uint64_t address) {
    if (!memscope_guard_begin()) return 0;
    uint64_t word = *(const uint64_t *)(address + 8);
    if (word >> 62 == 3) word = *(const uint64_t *)(((word & 0x3fffffffffffffff) << 3) + 0x10);
    if (word >> 63) return 0;
    return (uint32_t)(word >> 33 & 0x3fffffff) + !(word >> 32 & 1);
}

static bool is_leaked(const struct memscope_ledger_object *object, bool has_leaks) {
    return has_leaks && memscope_leak_scan_is_unreached(object->address);
}

// Which objects are listed, if not all are: those of the higher buckets, and as many as there is room for of the next one.
struct listing { uint32_t lowest_whole, room; };

static struct listing choose(uint32_t count) {
    uint32_t buckets[MEMSCOPE_DISTRIBUTION_BUCKETS] = {0};
    for (uint32_t row = 1; row < count; row++)
        if (events_of(&ledger->objects[row])) buckets[memscope_distribution_bucket(events_of(&ledger->objects[row]))]++;
    struct listing listing = {MEMSCOPE_DISTRIBUTION_BUCKETS, MEMSCOPE_LEDGER_LISTED};
    while (listing.lowest_whole > 1 && buckets[listing.lowest_whole - 1] <= listing.room)
        listing.room -= buckets[--listing.lowest_whole];
    return listing;
}

static bool is_listed(struct listing *listing, const struct memscope_ledger_object *object) {
    uint32_t bucket = memscope_distribution_bucket(events_of(object));
    if (bucket >= listing->lowest_whole) return true;
    if (bucket + 1 < listing->lowest_whole || listing->room == 0) return false;
    listing->room--;
    return true;
}

static void write_object(struct memscope_writer *writer, struct memscope_type_table *types, const struct memscope_ledger_object *object,
                         bool leaked, uint32_t strong, uint32_t *references) {
    bool ended = object->flags & MEMSCOPE_LEDGER_ENDED_FLAG;
    uint32_t count = ended ? 0 : memscope_ledger_has_origin(object);
    struct memscope_involved_count threads = memscope_involved_threads(&object->involved);
    struct memscope_involved_count tasks = memscope_involved_tasks(&object->involved);
    for (uint32_t i = object->claim; i; i = ledger->claims[i].next) count++;
    struct object_element element = {
        .address = ~object->address,
        .retains = object->retains,
        .releases = object->releases,
        .type = memscope_type_index(types, object->type),
        .origin_site = object->origin.leaf,
        .origin_thread = object->origin.thread,
        .origin_task = object->origin.task,
        .flags = (ended ? OBJECT_ENDED : 0) | (leaked ? OBJECT_LEAKED : 0) |
                 (strong && strong != memscope_ledger_held(object) ? OBJECT_DIFFERS : 0) |
                 (threads.is_at_least ? OBJECT_MORE_THREADS : 0) | (tasks.is_at_least ? OBJECT_MORE_TASKS : 0),
        .peak = object->peak,
        .lowest = object->lowest,
        .threads = threads.count,
        .tasks = tasks.count,
        .held = ended ? 0 : memscope_ledger_held(object),
        .unseen = object->unseen_retains + object->unseen_releases,
        .strong = strong,
        .first_reference = *references,
        .references = count,
    };
    *references += count;
    memscope_writer_add(writer, &element);
}

static void write_references(struct memscope_writer *writer, const struct memscope_ledger_object *object) {
    if (object->flags & MEMSCOPE_LEDGER_ENDED_FLAG) return;
    struct reference_element element = {0};
    if (memscope_ledger_has_origin(object)) {
        const struct memscope_ledger_place *place = memscope_ledger_first_place(object);
        uint32_t flags = place == &object->origin ? REFERENCE_ORIGIN : 0;
        element = (struct reference_element){place->leaf, place->thread, place->task, 1, flags, 0};
        memscope_writer_add(writer, &element);
    }
    for (uint32_t i = object->claim; i; i = ledger->claims[i].next) {
        const struct memscope_ledger_claim *claim = &ledger->claims[i];
        element = (struct reference_element){claim->place.leaf, claim->place.thread, claim->place.task, claim->count, 0, 0};
        memscope_writer_add(writer, &element);
    }
}

static void write_sites(struct memscope_writer *writer) {
    memscope_writer_section(writer, MEMSCOPE_SECTION_LEDGER_SITES, sizeof(struct site_element));
    for (uint32_t i = 1; i < memscope_cut.leaves; i++) {
        const struct memscope_ledger_site *site = &ledger->sites[i];
        if (site->retains + site->releases == 0) continue;
        struct site_element element = {i, site->busiest_second, site->retains, site->releases, site->busiest, 0};
        memscope_writer_add(writer, &element);
    }
}

void memscope_ledger_table_write(struct memscope_writer *writer, struct memscope_type_table *types, bool frozen, bool has_leaks) {
    if (memscope_ledger_state() != MEMSCOPE_LEDGER_RUNS) return;
    uint32_t count = memscope_load_acquire(&ledger->object_count), references = 0;
    struct listing listing = choose(count);
    unlisted = 0;
    // Which objects are listed is decided once: the references follow in their order.
    uint8_t *listed = memscope_map(count);
    if (!listed) {
        writer->error = 12;  // ENOMEM
        return;
    }
    memscope_writer_section(writer, MEMSCOPE_SECTION_LEDGER_OBJECTS, sizeof(struct object_element));
    for (uint32_t row = 1; row < count; row++) {
        const struct memscope_ledger_object *object = &ledger->objects[row];
        if (events_of(object) == 0) continue;
        bool leaked = is_leaked(object, has_leaks);
        listed[row] = is_listed(&listing, object) || leaked;
        unlisted += !listed[row];
        if (listed[row])
            write_object(writer, types, object, leaked, frozen ? memscope_ledger_strong(object->address) : 0, &references);
    }
    for (uint32_t i = 0; i < ledger->ended_count; i++) write_object(writer, types, &ledger->ended[i], false, 0, &references);
    memscope_writer_section(writer, MEMSCOPE_SECTION_LEDGER_REFERENCES, sizeof(struct reference_element));
    for (uint32_t row = 1; row < count; row++)
        if (listed[row]) write_references(writer, &ledger->objects[row]);
    memscope_unmap(listed, count);
    write_sites(writer);
    memscope_ledger_type_table_write(writer, types, count, frozen);
}

#define THREAD_SUM(field) memscope_threads_sum(offsetof(struct memscope_thread, field))

void memscope_ledger_table_count(struct memscope_writer *writer,
                                 void (*add)(struct memscope_writer *, const char *, uint64_t)) {
    add(writer, "ledger", memscope_ledger_state());
    if (memscope_ledger_state() != MEMSCOPE_LEDGER_RUNS) return;
    uint64_t live = 0, unseen_retains = ledger->unseen_retains, unseen_releases = ledger->unseen_releases;
    uint32_t count = memscope_load_acquire(&ledger->object_count);
    for (uint32_t row = 1; row < count; row++) {
        live += events_of(&ledger->objects[row]) != 0;
        unseen_retains += ledger->objects[row].unseen_retains;
        unseen_releases += ledger->objects[row].unseen_releases;
    }
    add(writer, "ledgerRetains", ledger->retains);
    add(writer, "ledgerReleases", ledger->releases);
    add(writer, "ledgerLiveObjects", live);
    add(writer, "ledgerUnlistedObjects", unlisted);
    add(writer, "ledgerUnseenRetains", unseen_retains);
    add(writer, "ledgerUnseenReleases", unseen_releases);
    add(writer, "ledgerOfOthers", THREAD_SUM(ledger_unknown));
    add(writer, "ledgerLost", THREAD_SUM(ledger_lost));
    add(writer, "ledgerObjectsLost", __atomic_load_n(&ledger->objects_lost, __ATOMIC_RELAXED));
    add(writer, "ledgerReferencesLost", ledger->claims_lost);
    add(writer, "ledgerTypesLost", memscope_ledger_type_losses().types);
    add(writer, "ledgerUnmatchedLost", memscope_ledger_type_losses().references);
}
