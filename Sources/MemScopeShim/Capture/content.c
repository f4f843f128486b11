#define _GNU_SOURCE
#include "content.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../Attribution/tracked_names.h"
#include "../Custody/code_module.h"
#include "../History/history.h"
#include "../LeakScan/leak_check.h"
#include "../LeakScan/leak_scan.h"
#include "../LeakScan/lsan_definitions.h"
#include "../Ledger/ledger.h"
#include "../Lifecycle/configuration.h"
#include "../Lifecycle/decimal.h"
#include "../Lifecycle/drain_thread.h"
#include "../Lifecycle/instance.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/modules.h"
#include "../Lifecycle/start.h"
#include "../Lifecycle/state.h"
#include "../Ring/thread.h"
#include "../Stack/return_address.h"
#include "../SwiftRuntime/block_type.h"
#include "../SwiftRuntime/current_task.h"
#include "../SwiftRuntime/swift_runtime.h"
#include "census.h"
#include "context_table.h"
#include "events_table.h"
#include "field_table.h"
#include "guarded_read.h"
#include "history_table.h"
#include "scope_leaks_table.h"
#include "ledger_table.h"
#include "live_heap.h"
#include "task_table.h"
#include "tracked_table.h"
#include "type_table.h"

struct memscope_cut memscope_cut;

// Of the capture that is being written.
static struct {
    bool frozen;
    uint64_t tracker_bytes, census_time, frees_unlisted;
    struct memscope_leak_scan leaks;
} made;

// An element refers only to elements published before it; so each count is read before those of what it refers to.
void memscope_content_prepare(void) {
    const struct memscope_engine *engine = &memscope_engine;
    memscope_cut.leaves = memscope_load_acquire(&engine->leaf_count);
    memscope_cut.nodes = memscope_load_acquire(&engine->node_count);
    memscope_cut.scopes = memscope_load_acquire(&engine->scope_count);
    memscope_cut.threads = memscope_load_acquire(&engine->thread_count);
    memscope_cut.modules = memscope_load_acquire(&memscope_module_count);
}

static void add_property(struct memscope_writer *writer, const char *key, const char *value) {
    uint32_t pair[2] = {memscope_writer_text(writer, key, strlen(key)),
                        memscope_writer_text(writer, value, strlen(value))};
    memscope_writer_add(writer, pair);
}

static void add_number_property(struct memscope_writer *writer, const char *key, uint64_t value) {
    char digits[21];
    memscope_decimal(digits, value);
    add_property(writer, key, digits);
}

static void write_arguments(struct memscope_writer *writer) {
    static char line[1 << 16];
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t bytes = file < 0 ? 0 : read(file, line, sizeof line - 1);
    if (file >= 0) close(file);
    for (ssize_t at = 0; at < bytes; at += (ssize_t)strlen(line + at) + 1) add_property(writer, "argument", line + at);
}

static void write_properties(struct memscope_writer *writer, const char *reason) {
    memscope_writer_section(writer, MEMSCOPE_SECTION_PROPERTIES, 8);
    static char path[4096];
    ssize_t bytes = readlink("/proc/self/exe", path, sizeof path - 1);
    if (bytes > 0) path[bytes] = 0;
    add_property(writer, "executable", path);
    write_arguments(writer);
    add_number_property(writer, "pid", (uint64_t)memscope_tracked_pid());
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    add_number_property(writer, "startTime", memscope_start_time);
    add_number_property(writer, "captureTime", (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
    add_property(writer, "reason", reason);
    add_property(writer, "attachment", memscope_this_is_preload() ? "preloaded" : "linked");
    if (memscope_block_types_available()) add_property(writer, "swiftRuntime", "found");
    else add_property(writer, "unavailable.types", "The program has no Swift runtime.");
    if (memscope_swift_runtime.unavailable)
        add_property(writer, "unavailable.asyncStacks", memscope_swift_runtime.unavailable);
    if (memscope_ledger_selection()[0]) add_property(writer, "ledgerSelection", memscope_ledger_selection());
    if (memscope_ledger_complaint()[0]) add_property(writer, "ledgerComplaint", memscope_ledger_complaint());
    if (made.leaks.complaint[0]) add_property(writer, "leakScanComplaint", made.leaks.complaint);
    if (made.leaks.outcome == MEMSCOPE_LEAK_SCAN_NOT_ASKED) return;
    char classes[64];
    memscope_root_classes_write(memscope_configuration.leak_roots, classes);
    add_property(writer, "leakRoots", classes);
    const char *suppressions = memscope_lsan_definitions_suppressions();
    if (suppressions) add_property(writer, "programSuppressions", suppressions);
}

struct module_element { uint64_t start, end, bias; uint32_t path, build_id, flags, zero; };

static void write_modules(struct memscope_writer *writer) {
    static const char digits[] = "0123456789abcdef";
    memscope_writer_section(writer, MEMSCOPE_SECTION_MODULES, sizeof(struct module_element));
    uint32_t count = memscope_cut.modules;
    for (uint32_t i = 0; i < count; i++) {
        const struct memscope_module *module = &memscope_modules[i];
        char build_id[2 * MEMSCOPE_BUILD_ID];
        for (uint32_t b = 0; b < module->build_id_bytes; b++) {
            build_id[2 * b] = digits[module->build_id[b] >> 4];
            build_id[2 * b + 1] = digits[module->build_id[b] & 15];
        }
        const char *path = memscope_engine.names + module->path;
        // Addresses of a module that is gone were moved out of the way of what came after it.
        uint64_t moved = (uint64_t)module->generation << 48;
        struct module_element element = {
            .start = module->start + moved,
            .end = module->end + moved,
            .bias = module->bias + moved,
            .path = memscope_writer_text(writer, path, strlen(path)),
            .build_id = memscope_writer_text(writer, build_id, 2 * module->build_id_bytes),
            .flags = module->generation != 0,
        };
        memscope_writer_add(writer, &element);
    }
}

// Only addresses that occur in a node are written; `dense` maps an address to its place in the file.
static void write_addresses_and_nodes(struct memscope_writer *writer) {
    uint32_t count = memscope_cut.nodes, used = 0;
    uint32_t *dense = memscope_map(((size_t)memscope_address_mask + 1) * sizeof *dense);
    if (!dense) {
        writer->error = 12;  // ENOMEM
        return;
    }
    memscope_writer_section(writer, MEMSCOPE_SECTION_ADDRESSES, 8);
    for (uint32_t i = 1; i < count; i++) {
        uint32_t slot = memscope_engine.nodes[i].frame & MEMSCOPE_FRAME_ADDRESS_MASK;
        if (dense[slot]) continue;
        dense[slot] = ++used;
        uint64_t address = memscope_addresses[slot].key & ~MEMSCOPE_KEY_INTERRUPTED;
        memscope_writer_add(writer, &address);
    }
    memscope_writer_section(writer, MEMSCOPE_SECTION_NODES, sizeof(struct memscope_node));
    for (uint32_t i = 0; i < count; i++) {
        struct memscope_node node = memscope_engine.nodes[i];
        uint32_t slot = node.frame & MEMSCOPE_FRAME_ADDRESS_MASK;
        node.frame = i == 0 ? 0 : (dense[slot] - 1) | (node.frame & ~MEMSCOPE_FRAME_ADDRESS_MASK);
        memscope_writer_add(writer, &node);
    }
    memscope_unmap(dense, ((size_t)memscope_address_mask + 1) * sizeof *dense);
}

struct site_element {
    uint32_t node, flags;
    uint64_t size;
    uint32_t type, module;
    uint64_t allocations, frees, temporaries, allocated_bytes, freed_bytes, peak_blocks, peak_bytes;
};

static void write_sites(struct memscope_writer *writer, struct memscope_type_table *types) {
    const struct memscope_engine *engine = &memscope_engine;
    memscope_writer_section(writer, MEMSCOPE_SECTION_SITES, sizeof(struct site_element));
    uint32_t count = memscope_cut.leaves;
    for (uint32_t i = 0; i < count; i++) {  // leaf 0 is written as an empty site, so that numbers stay what they are
        const struct memscope_leaf *leaf = &engine->leaves[i];
        const struct memscope_leaf_totals *totals = &engine->totals[i];
        uint64_t live = totals->allocations - totals->frees;
        bool changed = totals->peak_generation == engine->peak_generation;
        struct site_element element = {
            .node = leaf->node,
            .flags = leaf->flags & (MEMSCOPE_LEAF_MIXED | MEMSCOPE_LEAF_TRUNCATED | MEMSCOPE_LEAF_UNPLACED),
            .size = leaf->size,
            .type = memscope_type_index(types, leaf->type),
            .module = memscope_code_module_listed(leaf->flags >> MEMSCOPE_LEAF_MODULE_SHIFT),
            .allocations = totals->allocations,
            .frees = totals->frees,
            .temporaries = totals->temporaries,
            .allocated_bytes = totals->allocations * leaf->size,
            .freed_bytes = totals->frees * leaf->size,
            .peak_blocks = changed ? totals->live_at_peak : live,
        };
        if (element.module == 0 && leaf->flags >> MEMSCOPE_LEAF_MODULE_SHIFT != 0) element.flags |= MEMSCOPE_LEAF_UNPLACED;
        element.peak_bytes = element.peak_blocks * leaf->size;
        if (totals->size & MEMSCOPE_TOTALS_MIXED) {
            const struct memscope_mixed_totals *mixed = &engine->mixed[totals->size & ~MEMSCOPE_TOTALS_MIXED];
            element.allocated_bytes = mixed->allocated_bytes;
            element.freed_bytes = mixed->freed_bytes;
            element.peak_bytes = changed ? mixed->live_bytes_at_peak : mixed->allocated_bytes - mixed->freed_bytes;
        }
        memscope_writer_add(writer, &element);
    }
}

static void write_threads_and_scopes(struct memscope_writer *writer) {
    const struct memscope_engine *engine = &memscope_engine;
    struct { uint32_t tid, name, flags, zero; uint64_t peak_bytes; } row = {0};
    memscope_writer_section(writer, MEMSCOPE_SECTION_THREADS, sizeof row);
    uint32_t count = memscope_cut.threads;
    for (uint32_t i = 0; i < count; i++) {
        const struct memscope_thread_info *thread = &engine->threads[i];
        size_t length = strnlen(thread->name, sizeof thread->name);
        row.tid = thread->tid;
        row.name = memscope_writer_text(writer, thread->name, length);
        row.flags = thread->exited;
        row.peak_bytes = thread->peak_bytes;
        memscope_writer_add(writer, &row);
    }
    // Context 0 and blocks of threads beyond the table refer to thread 0; there must be one.
    if (count == 0) memscope_writer_add(writer, &row);
    struct { uint32_t parent, name; uint64_t entries; } element;
    memscope_writer_section(writer, MEMSCOPE_SECTION_SCOPES, sizeof element);
    count = memscope_cut.scopes;
    for (uint32_t i = 0; i < count; i++) {
        const struct memscope_scope *scope = &engine->scopes[i];
        const char *name = engine->names + scope->name;
        element.parent = scope->parent;
        element.name = memscope_writer_text(writer, name, strlen(name));
        element.entries = scope->entries;
        memscope_writer_add(writer, &element);
    }
}

// The figure that `share` of the runs, in thousandths, do not exceed: the middle of the bucket it falls into.
static uint64_t quantile(const struct memscope_distribution *distribution, uint64_t runs, uint64_t share) {
    uint64_t wanted = (runs * share + 999) / 1000, seen = 0;
    for (uint32_t i = 0; i < MEMSCOPE_DISTRIBUTION_BUCKETS; i++) {
        seen += distribution->buckets[i];
        if (seen < wanted || seen == 0) continue;
        if (i < 16) return i;
        uint32_t shift = i / 8 - 1;
        uint64_t middle = ((uint64_t)(8 + i % 8) << shift) + (UINT64_C(1) << shift) / 2;
        return middle < distribution->largest ? middle : distribution->largest;
    }
    return distribution->largest;
}

struct distribution_element { uint64_t sum, median, percentile_95, largest; };

static struct distribution_element summary(const struct memscope_distribution *distribution, uint64_t runs) {
    return (struct distribution_element){
        .sum = distribution->sum,
        .median = quantile(distribution, runs, 500),
        .percentile_95 = quantile(distribution, runs, 950),
        .largest = distribution->largest,
    };
}

static void write_scope_runs(struct memscope_writer *writer) {
    const struct memscope_engine *engine = &memscope_engine;
    struct { uint32_t scope, zero; uint64_t ended; struct distribution_element allocations, allocated, retained; } element;
    memscope_writer_section(writer, MEMSCOPE_SECTION_SCOPE_RUNS, sizeof element);
    for (uint32_t i = 0; i < memscope_cut.scopes && i < engine->scope_runs_capacity; i++) {
        const struct memscope_scope_runs *runs = &engine->scope_runs[i];
        if (runs->ended == 0) continue;
        element.scope = i;
        element.zero = 0;
        element.ended = runs->ended;
        element.allocations = summary(&runs->allocations, runs->ended);
        element.allocated = summary(&runs->allocated_bytes, runs->ended);
        element.retained = summary(&runs->retained_bytes, runs->ended);
        memscope_writer_add(writer, &element);
    }
}

static void write_handovers(struct memscope_writer *writer) {
    memscope_writer_section(writer, MEMSCOPE_SECTION_HANDOVERS, sizeof(struct memscope_handover));
    for (uint32_t i = 0; i < MEMSCOPE_HANDOVERS; i++) {
        const struct memscope_handover *handover = &memscope_engine.handovers[i];
        if (handover->frees) memscope_writer_add(writer, handover);
    }
}

static void write_crossings(struct memscope_writer *writer) {
    struct { uint32_t site, module; uint64_t frees, bytes; } element;
    memscope_writer_section(writer, MEMSCOPE_SECTION_CROSSINGS, sizeof element);
    for (uint32_t i = 0; memscope_engine.crossings && i < MEMSCOPE_CROSSINGS; i++) {
        const struct memscope_crossing *crossing = &memscope_engine.crossings[i];
        uint32_t module = crossing->frees ? memscope_code_module_listed(crossing->freed_in) : 0;
        if (module == 0) {
            made.frees_unlisted += crossing->frees;
            continue;
        }
        element.site = crossing->leaf;
        element.module = module - 1;
        element.frees = crossing->frees;
        element.bytes = crossing->bytes;
        memscope_writer_add(writer, &element);
    }
}

static void write_freed_types(struct memscope_writer *writer, struct memscope_type_table *types) {
    struct { uint32_t site, type; uint64_t frees, bytes; } element;
    memscope_writer_section(writer, MEMSCOPE_SECTION_FREED_TYPES, sizeof element);
    for (uint32_t i = 0; i < MEMSCOPE_FREED_TYPES; i++) {
        const struct memscope_freed_type *freed = &memscope_engine.freed_types[i];
        uint32_t type = freed->leaf ? memscope_type_index(types, freed->type) : 0;
        if (type == 0) continue;
        element.site = freed->leaf;
        element.type = type - 1;
        element.frees = freed->frees;
        element.bytes = freed->bytes;
        memscope_writer_add(writer, &element);
    }
}

static void write_timeline(struct memscope_writer *writer) {
    const struct memscope_engine *engine = &memscope_engine;
    memscope_writer_section(writer, MEMSCOPE_SECTION_TIMELINE, sizeof(struct memscope_sample));
    for (uint32_t i = 0; i < engine->sample_count; i++) memscope_writer_add(writer, &engine->samples[i]);
    memscope_writer_section(writer, MEMSCOPE_SECTION_MARKS, sizeof(struct memscope_mark));
    for (uint32_t i = 0; i < engine->mark_count; i++) {
        struct memscope_mark mark = engine->marks[i];
        const char *name = engine->names + mark.name;
        mark.name = memscope_writer_text(writer, name, strlen(name));
        memscope_writer_add(writer, &mark);
    }
}

static void add_counter(struct memscope_writer *writer, const char *key, uint64_t value) {
    struct { uint32_t key, zero; uint64_t value; } element = {memscope_writer_text(writer, key, strlen(key)), 0, value};
    memscope_writer_add(writer, &element);
}

static uint64_t known_tasks(void) {
    uint64_t known = 0;
    uint32_t count = memscope_load_acquire(&memscope_engine.task_count);
    for (uint32_t i = 1; i < count; i++) known += memscope_engine.tasks[i].address != 0;
    return known;
}

#define THREAD_SUM(field) memscope_threads_sum(offsetof(struct memscope_thread, field))

static void write_counters(struct memscope_writer *writer) {
    const struct memscope_engine *engine = &memscope_engine;
    const struct memscope_leak_scan *leaks = &made.leaks;
    memscope_writer_section(writer, MEMSCOPE_SECTION_COUNTERS, 16);
    add_counter(writer, "allocations", engine->allocations);
    add_counter(writer, "frees", engine->frees);
    add_counter(writer, "allocatedBytes", engine->allocated_bytes);
    add_counter(writer, "freedBytes", engine->freed_bytes);
    add_counter(writer, "peakBytes", engine->peak_bytes);
    add_counter(writer, "peakUpperBound", engine->peak_upper_bound);
    add_counter(writer, "peakTime", engine->peak_time);
    add_counter(writer, "events", engine->allocations + engine->frees);
    add_counter(writer, "droppedEvents", THREAD_SUM(dropped));
    add_counter(writer, "signalPassThrough", THREAD_SUM(pass_through));
    add_counter(writer, "unknownFrees", THREAD_SUM(unknown_frees));
    add_counter(writer, "truncatedStacks", THREAD_SUM(truncated));
    add_counter(writer, "waits", THREAD_SUM(waits));
    add_counter(writer, "trackerBytes", made.tracker_bytes);
    add_counter(writer, "historyBytes", memscope_history_bytes());
    add_counter(writer, "trackerCPU", memscope_tracker_cpu());
    add_counter(writer, "processCPU", memscope_process_cpu());
    add_counter(writer, "attributionsLost", engine->groups_lost + engine->task_sites_lost + engine->handovers_lost);
    if (memscope_configuration.custody) {
        add_counter(writer, "custody", 1);
        add_counter(writer, "freedByUnknown", THREAD_SUM(freed_by_unknown) + made.frees_unlisted);
        add_counter(writer, "crossingsLost", engine->crossings_lost);
    }
    add_counter(writer, "untrackedThreads", memscope_threads_untracked());
    add_counter(writer, "tasksKnown", known_tasks());
    add_counter(writer, "isFrozenCopy", made.frozen);
    memscope_ledger_table_count(writer, add_counter);
    add_counter(writer, "censusTime", made.census_time);
    add_counter(writer, "scopeRuns", memscope_events_table_runs());
    add_counter(writer, "snapshots", engine->snapshots_seen);
    add_counter(writer, "namesLost", memscope_tracked_lost);
    add_counter(writer, "freedTypesLost", engine->freed_types_lost);
    if (leaks->outcome == MEMSCOPE_LEAK_SCAN_NOT_ASKED) return;
    add_counter(writer, "leakScan", leaks->outcome);
    add_counter(writer, "leakScanPause", memscope_leak_scan_pause());
    add_counter(writer, "leakScanCopying", memscope_leak_scan_copying());
    add_counter(writer, "leakScanTime", leaks->time);
    add_counter(writer, "leakScanMemory", leaks->memory);
    add_counter(writer, "leakedBlocks", leaks->blocks);
    add_counter(writer, "leakedBytes", leaks->bytes);
    add_counter(writer, "leakScanThreads", leaks->threads);
    add_counter(writer, "ignoredBlocks", leaks->ignored_blocks);
    add_counter(writer, "ignoredBytes", leaks->ignored_bytes);
    add_counter(writer, "unlistedRoots", leaks->unlisted_roots);
    add_counter(writer, "leakScanDoubts", leaks->doubts);
}

void memscope_content_write(struct memscope_writer *writer, enum memscope_source source, enum memscope_leak_mode mode) {
    struct memscope_type_table types;
    struct memscope_context_table contexts;
    struct memscope_task_table tasks;
    struct memscope_census census;
    bool frozen = source != MEMSCOPE_SOURCE_RUNNING;
    memset(&made, 0, sizeof made);
    made.frozen = frozen;
    // Before the search, whose memory is not counted.
    made.tracker_bytes = memscope_mapped_resident();
    if (!memscope_type_table_start(&types) || !memscope_context_table_start(&contexts) || !memscope_task_table_start(&tasks) ||
        !memscope_census_start(&census)) {
        writer->error = 12;  // ENOMEM
        return;
    }
    if (frozen) memscope_guard_start();
    if (mode != MEMSCOPE_LEAKS_NONE) memscope_leak_scan_make(&made.leaks, writer, mode, source);
    else if (memscope_leak_check_was_last())
        strcpy(made.leaks.complaint, "The program had leaks looked for before its end (__lsan_do_leak_check).");
    write_modules(writer);
    write_addresses_and_nodes(writer);
    memscope_context_table_write(&contexts, &tasks, writer);
    write_threads_and_scopes(writer);
    uint64_t began = memscope_now();
    memscope_live_heap_write(writer, &types, &contexts, &tasks, frozen, &census);
    made.census_time = memscope_now() - began;
    write_sites(writer, &types);
    memscope_task_table_write(&tasks, writer, frozen && memscope_tasks_available());
    write_scope_runs(writer);
    memscope_scope_leaks_table_write(writer);
    write_handovers(writer);
    if (memscope_configuration.custody) write_crossings(writer);
    write_freed_types(writer, &types);
    write_timeline(writer);
    memscope_events_table_write(writer);
    memscope_history_table_write(writer, &contexts);
    memscope_ledger_table_write(writer, &types, frozen, made.leaks.outcome == MEMSCOPE_LEAK_SCAN_DONE);
    if (made.leaks.outcome == MEMSCOPE_LEAK_SCAN_DONE && !memscope_leak_scan_write(writer, mode, &contexts, &tasks, &types))
        writer->error = 12;  // ENOMEM
    memscope_tracked_table_write(writer);
    // Of a program that runs no block was looked at, so there is nothing to compare with.
    if (frozen) memscope_census_write(&census, writer, &types);
    if (made.leaks.outcome == MEMSCOPE_LEAK_SCAN_DONE) memscope_field_table_write(writer, &types);
    memscope_type_table_write(&types, writer);
    if (source == MEMSCOPE_SOURCE_STILL) memscope_guard_end();
}

void memscope_content_finish(struct memscope_writer *writer, const char *reason) {
    write_counters(writer);
    write_properties(writer, reason);
}
