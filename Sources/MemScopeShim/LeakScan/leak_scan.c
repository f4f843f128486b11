#define _GNU_SOURCE
#include "leak_scan.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../Lifecycle/configuration.h"
#include "../Lifecycle/drain_thread.h"
#include "../Lifecycle/start.h"
#include "../SwiftRuntime/block_type.h"
#include "graph.h"
#include "ignored.h"
#include "lsan_definitions.h"
#include "roots.h"

static struct memscope_world world;
static struct { int32_t tid; uintptr_t stack_pointer; } leaving;
// Shared with the copy. It goes on before the threads do, and is told how long they stood still; it tells what it found.
static struct { uint64_t pause, blocks, bytes; } *shared;

// The copy's own.
static struct memscope_block_index blocks;
static struct memscope_memory_map map;
static struct memscope_marking mark;
static struct memscope_roots roots;

void memscope_leak_scan_learn(void) {
    memscope_glibc_threads_learn(memscope_own_thread(0));
    memscope_lsan_definitions_learn();
}

void memscope_leak_scan_leave(uintptr_t stack_pointer) {
    leaving.stack_pointer = stack_pointer;
    leaving.tid = stack_pointer ? (int32_t)syscall(SYS_gettid) : 0;
}

void memscope_leak_scan_stop(void) {
    if (!shared) {
        void *page = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (page != MAP_FAILED) shared = page;
    }
    if (shared) memset(shared, 0, sizeof *shared);
    if (memscope_world_prepare(&world)) memscope_world_stop(&world);
    else world.complaint = "There is no memory for the registers of the threads.";
}

void memscope_leak_scan_release(void) {
    memscope_world_release(&world);
    if (shared) __atomic_store_n(&shared->pause, world.nanoseconds, __ATOMIC_RELAXED);
    memscope_world_finish(&world);
}

bool memscope_leak_scan_found(uint64_t *blocks, uint64_t *bytes) {
    *blocks = shared ? shared->blocks : 0;
    *bytes = shared ? shared->bytes : 0;
    return shared != NULL;
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
    mark.has_side_tables = memscope_block_types_available();
    mark.finds_dead = mark.has_side_tables;
    mark.is_unaligned = memscope_configuration.leak_roots & MEMSCOPE_ROOTS_UNALIGNED;
    roots = (struct memscope_roots){.index = &blocks, .map = &map, .mark = &mark, .world = &world,
                                    .classes = memscope_configuration.leak_roots,
                                    .leaving_thread = leaving.tid, .leaving_stack_pointer = leaving.stack_pointer};
    if (whole) roots.writer = writer;
    if (!memscope_roots_mark(&roots)) return "There is no memory for the search.";
    memscope_ignored_mark(&mark);
    return NULL;
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
    uint64_t pause = shared ? __atomic_load_n(&shared->pause, __ATOMIC_RELAXED) : 0;
    if (pause) scan->pause = pause;
    complain(scan, world.complaint);
    if (failure) {
        complain(scan, failure);
        return;
    }
    for (uint32_t i = 0; i < roots.complaint_count; i++) complain(scan, roots.complaints[i]);
    scan->outcome = MEMSCOPE_LEAK_SCAN_DONE;
    for (uint32_t i = 0; i < blocks.count; i++) {
        bool is_ignored = blocks.blocks[i].size_and_mark & MEMSCOPE_BLOCK_HELD_BY_IGNORED;
        if (memscope_block_is_marked(&blocks.blocks[i]) && !is_ignored) continue;
        *(is_ignored ? &scan->ignored_blocks : &scan->blocks) += 1;
        *(is_ignored ? &scan->ignored_bytes : &scan->bytes) += memscope_block_size(&blocks.blocks[i]);
    }
    if (!shared) return;
    shared->blocks = scan->blocks;
    shared->bytes = scan->bytes;
}

bool memscope_leak_scan_write(struct memscope_writer *writer, enum memscope_leak_mode mode,
                              const struct memscope_context_table *contexts, struct memscope_type_table *types) {
    return memscope_graph_write(writer, &mark, mode == MEMSCOPE_LEAKS_GRAPH, contexts, types);
}
