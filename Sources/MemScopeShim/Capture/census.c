#define _GNU_SOURCE
#include "census.h"

#include <sys/mman.h>

#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"

enum { KEPT = 1 << 14 };

static const uint64_t STEP = 8000, REACH = STEP << MEMSCOPE_BIRTH_BITS;  // milliseconds

// Types by their words, those of no bytes left out.
struct kept {
    uint32_t count;
    /// There were more types than places.
    uint32_t is_short;
    struct { uint64_t type, bytes; } rows[KEPT];
};

struct memory {
    /// Which of the two tables holds, plus one; 0 before the first capture.
    uint32_t current;
    struct kept kept[2];
};

static struct memory *_Nullable memory;

void memscope_census_prepare(void) {
    if (memory) return;
    void *found = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (found != MAP_FAILED) memory = found;
}

uint64_t memscope_census_age(uint64_t entry) {
    uint64_t now = memscope_engine.now / 1000000, generation = now / STEP;
    uint64_t steps = (generation - (entry >> MEMSCOPE_BIRTH_SHIFT)) & MEMSCOPE_BIRTH_MASK;
    uint64_t into_step = now % STEP;
    if (steps == 0) return into_step / 2;
    uint64_t age = (steps - 1) * STEP + into_step + STEP / 2;
    return age < now ? age : now;
}

bool memscope_census_start(struct memscope_census *census) {
    census->rows = memscope_map((MEMSCOPE_TYPES + 1) * sizeof *census->rows);
    return census->rows != NULL;
}

static void keep(struct kept *into, const struct memscope_census *census, const struct memscope_type_table *types) {
    into->count = into->is_short = 0;
    for (uint32_t i = 0; i <= types->count; i++) {
        if (census->rows[i].bytes == 0) continue;
        if (into->count == KEPT) {
            into->is_short = 1;
            return;
        }
        into->rows[into->count].type = i ? types->order[i - 1] : 0;
        into->rows[into->count++].bytes = census->rows[i].bytes;
    }
}

enum row_flag : uint32_t { AGE_KNOWN = 1, BEFORE_KNOWN = 2 };

void memscope_census_write(struct memscope_census *census, struct memscope_writer *writer, struct memscope_type_table *types) {
    struct { uint32_t type, flags; uint64_t age, before; } element;
    _Static_assert(sizeof element == 24, "as Docs/capture-format.md says");
    memscope_writer_section(writer, MEMSCOPE_SECTION_CENSUS, sizeof element);
    uint64_t *before = memscope_map((MEMSCOPE_TYPES + 1) * sizeof *before);
    if (!before) return;
    const struct kept *kept = memory && memory->current ? &memory->kept[memory->current - 1] : NULL;
    // Adds the types that were there and are not.
    for (uint32_t i = 0; kept && i < kept->count; i++)
        before[memscope_type_index(types, kept->rows[i].type)] = kept->rows[i].bytes;
    uint32_t flags = memscope_engine.now / 1000000 < REACH ? AGE_KNOWN : 0;
    for (uint32_t i = 0; i <= types->count; i++) {
        if (census->rows[i].bytes == 0 && before[i] == 0) continue;
        element.type = i;
        element.flags = flags | (kept && (before[i] || !kept->is_short) ? BEFORE_KNOWN : 0);
        element.age = census->rows[i].age;
        element.before = before[i];
        memscope_writer_add(writer, &element);
    }
    memscope_unmap(before, (MEMSCOPE_TYPES + 1) * sizeof *before);
    if (!memory) return;
    uint32_t next = memory->current == 1 ? 1 : 0;
    keep(&memory->kept[next], census, types);
    __atomic_store_n(&memory->current, next + 1, __ATOMIC_RELEASE);
}
