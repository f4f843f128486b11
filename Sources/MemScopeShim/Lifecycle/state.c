#include "state.h"

#include "../History/history.h"
#include "../Stack/intern.h"
#include "../Stack/return_address.h"
#include "mapping.h"
#include "memory_limit.h"
#include "switch.h"

struct memscope_engine memscope_engine;
struct memscope_switch memscope_switch __attribute__((aligned(MEMSCOPE_PAGE)));

unsigned memscope_table_shift(void) {
    uint64_t memory = memscope_memory_limit(), space = memscope_address_space(), least = memory < space ? memory : space;
    unsigned shift = 0;
    // Under a limit the program needs it more than we do.
    for (uint64_t bytes = UINT64_C(64) << 30; bytes > least && shift < 12; bytes /= 2) shift++;
    return shift;
}

// Address space is reserved for far more than is ever used; memory is taken as it is touched. Where the kernel will
// not reserve so much, smaller tables serve: what no longer fits is counted into one leaf per size that says so.
bool memscope_state_start(void) {
    struct memscope_engine *engine = &memscope_engine;
    if (engine->leaves) return true;
    unsigned shift = memscope_table_shift();
    engine->leaf_capacity = (1u << 26) >> shift;
    engine->leaves = memscope_map_table(sizeof *engine->leaves, &engine->leaf_capacity, 1u << 14);
    engine->totals = memscope_map_table(sizeof *engine->totals, &engine->leaf_capacity, 1u << 14);
    engine->node_capacity = (1u << 28) >> shift;
    engine->nodes = memscope_map_table(sizeof *engine->nodes, &engine->node_capacity, 1u << 16);
    engine->context_capacity = (1u << 24) >> (shift > 10 ? 10 : shift);
    engine->contexts = memscope_map_table(sizeof *engine->contexts, &engine->context_capacity, 1u << 12);
    engine->task_capacity = (1u << 23) >> (shift > 10 ? 10 : shift);
    engine->tasks = memscope_map_table(sizeof *engine->tasks, &engine->task_capacity, 1u << 12);
    engine->run_capacity = (1u << MEMSCOPE_RUN_INDEX_BITS) >> (shift > 10 ? 10 : shift);
    engine->runs = memscope_map_table(sizeof *engine->runs, &engine->run_capacity, 1u << 12);
    engine->scope_runs_capacity = MEMSCOPE_SCOPES >> (shift > 8 ? 8 : shift);
    engine->scope_runs = memscope_map_table(sizeof *engine->scope_runs, &engine->scope_runs_capacity, 1u << 6);
    engine->groups = memscope_map(MEMSCOPE_GROUPS * sizeof *engine->groups);
    engine->group_list = memscope_map(MEMSCOPE_GROUPS * sizeof *engine->group_list);
    engine->task_sites = memscope_map(MEMSCOPE_TASK_SITES * sizeof *engine->task_sites);
    engine->handovers = memscope_map(MEMSCOPE_HANDOVERS * sizeof *engine->handovers);
    engine->mixed_capacity = (1u << 22) >> (shift > 10 ? 10 : shift);
    engine->mixed = memscope_map_table(sizeof *engine->mixed, &engine->mixed_capacity, 1u << 12);
    engine->scopes = memscope_map(MEMSCOPE_SCOPES * sizeof *engine->scopes);
    engine->threads = memscope_map(MEMSCOPE_THREADS * sizeof *engine->threads);
    engine->names = memscope_map(MEMSCOPE_NAME_BYTES);
    engine->marks = memscope_map(MEMSCOPE_MARKS * sizeof *engine->marks);
    engine->scope_events = memscope_map(MEMSCOPE_SCOPE_EVENTS * sizeof *engine->scope_events);
    engine->snapshots = memscope_map(MEMSCOPE_SNAPSHOTS * sizeof *engine->snapshots);
    engine->freed_types = memscope_map(MEMSCOPE_FREED_TYPES * sizeof *engine->freed_types);
    engine->samples = memscope_map(MEMSCOPE_SAMPLES * sizeof *engine->samples);
    if (!engine->leaves || !engine->totals || !engine->nodes || !engine->contexts || !engine->mixed || !engine->tasks ||
        !engine->runs || !engine->scope_runs || !engine->groups || !engine->group_list || !engine->task_sites || !engine->handovers ||
        !engine->scopes || !engine->threads || !engine->names || !engine->marks || !engine->freed_types ||
        !engine->samples || !engine->scope_events || !engine->snapshots || !memscope_addresses_start() || !memscope_intern_start())
        return false;
    // Index 0 means "none" in an entry, a node's parent, a scope's name.
    engine->leaf_count = engine->node_count = engine->mixed_count = engine->name_bytes = 1;
    engine->context_count = engine->task_count = engine->run_count = 1;
    engine->contexts[0].flags = MEMSCOPE_CONTEXT_BEGUN;  // what found no place of its own
    engine->sample_stride = 1;
    engine->peak_generation = 1;
    memscope_history_start();
    return true;
}
