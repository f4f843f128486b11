#define _GNU_SOURCE
#include "leak_scan.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../Interpose/dispositions.h"
#include "../Lifecycle/configuration.h"
#include "../Lifecycle/drain_thread.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/start.h"
#include "../SwiftRuntime/block_type.h"
#include "counted_words.h"
#include "graph.h"
#include "ignored.h"
#include "kept_memory.h"
#include "lsan_definitions.h"
#include "roots.h"

static struct memscope_world world;
static struct { int32_t tid; uintptr_t stack_pointer; } leaving;
// Shared with the copy. It goes on before the threads do, and is told how long they stood still, and how much of that its making
// took; it tells what it found.
static struct { uint64_t pause, copying, blocks, bytes, is_done, is_written; } *shared;

// Of one search. In memory that is told from the program's: addresses of blocks are in it, and in a program that links this library
// its data is searched.
static struct search {
    struct memscope_block_index blocks;
    struct memscope_memory_map map;
    struct memscope_marking mark;
    struct memscope_roots roots;
} *work;

void memscope_leak_scan_learn(void) {
    memscope_glibc_threads_learn(memscope_own_thread(0));
    memscope_lsan_definitions_learn();
    // It is looked up when first called.
    memscope_real_sigaction(SIGSEGV, NULL, NULL);
}

void memscope_leak_scan_leave(uintptr_t stack_pointer) {
    int32_t tid = (int32_t)syscall(SYS_gettid);
    // Another thread may have begun to end the process since.
    if (!stack_pointer && leaving.tid != tid) return;
    leaving.stack_pointer = stack_pointer;
    leaving.tid = stack_pointer ? tid : 0;
}

void memscope_leak_scan_stop(void) {
    if (!shared) {
        void *page = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (page != MAP_FAILED) shared = page;
    }
    if (shared) memset(shared, 0, sizeof *shared);
    memscope_kept_memory_find();
    memscope_kernel_words_find();
    if (memscope_world_prepare(&world)) memscope_world_stop(&world);
    else world.complaint = "There is no memory for the registers of the threads.";
    if (!world.holds) return;
    memscope_kept_memory_read();
    memscope_kernel_words_read();
}

bool memscope_leak_scan_holds(void) { return world.holds; }

void memscope_leak_scan_copied(uint64_t nanoseconds) {
    if (shared) __atomic_store_n(&shared->copying, nanoseconds, __ATOMIC_RELAXED);
}

uint64_t memscope_leak_scan_copying(void) { return shared ? __atomic_load_n(&shared->copying, __ATOMIC_RELAXED) : 0; }

void memscope_leak_scan_release(void) {
    memscope_kept_memory_forget();
    memscope_kernel_words_forget();
    memscope_world_release(&world);
    if (shared) __atomic_store_n(&shared->pause, world.nanoseconds, __ATOMIC_RELAXED);
    memscope_world_finish(&world);
}

bool memscope_leak_scan_found(uint64_t *blocks, uint64_t *bytes) {
    *blocks = shared ? shared->blocks : 0;
    *bytes = shared ? shared->bytes : 0;
    return shared && shared->is_done;
}

void memscope_leak_scan_note_written(void) {
    if (shared) __atomic_store_n(&shared->is_written, 1, __ATOMIC_RELEASE);
}

bool memscope_leak_scan_was_written(void) { return shared && __atomic_load_n(&shared->is_written, __ATOMIC_ACQUIRE); }

// Adds a sentence, which may lack its capital and its full stop.
static void complain(struct memscope_leak_scan *scan, const char *sentence) {
    size_t used = strlen(scan->complaint), length = strlen(sentence);
    if (length == 0 || used + length + 3 > sizeof scan->complaint) return;
    if (used) scan->complaint[used++] = ' ';
    memcpy(scan->complaint + used, sentence, length + 1);
    if (sentence[0] >= 'a' && sentence[0] <= 'z') scan->complaint[used] -= 'a' - 'A';
    if (sentence[length - 1] != '.') strcpy(scan->complaint + used + length, ".");
}

static const char no_memory[] = "There is no memory for the search.";

// Null when all that can be reached is marked; else why not.
static const char *_Nullable mark_all(struct memscope_writer *writer, enum memscope_leak_mode mode, enum memscope_source source) {
    bool whole = mode == MEMSCOPE_LEAKS_GRAPH;
    struct memscope_marking *mark = &work->mark;
    if (!memscope_block_index_make(&work->blocks) || !memscope_mark_start(mark, &work->blocks, &work->map, whole)) return no_memory;
    mark->is_unaligned = memscope_configuration.leak_roots & MEMSCOPE_ROOTS_UNALIGNED;
    mark->knows_swift = memscope_block_types_available();
    if (mark->knows_swift) memscope_counted_words_learn(&work->blocks);
    work->roots = (struct memscope_roots){.index = &work->blocks, .map = &work->map, .mark = mark, .world = &world,
                                          .classes = memscope_configuration.leak_roots, .is_copy = source == MEMSCOPE_SOURCE_COPY,
                                          .leaving_thread = leaving.tid, .leaving_stack_pointer = leaving.stack_pointer};
    if (whole) work->roots.writer = writer;
    if (!memscope_roots_mark(&work->roots)) return no_memory;
    memscope_ignored_mark(mark);
    return NULL;
}

static const char *_Nullable search(struct memscope_writer *writer, enum memscope_leak_mode mode, enum memscope_source source) {
    if (memscope_was_stopped()) return "Tracking was stopped, so it is not known which blocks were freed since.";
    if (world.way == MEMSCOPE_WORLD_RUNS) return "The threads could not be stopped.";
    if (!(work = memscope_map(sizeof *work))) return no_memory;
    const char *failure = memscope_memory_map_read(&work->map) ? mark_all(writer, mode, source) : "/proc/self/maps cannot be read.";
    memscope_memory_map_close(&work->map);
    return failure;
}

uint64_t memscope_leak_scan_pause(void) {
    uint64_t pause = shared ? __atomic_load_n(&shared->pause, __ATOMIC_RELAXED) : 0;
    if (pause || world.way == MEMSCOPE_WORLD_RUNS) return pause;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec - world.began;
}

void memscope_leak_scan_make(struct memscope_leak_scan *scan, struct memscope_writer *writer, enum memscope_leak_mode mode,
                             enum memscope_source source) {
    scan->outcome = MEMSCOPE_LEAK_SCAN_IMPOSSIBLE;
    complain(scan, world.complaint);
    if (source == MEMSCOPE_SOURCE_RUNNING) {
        complain(scan, world.way == MEMSCOPE_WORLD_RUNS ? "The threads could not be stopped."
                                                        : "The copy of the process that was searched was killed, took too long or had too little memory, or the program waited for it.");
        return;
    }
    if (source == MEMSCOPE_SOURCE_STILL)
        complain(scan, "No copy of the process could be made: the search was made in the program itself, which stood still meanwhile.");
    uint64_t resident = memscope_process_resident(), began = memscope_now();
    const char *failure = search(writer, mode, source);
    scan->time = memscope_now() - began;
    scan->memory = memscope_process_resident() - resident;
    scan->threads = world.count;
    if (failure) {
        complain(scan, failure);
        return;
    }
    for (uint32_t i = 0; i < work->roots.complaint_count; i++) complain(scan, work->roots.complaints[i]);
    scan->outcome = MEMSCOPE_LEAK_SCAN_DONE;
    scan->unlisted_roots = work->mark.unlisted_roots;
    scan->doubts = work->roots.complaint_count;
    const struct memscope_block_index *index = &work->blocks;
    for (uint32_t i = 0; i < index->count; i++) {
        const struct memscope_block *block = &index->blocks[i];
        bool is_ignored = block->size_and_mark & MEMSCOPE_BLOCK_HELD_BY_IGNORED;
        if (memscope_block_is_marked(block) && !is_ignored) continue;
        *(is_ignored ? &scan->ignored_blocks : &scan->blocks) += 1;
        *(is_ignored ? &scan->ignored_bytes : &scan->bytes) += memscope_block_size(block);
    }
    if (!shared) return;
    shared->blocks = scan->blocks;
    shared->bytes = scan->bytes;
    shared->is_done = 1;
}

bool memscope_leak_scan_is_unreached(uintptr_t block) {
    const struct memscope_block_index *index = &work->blocks;
    uint32_t i = memscope_block_at(index, block);
    return i != MEMSCOPE_NO_BLOCK && !memscope_block_is_marked(&index->blocks[i]);
}

bool memscope_leak_scan_write(struct memscope_writer *writer, enum memscope_leak_mode mode,
                              const struct memscope_context_table *contexts, const struct memscope_task_table *tasks,
                              struct memscope_type_table *types) {
    bool whole = mode == MEMSCOPE_LEAKS_GRAPH;
    if (whole) memscope_closure_table_write(&work->roots.stack_functions, writer, MEMSCOPE_SECTION_STACK_FUNCTIONS);
    return memscope_graph_write(writer, &work->mark, whole, contexts, tasks, types);
}
