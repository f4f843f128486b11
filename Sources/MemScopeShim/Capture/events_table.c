#include "events_table.h"

#include "../Lifecycle/state.h"
#include "content.h"
#include "memscope_events.h"

static struct memscope_scope_event kept[MEMSCOPE_SCOPE_EVENTS];
static uint64_t seen;

enum : uint64_t { OPEN = UINT64_MAX };

// Runs that were not over at the cut. Their length is that until the cut; what they allocated is not known before their end.
static uint32_t add_open_runs(uint32_t count) {
    const struct memscope_engine *engine = &memscope_engine;
    uint32_t runs = memscope_load_acquire(&engine->run_count);
    for (uint32_t i = 1; i < runs; i++) {
        const struct memscope_run *run = &engine->runs[i];
        uint64_t begin = __atomic_load_n(&run->begin, __ATOMIC_ACQUIRE);
        if (begin == 0 || begin > engine->now || run->scope > memscope_cut.scopes) continue;
        struct memscope_scope_event event = {.begin = begin, .end = engine->now, .scope = run->scope, .allocations = OPEN};
        memscope_scope_event_keep(kept, &count, &event, seen++);
    }
    return count;
}

static void write_scope_events(struct memscope_writer *writer) {
    const struct memscope_engine *engine = &memscope_engine;
    memcpy(kept, engine->scope_events, engine->scope_event_count * sizeof *kept);
    seen = engine->scope_events_seen;
    uint32_t count = add_open_runs(engine->scope_event_count);
    struct { uint32_t scope, flags; uint64_t begin, end, allocations, allocated_bytes, retained_bytes; } element;
    memscope_writer_section(writer, MEMSCOPE_SECTION_SCOPE_EVENTS, sizeof element);
    for (uint32_t i = 0; i < count; i++) {
        bool is_open = kept[i].allocations == OPEN;
        element.scope = kept[i].scope - 1;
        element.flags = is_open;
        element.begin = kept[i].begin;
        element.end = kept[i].end;
        element.allocations = is_open ? 0 : kept[i].allocations;
        element.allocated_bytes = kept[i].allocated_bytes;
        element.retained_bytes = kept[i].retained_bytes;
        memscope_writer_add(writer, &element);
    }
}

void memscope_events_table_write(struct memscope_writer *writer) {
    const struct memscope_engine *engine = &memscope_engine;
    write_scope_events(writer);
    struct { uint64_t time, live_bytes, live_blocks; uint32_t reason, flags; } element;
    memscope_writer_section(writer, MEMSCOPE_SECTION_SNAPSHOTS, sizeof element);
    for (uint32_t i = 0; i < engine->snapshot_count; i++) {
        const struct memscope_snapshot *snapshot = &engine->snapshots[i];
        element.time = snapshot->time;
        element.live_bytes = snapshot->live_bytes;
        element.live_blocks = snapshot->live_blocks;
        element.reason = memscope_writer_text(writer, snapshot->reason, strlen(snapshot->reason));
        element.flags = snapshot->flags;
        memscope_writer_add(writer, &element);
    }
}

uint64_t memscope_events_table_runs(void) { return seen; }
