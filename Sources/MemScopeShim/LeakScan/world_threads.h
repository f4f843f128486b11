// The threads of this process as /proc lists them: by plain system calls, without a lock and without allocating, so that
// it can be read while all of them but one stand still.
#ifndef MEMSCOPE_WORLD_THREADS_H
#define MEMSCOPE_WORLD_THREADS_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

struct memscope_thread_list {
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

enum memscope_thread_life {
    /// Runs code of the program, or will.
    MEMSCOPE_THREAD_LIVES,
    /// Runs none any more. The main thread stays listed so until the others have ended.
    MEMSCOPE_THREAD_ENDED,
    /// A worker that the kernel keeps for the process (io_uring): it never runs code of the program, has no registers of
    /// its own, and can be stopped neither by ptrace nor by a signal.
    MEMSCOPE_THREAD_KERNEL_WORKER,
};

/// Opens the list. False where /proc is not there or belongs to other processes than ours: with a new PID namespace
/// but the old /proc, "self" is somebody's else number.
bool memscope_thread_list_open(struct memscope_thread_list *list);

/// Closes what is open. For the one who opened, also after a helper that shares its descriptors has died.
void memscope_thread_list_close(struct memscope_thread_list *list);

/// Begins a pass through all threads.
void memscope_thread_list_rewind(struct memscope_thread_list *list);

/// The next thread of a pass, 0 at its end.
int32_t memscope_thread_list_next(struct memscope_thread_list *list);

/// The next thread of a pass that no pass has met yet, 0 at its end. `met` must have more places than there are threads.
int32_t memscope_thread_list_next_new(struct memscope_thread_list *list);

/// A thread has ended; another that gets its number is a new one. Not so the main thread: it stays listed until the
/// process ends, and its number is its own as long.
void memscope_thread_list_forget(struct memscope_thread_list *list, int32_t tid);

/// Forgets all threads that passes have met.
void memscope_thread_list_forget_all(struct memscope_thread_list *list);

/// What has become of a thread that cannot be stopped. ENDED where the list no longer has it.
enum memscope_thread_life memscope_thread_list_life(struct memscope_thread_list *list, int32_t tid);

#pragma clang assume_nonnull end
#endif
