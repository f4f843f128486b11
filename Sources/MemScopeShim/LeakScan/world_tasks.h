// The threads of this process as /proc lists them: by plain system calls, without a lock and without allocating, so that
// it can be read while all of them but one stand still.
#ifndef MEMSCOPE_WORLD_TASKS_H
#define MEMSCOPE_WORLD_TASKS_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

struct memscope_tasks {
    int32_t process;
    /// The thread that opened the list; the list leaves it out.
    int32_t requester;
    /// Whether the pass that has just come to its end met the requester. If not, it was not a list of our threads.
    bool saw_requester;
    /// /proc/self/task, and whatever else is open at the moment; -1 if nothing.
    int32_t directory, state_file;
    /// What was read of the directory, and how far it was looked at.
    uint32_t filled, at;
    /// The threads met so far, hashed: `mask` + 1 places, 0 free, -1 of one that ended.
    uint32_t mask;
    int32_t *_Nullable met;
    _Alignas(8) char buffer[16384];
};

enum memscope_task_state {
    /// Runs code of the program, or will.
    MEMSCOPE_TASK_LIVES,
    /// Runs none any more. The main thread stays listed so until the others have ended.
    MEMSCOPE_TASK_ENDED,
    /// A worker that the kernel keeps for the process (io_uring): it never runs code of the program, has no registers of
    /// its own, and can be stopped neither by ptrace nor by a signal.
    MEMSCOPE_TASK_KERNEL_WORKER,
};

/// Opens the list. False where /proc is not there or belongs to other processes than ours: with a new PID namespace
/// but the old /proc, "self" is somebody's else number.
bool memscope_tasks_open(struct memscope_tasks *tasks);

/// Closes what is open. For the one who opened, also after a helper that shares its descriptors has died.
void memscope_tasks_close(struct memscope_tasks *tasks);

/// Begins a pass through all threads.
void memscope_tasks_rewind(struct memscope_tasks *tasks);

/// The next thread of a pass, 0 at its end.
int32_t memscope_tasks_next(struct memscope_tasks *tasks);

/// The next thread of a pass that no pass has met yet, 0 at its end. `met` must have more places than there are threads.
int32_t memscope_tasks_next_new(struct memscope_tasks *tasks);

/// A thread has ended; another that gets its number is a new one. Not so the main thread: it stays listed until the
/// process ends, and its number is its own as long.
void memscope_tasks_forget(struct memscope_tasks *tasks, int32_t tid);

/// Forgets all threads that passes have met.
void memscope_tasks_forget_all(struct memscope_tasks *tasks);

/// What has become of a thread that cannot be stopped. ENDED where the list no longer has it.
enum memscope_task_state memscope_tasks_state(struct memscope_tasks *tasks, int32_t tid);

#pragma clang assume_nonnull end
#endif
