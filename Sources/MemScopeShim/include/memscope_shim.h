// MemScope's capture side, as the Swift targets see it.
//
// One process may hold two copies of this code: linked into the program and preloaded. The preloaded copy is the active
// one; every function here that says "active copy" is passed on to it through memscope_instance_v1.
#ifndef MEMSCOPE_SHIM_H
#define MEMSCOPE_SHIM_H

#include "memscope_layout.h"
#include "memscope_leaks.h"
#include "memscope_events.h"
#include "memscope_ledger.h"
#include "memscope_reading.h"

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Outcome of starting or capturing. Values are stable: two copies of different builds may exchange them.
enum memscope_status : int32_t {
    MEMSCOPE_OK = 0,
    /// This program carries a sanitizer, whose allocator must not be interposed.
    MEMSCOPE_SANITIZED_PROGRAM = 1,
    /// `malloc` of this process does not lead through our hooks.
    MEMSCOPE_NOT_IN_CHAIN = 2,
    /// The kernel refused memory or a thread.
    MEMSCOPE_NO_RESOURCES = 3,
    /// The platform is not supported.
    MEMSCOPE_UNSUPPORTED = 4,
    /// A preloaded copy of another version is in charge.
    MEMSCOPE_VERSION_MISMATCH = 5,
    /// Tracking is not running.
    MEMSCOPE_NOT_TRACKING = 6,
    /// The capture file could not be written; errno says why.
    MEMSCOPE_NOT_WRITTEN = 7,
    /// Another capture took too long.
    MEMSCOPE_BUSY = 8,
    /// The process was copied from a tracked one and is silent.
    MEMSCOPE_COPIED_PROCESS = 9,
    /// Tracking was stopped; frees went by unseen since, so it cannot go on.
    MEMSCOPE_STOPPED = 10,
};

/// A sentence's worth of text for a status. Constant storage.
const char *memscope_status_text(enum memscope_status status);

/// How to track.
struct memscope_options {
    /// Lose events (and count them) rather than wait when the rings are full.
    bool drop;
    /// Ring memory of all threads together, in 64 KiB segments; 0 for the default.
    uint32_t segments;
    /// Look at which module frees what another one allocated.
    bool custody;
    /// Which objects the retain ledger follows, null or empty for none: `all`, `sampled:N`, `types:NAME,…` or `scopes:NAME,…`. What
    /// the environment asks for goes before it.
    const char *_Nullable ownership;
};

/// Starts tracking in the active copy: maps the tables, starts the drain and service threads, turns the hooks on.
/// Idempotent until it is stopped. Any thread, not from a signal handler. Takes about a millisecond.
enum memscope_status memscope_start(const struct memscope_options *_Nullable options);

/// Stops recording for good. What was captured stays and can be exported. Any thread.
void memscope_stop(void);

/// Allocations are no longer recorded, frees of known blocks are. Any thread. No effect unless tracking.
void memscope_pause(void);

/// Ends a pause. Any thread.
void memscope_resume(void);

/// Whether tracking was started and not stopped (a pause does not count). A relaxed load or two.
bool memscope_is_tracking(void);

/// Whether there is anything to capture: this very process started tracking, be it stopped since or not.
bool memscope_was_started(void);

/// Names this instant on the timeline. Any thread; takes a lock of ours.
/// @param length Bytes of `name`, which need not end in NUL.
void memscope_mark(const char *name, uint32_t length);

/// A scope's run that a thread is in, and the task it entered it in: while the thread runs another task, that one's own
/// run holds. Task 0 is none.
struct memscope_thread_scope {
    uint64_t task;
    uint64_t run;
};

/// A scope that was entered synchronously: its run's word (see struct memscope_run; 0 when tracking is off), and what held on
/// the thread before.
struct memscope_scope_entry {
    uint64_t run;
    struct memscope_thread_scope before;
};

/// Begins a run of a scope, inside the one that the calling thread or its task is in, and makes it the thread's own until
/// `memscope_scope_leave`; binds its word as the task-local value of `memscope_task_scope_key`, which must have been called. No lock
/// for a name used lately on this thread, but for one run in eight. With the leave 150 to 290 ns (Docs/benchmarks.md); outside of tasks the runtime allocates.
/// @param name UTF-8, null for an empty name.
/// @param length Bytes of `name`, which need not end in NUL.
struct memscope_scope_entry memscope_scope_enter(const uint8_t *_Nullable name, uint32_t length);

/// Undoes `memscope_scope_enter` on the same thread and ends the run: what was allocated in it and is live now is what it
/// retains. Tasks that go on are charged to its scope.
void memscope_scope_leave(struct memscope_scope_entry entry);

/// As `memscope_scope_enter`, for a scope that the calling task keeps across suspensions. Returns 0 when tracking is off.
uint64_t memscope_scope_begin(const uint8_t *_Nullable name, uint32_t length);

/// Undoes `memscope_scope_begin` in the same task, on whichever thread, and ends the run.
void memscope_scope_end(uint64_t run);

/// Puts the running task, or the thread outside of tasks, into a run that began elsewhere, until `memscope_scope_unbind`. Nests.
void memscope_scope_bind(uint64_t run);
void memscope_scope_unbind(void);

/// The word of the run that the calling thread, or the task it runs, is in; 0 for none. About 20 ns.
uint64_t memscope_scope_current(void);

/// Says which task-local value holds the word of the scope's run in tasks: scopes bind it, and hooks look for it.
/// @param key The address of the TaskLocal object.
/// @param type The metadata of its type, UInt64.
void memscope_task_scope_key(const void *key, const void *type);

/// What the program calls a value, and where it does so.
struct memscope_tracked_label {
    /// UTF-8; need not end in NUL.
    const uint8_t *name, *file;
    uint32_t name_length, file_length;
    uint32_t line;
};

/// Gives a name to the blocks that a value refers to: those whose beginnings its first 64 words lead to. A block keeps the
/// latest of its names until it is freed. Any thread; takes locks of ours. Only while the caller keeps the value alive.
/// @param value Where the value lies, aligned to 8.
void memscope_track_value(const void *value, uint32_t bytes, const struct memscope_tracked_label *label);

/// Writes a capture of the active copy to `path`, beside it first and then renamed. The live heap is read in a frozen
/// copy of the process, so the program goes on meanwhile. Calls queue. Not from a signal handler.
/// @param reason What to write in the capture as its reason.
enum memscope_status memscope_capture(const char *path, const char *reason);

/// Whether a capture says what no pointer leads to.
enum memscope_leak_mode : uint32_t {
    MEMSCOPE_LEAKS_NONE = 0,
    /// The blocks that no pointer leads to, and the pointers among them.
    MEMSCOPE_LEAKS_UNREACHABLE = 1,
    /// All blocks and all pointers among them, and of each block that a pointer from elsewhere leads to, where that is.
    MEMSCOPE_LEAKS_GRAPH = 2,
};

/// As `memscope_capture`, with the search for leaks that `mode` says, whatever the environment asks for. All threads stand still
/// until the process is copied.
enum memscope_status memscope_capture_with(const char *path, const char *reason, enum memscope_leak_mode mode);

/// As `memscope_capture_with`, for the reason "leaks".
enum memscope_status memscope_leak_capture(const char *path, enum memscope_leak_mode mode);

/// As `memscope_leak_capture`, for what cannot be reached; says of each block whether it was allocated in a run that has not ended.
enum memscope_status memscope_leak_capture_of_run(const char *path, uint64_t run);

/// Adds what such a search found to the account of the run's scope, which captures carry. Any thread.
void memscope_note_leaks(uint64_t run, uint64_t blocks, uint64_t bytes);

/// Notes what every stack allocated and freed until now, and keeps the note until `memscope_hold_note(false)`. At most 32 are meant to be
/// held at a time. Returns whether that was done: not unless tracking.
bool memscope_hold_note(bool hold);

/// Overwrites about so many bytes of the calling thread's stack next to the caller's frame. Pointers that calls from there left behind
/// would be found by a search for leaks inside of the frames of later calls.
void memscope_forget_stack(uint32_t bytes);

/// Marks the calling thread as MemScope's own until the matching `memscope_ours_end`: what it allocates is not
/// recorded. Nests.
void memscope_ours_begin(void);
void memscope_ours_end(void);

/// Where reports go when nobody says otherwise: MEMSCOPE_OUTPUT, else "memscope-report".
const char *memscope_configured_output(void);

/// Whether the environment asked for tracking to start at load (MEMSCOPE=1).
bool memscope_started_by_environment(void);

/// Whether this is the preloaded copy, or a preloaded copy is in charge.
bool memscope_is_preloaded(void);

/// Registers what the service thread calls for exports while the program runs (MEMSCOPE_EXPORT_SIGNAL and _EVERY).
/// The linked form sets it to its renderer; without it a capture is written. Called with the directory to fill and the
/// reason, on the service thread, as MemScope's own.
void memscope_set_exporter(void (*exporter)(const char *directory, const char *reason));

/// The state of tracking in this copy; what StateEngine works on.
struct memscope_engine *memscope_engine_state(void);

/// Head of the list of all rings of this copy.
struct memscope_ring *_Nullable memscope_ring_list(void);

/// Gives a drained segment back to the pool. Takes the pool's lock, ours and held for a few instructions.
MEMSCOPE_DRAIN_SAFE void memscope_segment_return(struct memscope_segment *segment);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
