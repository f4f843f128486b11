#include "ledger_type_table.h"

#include <string.h>

#include "../Ledger/ledger.h"
#include "../Lifecycle/mapping.h"
#include "ledger_table.h"

struct type_element {
    uint32_t type, flags;
    uint64_t objects, retains, releases, held;
    uint32_t peak, threads, tasks, unseen;
};

struct unmatched_element {
    uint32_t type, site, flags, zero;
    uint64_t count;
};

_Static_assert(sizeof(struct type_element) == 56 && sizeof(struct unmatched_element) == 24, "as Docs/capture-format.md says");

// Of a type element: there were at least as many threads, tasks; the count of some object does not agree with the records.
enum { TYPE_MORE_THREADS = 1, TYPE_MORE_TASKS = 2, TYPE_DIFFERS = 4 };
// Of what is left: it is the references that objects were made with.
enum { UNMATCHED_ORIGIN = 1 };
enum { PROBES = 64 };

// What is left of the retains of one stack. Open addressing; count 0 = empty.
struct unmatched {
    uint64_t type;
    uint32_t leaf, flags;
    uint64_t count;
};

// What lives of a type, beside its row.
struct living {
    uint64_t held;
    bool differs;
};

static struct memscope_ledger *const ledger = &memscope_ledger;
static struct memscope_ledger_type_losses lost;

struct memscope_ledger_type_losses memscope_ledger_type_losses(void) { return lost; }

static void add_unmatched(struct unmatched *table, uint64_t type, uint32_t leaf, uint32_t flags, uint32_t count) {
    uint64_t hash = (type ^ (uint64_t)leaf << 33 ^ flags) * UINT64_C(0x9E3779B97F4A7C15);
    for (uint32_t i = 0; i < PROBES; i++) {
        struct unmatched *sum = &table[((hash >> 40) + i) % MEMSCOPE_LEDGER_UNMATCHED];
        if (sum->count && (sum->type != type || sum->leaf != leaf || sum->flags != flags)) continue;
        sum->type = type;
        sum->leaf = leaf;
        sum->flags = flags;
        sum->count += count;
        return;
    }
    lost.references += count;
}

static void add_object(struct unmatched *table, const struct memscope_ledger_object *object) {
    if (memscope_ledger_has_origin(object)) {
        const struct memscope_ledger_place *place = memscope_ledger_first_place(object);
        add_unmatched(table, object->type, place->leaf, place == &object->origin ? UNMATCHED_ORIGIN : 0, 1);
    }
    for (uint32_t i = object->claim; i; i = ledger->claims[i].next)
        add_unmatched(table, object->type, ledger->claims[i].place.leaf, 0, ledger->claims[i].count);
}

static void write_type(struct memscope_writer *writer, uint32_t index, const struct memscope_ledger_type *type,
                       const struct living *living) {
    struct memscope_involved_count threads = memscope_involved_threads(&type->involved);
    struct memscope_involved_count tasks = memscope_involved_tasks(&type->involved);
    struct type_element element = {
        .type = index,
        .flags = (threads.is_at_least ? TYPE_MORE_THREADS : 0) | (tasks.is_at_least ? TYPE_MORE_TASKS : 0) |
                 (living->differs ? TYPE_DIFFERS : 0),
        .objects = type->objects,
        .retains = type->retains,
        .releases = type->releases,
        .held = living->held,
        .peak = type->peak,
        .threads = threads.count,
        .tasks = tasks.count,
        .unseen = type->unseen < UINT32_MAX ? (uint32_t)type->unseen : UINT32_MAX,
    };
    memscope_writer_add(writer, &element);
}

static void write_unmatched(struct memscope_writer *writer, struct memscope_type_table *types, const struct unmatched *table) {
    memscope_writer_section(writer, MEMSCOPE_SECTION_LEDGER_UNMATCHED, sizeof(struct unmatched_element));
    for (uint32_t i = 0; i < MEMSCOPE_LEDGER_UNMATCHED; i++) {
        const struct unmatched *sum = &table[i];
        uint32_t index = sum->count ? memscope_type_index(types, sum->type) : 0;
        if (index == 0) continue;
        struct unmatched_element element = {index - 1, sum->leaf, sum->flags, 0, sum->count};
        memscope_writer_add(writer, &element);
    }
}

void memscope_ledger_type_table_write(struct memscope_writer *writer, struct memscope_type_table *types, uint32_t count, bool frozen) {
    // The ledger's own table is of objects that are gone; those that live are added to a copy.
    struct memscope_ledger_type *all = memscope_map(MEMSCOPE_LEDGER_TYPES * sizeof *all);
    struct living *living = memscope_map(MEMSCOPE_LEDGER_TYPES * sizeof *living);
    struct unmatched *left = memscope_map(MEMSCOPE_LEDGER_UNMATCHED * sizeof *left);
    if (!all || !living || !left) {
        writer->error = 12;  // ENOMEM
        return;
    }
    lost = (struct memscope_ledger_type_losses){.types = ledger->types_lost};
    memcpy(all, ledger->types, MEMSCOPE_LEDGER_TYPES * sizeof *all);
    for (uint32_t row = 1; row < count; row++) {
        const struct memscope_ledger_object *object = &ledger->objects[row];
        if (object->retains + object->releases == 0) continue;
        add_object(left, object);
        struct memscope_ledger_type *type = memscope_ledger_type_of(all, object);
        if (!type) {
            lost.types++;
            continue;
        }
        memscope_ledger_type_add(type, object);
        living[type - all].held += memscope_ledger_held(object);
        uint32_t strong = frozen ? memscope_ledger_strong(object->address) : 0;
        if (strong && strong != memscope_ledger_held(object)) living[type - all].differs = true;
    }
    memscope_writer_section(writer, MEMSCOPE_SECTION_LEDGER_TYPES, sizeof(struct type_element));
    for (uint32_t i = 0; i < MEMSCOPE_LEDGER_TYPES; i++) {
        uint32_t index = all[i].objects ? memscope_type_index(types, all[i].type) : 0;
        if (index) write_type(writer, index - 1, &all[i], &living[i]);
    }
    write_unmatched(writer, types, left);
    memscope_unmap(left, MEMSCOPE_LEDGER_UNMATCHED * sizeof *left);
    memscope_unmap(living, MEMSCOPE_LEDGER_TYPES * sizeof *living);
    memscope_unmap(all, MEMSCOPE_LEDGER_TYPES * sizeof *all);
}
