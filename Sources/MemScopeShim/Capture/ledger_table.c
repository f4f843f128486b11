#define _GNU_SOURCE
#include "ledger_table.h"

#include <stddef.h>
#include <string.h>

#include "../LeakScan/leak_scan.h"
#include "../Ledger/ledger.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"
#include "../Ring/thread.h"
#include "content.h"
#include "guarded_read.h"

struct object_element {
    uint64_t address, retains, releases;
    uint32_t type, origin_site, origin_thread, origin_task, flags, peak, lowest, threads, tasks, held, unseen, strong;
    uint32_t first_reference, references;
};

struct reference_element { uint32_t site, thread, task, count, flags, zero; };

struct type_element {
    uint32_t type, zero;
    uint64_t objects, retains, releases, held;
    uint32_t peak, threads, tasks, zero_too;
};

struct site_element {
    uint32_t site, second;
    uint64_t retains, releases;
    uint32_t busiest, zero;
};

_Static_assert(sizeof(struct object_element) == 80 && sizeof(struct reference_element) == 24 &&
                   sizeof(struct type_element) == 56 && sizeof(struct site_element) == 32, "as Docs/capture-format.md says");

// The bits of a reference element: it is the one that the object was made with.
enum { REFERENCE_ORIGIN = 1 };
// Of an object element: it ended, it leaked, its refcount word does not agree with what was recorded.
enum { OBJECT_ENDED = 1, OBJECT_LEAKED = 2, OBJECT_DIFFERS = 4 };

static struct memscope_ledger *const ledger = &memscope_ledger;

static uint64_t events_of(const struct memscope_ledger_object *object) { return object->retains + object->releases; }

static bool has_origin(const struct memscope_ledger_object *object) { return !(object->flags & MEMSCOPE_LEDGER_ORIGIN_RELEASED); }

static uint32_t held_of(const struct memscope_ledger_object *object) {
    return has_origin(object) + object->claimed + object->unseen;
}

static uint32_t count_of(uint64_t bits) { return (uint32_t)__builtin_popcountll(bits); }

// The strong count by the object's own word, 0 when it cannot be read. As in a hook.
static uint32_t strong_of(uint64_t address) {
    if (!memscope_guard_begin()) return 0;
    uint64_t word = *(const uint64_t *)(address + 8);
    if (word >> 62 == 3) word = *(const uint64_t *)(((word & 0x3fffffffffffffff) << 3) + 0x10);
    if (word >> 63) return 0;
    return (uint32_t)(word >> 33 & 0x3fffffff) + !(word >> 32 & 1);
}

static bool is_leaked(const struct memscope_ledger_object *object, bool has_leaks) {
    return has_leaks && memscope_leak_scan_is_unreached(object->address);
}

// From how many events on an object is listed, if not all are.
static uint64_t threshold(uint32_t count) {
    uint32_t buckets[MEMSCOPE_DISTRIBUTION_BUCKETS] = {0};
    for (uint32_t row = 1; row < count; row++)
        if (events_of(&ledger->objects[row])) buckets[memscope_distribution_bucket(events_of(&ledger->objects[row]))]++;
    uint32_t bucket = MEMSCOPE_DISTRIBUTION_BUCKETS, listed = 0;
    while (bucket > 1 && listed + buckets[bucket - 1] <= MEMSCOPE_LEDGER_LISTED) listed += buckets[--bucket];
    return bucket;
}

static void write_object(struct memscope_writer *writer, struct memscope_type_table *types, const struct memscope_ledger_object *object,
                         bool leaked, uint32_t strong, uint32_t *references) {
    bool ended = object->flags & MEMSCOPE_LEDGER_ENDED_FLAG;
    uint32_t count = ended ? 0 : has_origin(object);
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
                 (strong && strong != held_of(object) ? OBJECT_DIFFERS : 0),
        .peak = object->peak,
        .lowest = object->lowest,
        .threads = count_of(object->threads),
        .tasks = count_of(object->tasks),
        .held = ended ? 0 : held_of(object),
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
    if (has_origin(object)) {
        bool has_instead = object->flags & MEMSCOPE_LEDGER_HAS_INSTEAD;
        const struct memscope_ledger_place *place = has_instead ? &object->instead : &object->origin;
        element = (struct reference_element){place->leaf, place->thread, place->task, 1, has_instead ? 0 : REFERENCE_ORIGIN, 0};
        memscope_writer_add(writer, &element);
    }
    for (uint32_t i = object->claim; i; i = ledger->claims[i].next) {
        const struct memscope_ledger_claim *claim = &ledger->claims[i];
        element = (struct reference_element){claim->place.leaf, claim->place.thread, claim->place.task, claim->count, 0, 0};
        memscope_writer_add(writer, &element);
    }
}

// Objects that are gone and objects that live, together, in a table of its own: the ledger's is of the former alone.
static void write_types(struct memscope_writer *writer, struct memscope_type_table *types, uint32_t count) {
    uint64_t *held = memscope_map(MEMSCOPE_LEDGER_TYPES * sizeof *held);
    struct memscope_ledger_type *all = memscope_map(MEMSCOPE_LEDGER_TYPES * sizeof *all);
    if (!held || !all) {
        writer->error = 12;  // ENOMEM
        return;
    }
    memcpy(all, ledger->types, MEMSCOPE_LEDGER_TYPES * sizeof *all);
    for (uint32_t row = 1; row < count; row++) {
        const struct memscope_ledger_object *object = &ledger->objects[row];
        if (events_of(object) == 0) continue;
        struct memscope_ledger_type *type = memscope_ledger_type_of(all, object);
        if (!type) continue;
        memscope_ledger_type_add(type, object);
        held[type - all] += held_of(object);
    }
    memscope_writer_section(writer, MEMSCOPE_SECTION_LEDGER_TYPES, sizeof(struct type_element));
    for (uint32_t i = 0; i < MEMSCOPE_LEDGER_TYPES; i++) {
        const struct memscope_ledger_type *type = &all[i];
        uint32_t index = type->objects ? memscope_type_index(types, type->type) : 0;
        if (index == 0) continue;
        struct type_element element = {
            .type = index - 1,
            .objects = type->objects,
            .retains = type->retains,
            .releases = type->releases,
            .held = held[i],
            .peak = type->peak,
            .threads = count_of(type->threads),
            .tasks = count_of(type->tasks),
        };
        memscope_writer_add(writer, &element);
    }
    memscope_unmap(all, MEMSCOPE_LEDGER_TYPES * sizeof *all);
    memscope_unmap(held, MEMSCOPE_LEDGER_TYPES * sizeof *held);
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
    uint64_t from = threshold(count);
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
        if (!leaked && memscope_distribution_bucket(events_of(object)) < from) continue;
        listed[row] = 1;
        write_object(writer, types, object, leaked, frozen ? strong_of(object->address) : 0, &references);
    }
    for (uint32_t i = 0; i < ledger->ended_count; i++) write_object(writer, types, &ledger->ended[i], false, 0, &references);
    memscope_writer_section(writer, MEMSCOPE_SECTION_LEDGER_REFERENCES, sizeof(struct reference_element));
    for (uint32_t row = 1; row < count; row++)
        if (listed[row]) write_references(writer, &ledger->objects[row]);
    memscope_unmap(listed, count);
    write_sites(writer);
    write_types(writer, types, count);
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
    add(writer, "ledgerUnseenRetains", unseen_retains);
    add(writer, "ledgerUnseenReleases", unseen_releases);
    add(writer, "ledgerOfOthers", THREAD_SUM(ledger_unknown));
    add(writer, "ledgerLost", THREAD_SUM(ledger_lost));
    add(writer, "ledgerObjectsLost", __atomic_load_n(&ledger->objects_lost, __ATOMIC_RELAXED));
    add(writer, "ledgerReferencesLost", ledger->claims_lost);
}
