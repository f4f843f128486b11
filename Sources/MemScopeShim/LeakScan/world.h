// Stopping all threads of the process for a moment, and what their registers held.
//
//     memscope_world_prepare    maps what is needed; threads run
//     memscope_world_stop       afterwards every thread stands still but the caller's
//     …                         the caller copies the process
//     memscope_world_release    threads run again
//
// A helper, a clone that shares this process's memory, stops the threads by ptrace, which no thread notices: a system call
// that the stop interrupted is restarted. Where ptrace is not to be had, a signal does it, and some calls return EINTR.
#ifndef MEMSCOPE_WORLD_H
#define MEMSCOPE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum memscope_world_way : uint32_t {
    /// Not stopped: a scan would be wrong, and is not made.
    MEMSCOPE_WORLD_RUNS = 0,
    MEMSCOPE_WORLD_PTRACE = 1,
    MEMSCOPE_WORLD_SIGNALS = 2,
};

/// Words of a thread's registers: the general ones and the extended state with the vector registers (x86's XSAVE area).
enum { MEMSCOPE_WORLD_REGISTER_WORDS = 1536 };

struct memscope_stopped_thread {
    int32_t tid;
    /// How many of `registers` are filled. 0 for a thread that ended before it could be stopped.
    uint32_t register_words;
    uintptr_t stack_pointer;
    /// The address of its `struct pthread` (x86: the base of FS).
    uintptr_t thread_pointer;
    uint64_t registers[MEMSCOPE_WORLD_REGISTER_WORDS];
};

struct memscope_world {
    enum memscope_world_way way;
    /// Threads in `threads`; the caller's own and those of MemScope's helper are not among them.
    uint32_t count;
    uint32_t capacity;
    struct memscope_stopped_thread *_Nullable threads;
    /// Why ptrace or the stop failed: one sentence, or empty. Static text.
    const char *complaint;
    /// How long the threads stood still, set by the release.
    uint64_t nanoseconds;
    /// The helper's, and what a signal needs; private.
    int32_t helper;
    uint64_t began;
};

/// Maps room for the registers of all threads there are and as many again. Threads run meanwhile. False: no memory.
bool memscope_world_prepare(struct memscope_world *world);

/// Stops every thread but the calling one, and stores their registers. Whatever thread cannot be stopped leaves `way` at
/// MEMSCOPE_WORLD_RUNS, all threads running and a complaint. Takes no lock, allocates nothing. Bounded: 2 s.
void memscope_world_stop(struct memscope_world *world);

/// Lets the threads run, and waits until the helper is gone. In the caller's process only, never in a copy.
void memscope_world_release(struct memscope_world *world);

/// Gives the memory back, after the release.
void memscope_world_finish(struct memscope_world *world);

#pragma clang assume_nonnull end
#endif
