// Stopping all threads of the process for a moment, and what their registers held.
//
//     memscope_world_prepare    maps what is needed; threads run
//     memscope_world_stop       afterwards every thread stands still but the caller's
//     …                         the caller copies the process
//     memscope_world_release    threads run again
//     memscope_world_finish     unmaps
//
// A helper, a clone that shares this process's memory, stops the threads by ptrace, which hardly a thread notices: a system
// call that the stop interrupted is begun again (x86-64: all that can be; AArch64: where the kernel does it). Where ptrace is
// not to be had, a signal does it, and more calls return EINTR. Docs/stopping-threads.md has which.
//
// One stop at a time. All four are for the same thread; it takes no signal from stop to release.
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

/// What a walk of a stack begins with, besides the stack pointer.
struct memscope_stopped_frame {
    uintptr_t program_counter, frame_pointer;
    /// AArch64: x30, where a function's return address may be; else 0.
    uintptr_t link;
};

struct memscope_stopped_thread {
    int32_t tid;
    /// How many of `registers` are filled. 0 for a thread that ended before it could be stopped.
    uint32_t register_words;
    uintptr_t stack_pointer;
    struct memscope_stopped_frame frame;
    /// x86-64: the base of FS, where its `struct pthread` begins. AArch64: TPIDR_EL0, just behind its `struct pthread`.
    uintptr_t thread_pointer;
    /// What the helper took from it: a signal that it was about to receive, 0 for none, below 0 if it is not held. Private.
    int32_t taken_signal;
    uint64_t registers[MEMSCOPE_WORLD_REGISTER_WORDS];
};

struct memscope_world_room;

struct memscope_world {
    /// How they were stopped; it stays when they have been released.
    enum memscope_world_way way;
    /// Threads in `threads`; the caller's own and those of MemScope's helper are not among them, nor the workers that the
    /// kernel keeps for io_uring: they run on, but never the program's code.
    uint32_t count;
    uint32_t capacity;
    struct memscope_stopped_thread *_Nullable threads;
    /// Why ptrace or the stop failed: one sentence, or empty. Static text.
    const char *complaint;
    /// How long the threads stood still, set by the release.
    uint64_t nanoseconds;
    /// The two mappings' other one and its size, when the stop began, the caller's signal mask, and whether the
    /// threads are held now. Private.
    struct memscope_world_room *_Nullable room;
    size_t room_bytes;
    uint64_t began;
    uint64_t mask;
    bool holds;
};

/// Maps room for the registers of all threads there are and as many again. Threads run meanwhile. False: no memory.
bool memscope_world_prepare(struct memscope_world *world);

/// Stops every thread but the calling one, and stores their registers. Whatever thread cannot be stopped leaves `way` at
/// MEMSCOPE_WORLD_RUNS, all threads running and a complaint. Takes no lock, allocates nothing. Bounded: 1 s for ptrace, 1 s
/// for signals.
void memscope_world_stop(struct memscope_world *world);

/// Lets the threads run, and waits until the helper is gone. In the caller's process only, never in a copy. Does nothing
/// if they were not stopped.
void memscope_world_release(struct memscope_world *world);

/// Gives the memory back, after the release.
void memscope_world_finish(struct memscope_world *world);

#pragma clang assume_nonnull end
#endif
