// The thread that drains the rings: it takes no lock that the program can hold, and makes no call that does.
#ifndef MEMSCOPE_DRAIN_THREAD_H
#define MEMSCOPE_DRAIN_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/// Full segments at which the drain thread is woken before its time.
#define MEMSCOPE_DRAIN_SEGMENTS 4

/// Starts the thread. False when the kernel refuses. Once per process.
bool memscope_drain_start(void);

/// Wakes the drain thread. Async-signal-safe; a system call only when it sleeps.
void memscope_drain_wake(void);

/// Wakes it to look for threads that ended.
void memscope_drain_wake_for_sweep(void);

/// Runs a full round on the drain thread and then, between two rounds, `action` there. Returns false when the thread
/// did not get to it within `milliseconds`. Callers queue.
bool memscope_drain_at_cut(void (*_Nonnull action)(void *_Nullable info), void *_Nullable info, unsigned milliseconds);

/// CPU time of the whole process as of the latest cut, in nanoseconds.
uint64_t memscope_process_cpu(void);

/// Bytes of the process that are in memory; 0 when the kernel does not say.
uint64_t memscope_process_resident(void);

/// CPU time the drain and service threads used so far, in nanoseconds.
uint64_t memscope_tracker_cpu(void);

/// Adds the calling thread's CPU time to `memscope_tracker_cpu`; `slot` 0 drain, 1 service.
void memscope_note_tracker_cpu(int slot);

/// Nanoseconds since tracking began.
uint64_t memscope_now(void);

/// The same by a clock that ticks every few milliseconds and is read without a system call wherever it runs; at least 1.
uint64_t memscope_now_coarse(void);

/// When tracking began, in nanoseconds since 1970.
extern uint64_t memscope_start_time __attribute__((visibility("hidden")));

enum { MEMSCOPE_OWN_THREADS = 2 };

/// The `pthread_t` of one of our threads, which never end; 0 before it is started.
uintptr_t memscope_own_thread(uint32_t index);

/// Starts a thread of ours, with all signals blocked but those the C library needs. `body` sets `memscope_local.ours`.
bool memscope_start_thread(const char *name, size_t stack_bytes, void *_Nullable (*_Nonnull body)(void *_Nullable));

#pragma clang assume_nonnull end
#endif
