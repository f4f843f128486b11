#define _GNU_SOURCE
#include "leak_scan.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../Lifecycle/drain_thread.h"
#include "../Lifecycle/start.h"
#include "../SwiftRuntime/block_type.h"
#include "counted_words.h"
#include "graph.h"
#include "roots.h"

static struct memscope_world world;
static struct { int32_t tid; uintptr_t stack_pointer; } leaving;
// Shared with the copy, which goes on before the threads do: how long they stood still.
static uint64_t *pause_place;

// The copy's own.
static struct memscope_block_index blocks;
static struct memscope_memory_map map;
static struct memscope_marking mark;
static struct memscope_roots roots;

void memscope_leak_scan_learn(void) { memscope_glibc_threads_learn(memscope_own_thread(0)); }

void memscope_leak_scan_leave(uintptr_t stack_pointer) {
    leaving.stack_pointer = stack_pointer;
    leaving.tid = stack_pointer ? (int32_t)syscall(SYS_gettid) : 0;
}

void memscope_leak_scan_stop(void) {
    if (!pause_place) {
        void *page = mmap(NULL, sizeof *pause_place, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (page != MAP_FAILED) pause_place = page;
    }
    if (pause_place) *pause_place = 0;
    if (memscope_world_prepare(&world)) memscope_world_stop(&world);
    else world.complaint = "There is no memory for the registers of the threads.";
}

void memscope_leak_scan_release(void) {
    memscope_world_release(&world);
    if (pause_place) __atomic_store_n(pause_place, world.nanoseconds, __ATOMIC_RELAXED);
    memscope_world_finish(&world);
}

static void complain(struct memscope_leak_scan *scan, const char *sentence) {
    size_t used = strlen(scan->complaint), length = strlen(sentence);
    if (length == 0 || used + length + 2 > sizeof scan->complaint) return;
    if (used) scan->complaint[used++] = ' ';
    memcpy(scan->complaint + used, sentence, length + 1);
}

// Null when it could be made; else why not.
static const char *_Nullable search(struct memscope_writer *writer, enum memscope_leak_mode mode) {
    if (memscope_was_stopped()) return "Tracking was stopped, so it is not known which blocks were freed since.";
    if (world.way == MEMSCOPE_WORLD_RUNS) return "The threads could not be stopped.";
    if (!memscope_memory_map_read(&map)) return "/proc/self/maps cannot be read.";
    bool whole = mode == MEMSCOPE_LEAKS_GRAPH;
    if (!memscope_block_index_make(&blocks) || !memscope_mark_start(&mark, &blocks, &map, whole)) return "There is no memory for the search.";
    mark.knows_swift = memscope_block_types_available();
    if (mark.knows_swift) memscope_counted_words_learn(&blocks);
    roots = (struct memscope_roots){.index = &blocks, .map = &map, .mark = &mark, .world = &world,
                                    .leaving_thread = leaving.tid, .leaving_stack_pointer = leaving.stack_pointer};
    if (whole) roots.writer = writer;
    return memscope_roots_mark(&roots) ? NULL : "There is no memory for the search.";
}

void memscope_leak_scan_make(struct memscope_leak_scan *scan, struct memscope_writer *writer, enum memscope_leak_mode mode,
                             bool frozen) {
    scan->outcome = MEMSCOPE_LEAK_SCAN_IMPOSSIBLE;
    if (!frozen) {
        complain(scan, "No copy of the process could be made.");
        return;
    }
    // At least that long, if the threads have not been let go when the search is over.
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    scan->pause = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec - world.began;
    uint64_t began = memscope_now();
    const char *failure = search(writer, mode);
    scan->time = memscope_now() - began;
    scan->threads = world.count;
    uint64_t pause = pause_place ? __atomic_load_n(pause_place, __ATOMIC_RELAXED) : 0;
    if (pause) scan->pause = pause;
    complain(scan, world.complaint);
    if (failure) {
        complain(scan, failure);
        return;
    }
    for (uint32_t i = 0; i < roots.complaint_count; i++) complain(scan, roots.complaints[i]);
    scan->outcome = MEMSCOPE_LEAK_SCAN_DONE;
    for (uint32_t i = 0; i < blocks.count; i++) {
        if (memscope_block_is_marked(&blocks.blocks[i])) continue;
        scan->blocks++;
        scan->bytes += memscope_block_size(&blocks.blocks[i]);
    }
}

bool memscope_leak_scan_write(struct memscope_writer *writer, enum memscope_leak_mode mode,
                              const struct memscope_context_table *contexts, const struct memscope_task_table *tasks,
                              struct memscope_type_table *types) {
    return memscope_graph_write(writer, &mark, mode == MEMSCOPE_LEAKS_GRAPH, contexts, tasks, types);
}
