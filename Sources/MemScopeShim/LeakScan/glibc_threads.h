// What the GNU C library knows of its threads: where the stacks are, and the thread-local storage.
//
// It says where most of it stands, in symbols for debuggers (`_thread_db_…`). The rest is found by looking at a thread whose
// stack we know. Whatever looks unlike expected makes all of it unknown; then whole stacks are roots.
#ifndef MEMSCOPE_GLIBC_THREADS_H
#define MEMSCOPE_GLIBC_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum memscope_stack_state : uint32_t {
    /// A thread's that runs, or that ended and was not joined yet.
    MEMSCOPE_STACK_USED,
    /// Kept for the next thread.
    MEMSCOPE_STACK_CACHED,
};

struct memscope_thread_place {
    /// Its `struct pthread`.
    uintptr_t descriptor;
    /// The stack, with thread-local storage and `struct pthread` at its upper end. 0 for the main thread.
    uintptr_t stack, stack_end;
    enum memscope_stack_state state;
};

/// Finds out where things stand. Takes the dynamic linker's lock: from the program's or the service thread only. Idempotent.
/// @param example The `pthread_t` of a thread of ours that never ends.
void memscope_glibc_threads_learn(uintptr_t example);

/// Whether that succeeded.
bool memscope_glibc_threads_known(void);

/// All threads. In a frozen copy only. UINT32_MAX when the lists are not as they should be, so that nothing is known.
uint32_t memscope_glibc_threads_list(struct memscope_thread_place *places, uint32_t capacity);

/// Where the `struct pthread` of a thread is whose thread pointer is `pointer`.
uintptr_t memscope_glibc_descriptor(uintptr_t pointer);

/// The thread-local storage that belongs to a `struct pthread`, that itself included.
struct memscope_thread_storage { uintptr_t start, end; };
struct memscope_thread_storage memscope_glibc_thread_storage(uintptr_t descriptor);

/// The `struct pthread` alone.
struct memscope_thread_storage memscope_glibc_thread_descriptor(uintptr_t descriptor);

/// The place of the pointer to its vector of dynamic thread-local storage.
uintptr_t memscope_glibc_dynamic_storage(uintptr_t descriptor);

#pragma clang assume_nonnull end
#endif
