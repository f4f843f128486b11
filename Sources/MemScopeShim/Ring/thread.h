// What MemScope keeps per thread: the writing end of its ring, its last stack, and small caches.
#ifndef MEMSCOPE_THREAD_H
#define MEMSCOPE_THREAD_H

#include <stdbool.h>

#include "../Custody/runtime_path.h"
#include "../Unwind/leg.h"
#include "memscope_shim.h"

#pragma clang assume_nonnull begin

#define MEMSCOPE_LEAF_CACHE 1024
#define MEMSCOPE_NODE_CACHE 2048
#define MEMSCOPE_PENDING_FREES 256
#define MEMSCOPE_SCOPE_CACHE 16
#define MEMSCOPE_SPARE_RUNS 8
#define MEMSCOPE_SPARE_OBJECTS 32

struct memscope_leaf_cache_entry { uint64_t key; uint64_t leaf; };
struct memscope_node_cache_entry { uint64_t hash; uint64_t node; };

/// How many counters a thread has, from `dropped` on.
#define MEMSCOPE_THREAD_COUNTERS 8

/// Whether a thread is a worker of libdispatch.
enum memscope_worker_state : uint8_t { MEMSCOPE_WORKER_UNKNOWN, MEMSCOPE_WORKER_NO, MEMSCOPE_WORKER_YES };

/// Mapped on a thread's first event, retired by the engine some time after the thread ended, then reused. Not found
/// through a pthread key, whose destructor would run before late TLS destructors that still allocate.
struct memscope_thread {
    // The writing end. `ring` must come first: the engine knows only that.
    struct memscope_ring ring;
    struct memscope_segment *_Nullable segment;
    uint32_t cursor;
    uint32_t tid;
    uint64_t epoch;
    uintptr_t latest_block;
    uintptr_t reallocating;        // block inside realloc: live, but in no table for the moment
    uint64_t context_word;         // the context, shifted into place, and whether what is allocated is no leak
    // A hook is running: a signal handler that interrupts it passes through. The drain thread reads it to learn when
    // nobody can be reading a table that was replaced.
    uint32_t in_hook;
    uint32_t seed;
    // Frees that a signal handler made while a hook was running; the hook writes them when it is done.
    uint32_t pending_count;
    // The scope that was entered on this thread rather than in a task.
    struct memscope_thread_scope sync_scope;
    // What `context_word` was found by: the run, which is over when its serial is another, and the head of the task's list
    // of task-local values.
    const uint32_t *run_serial;
    uint32_t run_serial_seen;
    uint32_t first_context;        // of the thread's contexts outside of tasks
    uintptr_t task_locals_seen;
    uint32_t queue_site;           // the label of the dispatch queue that a worker of libdispatch serves, as a site
    uint8_t is_worker;             // memscope_worker_state
    uint32_t spare_runs[MEMSCOPE_SPARE_RUNS];
    uint32_t spare_run_count;
    uint32_t scope_cache[MEMSCOPE_SCOPE_CACHE];
    uint64_t pending[MEMSCOPE_PENDING_FREES];
    uint64_t pending_sizes[MEMSCOPE_PENDING_FREES];
    uint32_t pending_objects[MEMSCOPE_PENDING_FREES];
    uint32_t spare_objects[MEMSCOPE_SPARE_OBJECTS];  // rows of the retain ledger
    uint32_t spare_object_count;
    // The last walk.
    uintptr_t stack_top;
    const void *_Nullable task;
    uint64_t task_id;
    uintptr_t async_context;
    uintptr_t executor_frame;      // frame of the task's outermost physical function
    uint32_t creation_node;        // where the task was created, 0 unknown
    bool in_task_stack;            // whether the last walk ended at the executor
    bool keep;                     // whether the last walk may serve the next one
    uint32_t depth;                // frames kept from the last walk, outermost first
    uint32_t async_depth;          // of these, how many are asynchronous callers
    uint32_t index;                // in memscope_engine.threads
    uint32_t retired;
    struct memscope_thread *_Nullable next_free;
    // Counters, summed up when a capture is written.
    uint64_t dropped, waits, unknown_frees, pass_through, truncated, freed_by_unknown;
    uint64_t ledger_unknown, ledger_lost;  // retains and releases: of objects whose end is not seen; not recorded
    struct memscope_frame_check checks[MEMSCOPE_DEPTH];
    struct memscope_frame_state states[MEMSCOPE_DEPTH];
    struct memscope_leg legs[MEMSCOPE_LEGS];
    struct memscope_leaf_cache_entry leaf_cache[MEMSCOPE_LEAF_CACHE];
    struct memscope_node_cache_entry node_cache[MEMSCOPE_NODE_CACHE];
    uintptr_t runtime_caller;      // of a hook: a return address that lies in a runtime, the latest one
    struct memscope_runtime_path_pair runtime_paths[MEMSCOPE_RUNTIME_PATH_PAIRS];
    const struct memscope_runtime_path *latest_chain;  // among them, or memscope_no_chain
    uint32_t keeps_path;                               // one of them is being written
    // New frames of the walk in progress, innermost first.
    struct memscope_fresh_frame fresh[MEMSCOPE_DEPTH + 1];
};

/// Added to `ours` on the thread that loads us, until our own library's initialisers have run.
#define MEMSCOPE_LOADING 0x10000

/// Initial-exec: one instruction, no call.
struct memscope_thread_local {
    /// Null before the thread's first event.
    struct memscope_thread *_Nullable state;
    /// Above 0 while the code that runs is MemScope's own: its allocations are not recorded, its frees of known blocks
    /// are, as anyone's.
    uint32_t ours;
    /// Set while the state is being made, and for good when none could be had; the thread is left alone.
    uint32_t without_state;
    /// Above 0 while what the thread allocates is no leak.
    uint32_t ignoring;
};
extern __thread struct memscope_thread_local memscope_local
    __attribute__((visibility("hidden"), tls_model("initial-exec")));

/// Head of the list of all rings. Atomic, acquire.
extern struct memscope_ring *_Nullable memscope_rings __attribute__((visibility("hidden")));

/// Makes or reuses the state of the calling thread. Null when memory is refused (then the thread is left alone).
/// Slow path: takes the threads lock, may mmap.
struct memscope_thread *_Nullable memscope_thread_create(void);

/// Retires the states of threads that ended and whose rings are drained. Drain thread only; one system call a thread.
void memscope_threads_sweep(void);

/// Reads the names of all live threads from /proc. Plain system calls; drain or capture only.
void memscope_threads_name(void);

/// How many threads could have no state, so that nothing of theirs was recorded.
uint64_t memscope_threads_untracked(void);

/// Sums a counter of all threads that ever were. `offset` is that of the field in memscope_thread.
uint64_t memscope_threads_sum(size_t offset);

#pragma clang assume_nonnull end
#endif
