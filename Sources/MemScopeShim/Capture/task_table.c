#define _GNU_SOURCE
#include "task_table.h"

#include <string.h>

#include "../Attribution/scope.h"
#include "../Attribution/task_ledger.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"
#include "../Shadow/shadow.h"
#include "../SwiftRuntime/task.h"
#include "guarded_read.h"

enum { SITE_LIMIT = 1 << 18, LISTED_SLOTS = 2 * MEMSCOPE_TASKS_LISTED };

bool memscope_task_table_start(struct memscope_task_table *table) {
    // A site is a stack that created tasks of one kind, and each such stack has a leaf.
    uint64_t most = 3 * (uint64_t)memscope_load_acquire(&memscope_engine.leaf_count) + 3, capacity = 1 << 6;
    while (capacity < most && capacity < SITE_LIMIT) capacity *= 2;
    *table = (struct memscope_task_table){.mask = (uint32_t)(2 * capacity - 1), .capacity = (uint32_t)capacity};
    table->slots = memscope_map(2 * capacity * sizeof *table->slots);
    table->rows = memscope_map(capacity * sizeof *table->rows);
    table->listed = memscope_map(LISTED_SLOTS * sizeof *table->listed);
    return table->slots && table->rows && table->listed;
}

// Where an address is, or would be.
static uint32_t listed_slot(const struct memscope_task_table *table, uint64_t address) {
    uint32_t slot = (uint32_t)(address * UINT64_C(0x9E3779B97F4A7C15) >> 40) % LISTED_SLOTS;
    while (table->listed[slot].address != 0 && table->listed[slot].address != address) slot = (slot + 1) % LISTED_SLOTS;
    return slot;
}

uint32_t memscope_task_table_listed(const struct memscope_task_table *table, uint64_t address) {
    return table->listed[listed_slot(table, address)].index;
}

uint32_t memscope_task_table_site(struct memscope_task_table *table, uint32_t site) {
    if ((site & 3) == MEMSCOPE_TASK_KIND_NONE) return 0;
    uint64_t hash = site * UINT64_C(0x9E3779B97F4A7C15);
    for (uint32_t i = (uint32_t)(hash >> 40) & table->mask;; i = (i + 1) & table->mask) {
        uint32_t index = table->slots[i];
        if (index != 0 && table->rows[index - 1].site != site) continue;
        if (index == 0 && table->count == table->capacity) return 0;
        if (index == 0) {
            table->rows[table->count].site = site;
            index = table->slots[i] = ++table->count;
        }
        return index;
    }
}

static enum memscope_task_state state_of(const void *task) {
    uint32_t flags = memscope_task_flags(task);
    return flags & MEMSCOPE_TASK_COMPLETE   ? MEMSCOPE_TASK_STATE_COMPLETE
           : flags & MEMSCOPE_TASK_RUNNING  ? MEMSCOPE_TASK_STATE_RUNNING
           : flags & MEMSCOPE_TASK_ENQUEUED ? MEMSCOPE_TASK_STATE_ENQUEUED
                                            : MEMSCOPE_TASK_STATE_SUSPENDED;
}

void memscope_task_table_count(struct memscope_task_table *table, uintptr_t task, uint32_t node) {
    const void *object = (const void *)task;
    uint32_t kind = memscope_task_flags(object) & MEMSCOPE_TASK_GROUP_CHILD ? MEMSCOPE_TASK_KIND_GROUP_CHILD
                                                                            : MEMSCOPE_TASK_KIND_UNSTRUCTURED;
    uint32_t index = memscope_task_table_site(table, node << MEMSCOPE_SITE_KIND_BITS | kind);
    if (index) table->rows[index - 1].in_state[state_of(object)]++;
}

// What a task's own words say, if it is still there.
struct words {
    enum memscope_task_state state;
    uint32_t priority;
    uint64_t parent_id;
    uint64_t slab_bytes;
};

static struct words read_words(const struct memscope_task *record, bool frozen) {
    struct words words = {0};
    const void *task = (const void *)record->address;
    // What goes wrong half-way keeps what was read so far.
    volatile bool is_there = false;
    if (!frozen) return words;
    if (memscope_guard_begin()) {
        is_there = memscope_task_id(task) == record->id;
        if (is_there) {
            words.state = state_of(task);
            words.priority = memscope_task_priority(task);
            const void *parent = memscope_task_parent(task);
            if (parent) words.parent_id = memscope_task_id(parent);
            words.slab_bytes = memscope_task_slab_bytes(task);
        }
    }
    return words;
}

// The context of whoever created the task: that of the task object's own block. 0 for an `async let`, which is none.
static uint32_t creating_context(const struct memscope_task *record) {
    uint64_t *place = memscope_shadow_find((uintptr_t)record->address);
    uint64_t entry = place ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
    if (entry == 0 || (entry & 3) != memscope_shadow_start_bits((uintptr_t)record->address)) return 0;
    return (uint32_t)(entry >> MEMSCOPE_CONTEXT_SHIFT) & MEMSCOPE_CONTEXT_MASK;
}

static struct memscope_sums sums_of(const struct memscope_task *record) {
    return (struct memscope_sums){
        .allocations = record->allocations,
        .frees = record->allocations - record->live_blocks,
        .temporaries = record->temporaries,
        .allocated_bytes = record->allocated_bytes,
        .freed_bytes = record->allocated_bytes - record->live_bytes,
    };
}

enum { ELEMENT_SCOPE_OVER = 1 };
struct task_element {
    uint64_t id, parent_id;
    uint32_t site, name, state, priority, first_seen, last_seen, scope, flags;
    uint64_t slab_bytes, peak_bytes;
    struct memscope_sums sums;
};

static void write_task(struct memscope_task_table *table, struct memscope_writer *writer, uint32_t index, bool frozen) {
    const struct memscope_task *record = &memscope_engine.tasks[index];
    struct words words = read_words(record, frozen);
    const char *name = memscope_engine.names + record->name;
    struct task_element element = {
        .id = record->id,
        .parent_id = words.parent_id,
        .site = memscope_task_table_site(table, record->site),
        .name = memscope_writer_text(writer, name, strlen(name)),
        .state = words.state,
        .priority = words.priority,
        .first_seen = record->first_seen,
        .last_seen = record->last_seen,
        .slab_bytes = words.slab_bytes,
        .peak_bytes = record->peak_bytes,
        .sums = sums_of(record),
    };
    const struct memscope_context *creator = &memscope_engine.contexts[creating_context(record)];
    if (creator != memscope_engine.contexts) {
        element.scope = MEMSCOPE_RUN_SCOPE(creator->run);
        bool is_over = MEMSCOPE_RUN_INDEX(creator->run) && memscope_run_current(creator->run) != creator->run;
        if (is_over) element.flags |= ELEMENT_SCOPE_OVER;
        // A task that was created without a parent names the one that created it.
        const struct memscope_task *parent = &memscope_engine.tasks[creator->task];
        if (element.parent_id == 0 && (uint32_t)parent->id == creator->task_id) element.parent_id = parent->id;
    }
    memscope_writer_add(writer, &element);
}

// The tasks that hold most, by a heap of bounded size whose root is the least of them.
struct leaders { uint32_t count; struct { uint64_t bytes; uint32_t task; } heap[MEMSCOPE_TASKS_LISTED]; };

static void sift(struct leaders *leaders, uint32_t at) {
    for (;;) {
        uint32_t least = at;
        for (uint32_t child = 2 * at + 1; child <= 2 * at + 2 && child < leaders->count; child++)
            if (leaders->heap[child].bytes < leaders->heap[least].bytes) least = child;
        if (least == at) return;
        __typeof__(leaders->heap[0]) moved = leaders->heap[at];
        leaders->heap[at] = leaders->heap[least];
        leaders->heap[least] = moved;
        at = least;
    }
}

static void offer(struct leaders *leaders, uint64_t bytes, uint32_t task) {
    if (leaders->count < MEMSCOPE_TASKS_LISTED) {
        leaders->heap[leaders->count].bytes = bytes;
        leaders->heap[leaders->count++].task = task;
        if (leaders->count == MEMSCOPE_TASKS_LISTED)
            for (uint32_t i = leaders->count / 2; i-- > 0;) sift(leaders, i);
    } else if (bytes > leaders->heap[0].bytes) {
        leaders->heap[0].bytes = bytes;
        leaders->heap[0].task = task;
        sift(leaders, 0);
    }
}

static void write_tasks(struct memscope_task_table *table, struct memscope_writer *writer, bool frozen) {
    static struct leaders leaders;
    leaders.count = 0;
    uint32_t count = memscope_load_acquire(&memscope_engine.task_count);
    for (uint32_t i = 1; i < count; i++) {
        const struct memscope_task *record = &memscope_engine.tasks[i];
        if (record->address == 0 || record->flags & MEMSCOPE_TASK_ENDED) continue;
        offer(&leaders, record->live_bytes, i);
        // One that has no block of its own was not counted among the live blocks.
        if ((record->site & 3) == MEMSCOPE_TASK_KIND_ASYNC_LET) {
            uint32_t site = memscope_task_table_site(table, record->site);
            if (site) table->rows[site - 1].in_state[read_words(record, frozen).state]++;
        }
    }
    memscope_writer_section(writer, MEMSCOPE_SECTION_TASKS, sizeof(struct task_element));
    for (uint32_t i = 0; i < leaders.count; i++) {
        write_task(table, writer, leaders.heap[i].task, frozen);
        uint64_t address = memscope_engine.tasks[leaders.heap[i].task].address;
        uint32_t slot = listed_slot(table, address);
        table->listed[slot].address = address;
        table->listed[slot].index = i + 1;
    }
}

void memscope_task_table_write(struct memscope_task_table *table, struct memscope_writer *writer, bool frozen) {
    write_tasks(table, writer, frozen);
    const struct memscope_engine *engine = &memscope_engine;
    // Sites whose tasks are all gone have no row yet.
    for (uint32_t i = 0; i < MEMSCOPE_TASK_SITES; i++) memscope_task_table_site(table, engine->task_sites[i].site);
    struct {
        uint32_t node, kind;
        uint64_t in_state[MEMSCOPE_TASK_STATES], finished, milliseconds, peak_bytes, allocated_bytes;
    } element;
    uint32_t *gone = memscope_map((table->count + 1) * sizeof *gone);
    for (uint32_t i = 0; gone && i < MEMSCOPE_TASK_SITES; i++) {
        uint32_t index = memscope_task_table_site(table, engine->task_sites[i].site);
        if (index) gone[index - 1] = i + 1;
    }
    memscope_writer_section(writer, MEMSCOPE_SECTION_TASK_SITES, sizeof element);
    for (uint32_t i = 0; i < table->count; i++) {
        memset(&element, 0, sizeof element);
        element.node = table->rows[i].site >> MEMSCOPE_SITE_KIND_BITS;
        element.kind = table->rows[i].site & 3;
        memcpy(element.in_state, table->rows[i].in_state, sizeof element.in_state);
        if (gone && gone[i]) {
            const struct memscope_task_site *site = &engine->task_sites[gone[i] - 1];
            element.finished = site->finished;
            element.milliseconds = site->milliseconds;
            element.peak_bytes = site->peak_bytes;
            element.allocated_bytes = site->allocated_bytes;
        }
        memscope_writer_add(writer, &element);
    }
}
