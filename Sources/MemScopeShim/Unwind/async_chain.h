// The callers of an asynchronous function: frames in memory of the task, linked from context to context.
#ifndef MEMSCOPE_ASYNC_CHAIN_H
#define MEMSCOPE_ASYNC_CHAIN_H

#include <stdbool.h>

#include "../Ring/thread.h"
#include "step.h"

#pragma clang assume_nonnull begin

/// What a walk that met the executor goes on with.
struct memscope_async_chain {
    /// New frames so far, the physical ones included.
    uint32_t fresh;
    /// How many of the last stack's asynchronous frames remain.
    uint32_t joined;
    bool truncated;
};

/// Walks the callers that wait for the function that the executor called. Notes in the thread's state that its stack is
/// a task's, and the asynchronous part of it.
/// @param physical New frames so far.
/// @param pc Where the outermost physical frame goes on, 0 if there is none.
/// @param executor_frame Where that frame saved its frame pointer, 0 if it did not.
/// @param unchanged How many of the last stack's asynchronous frames are as they were.
struct memscope_async_chain memscope_walk_async_callers(struct memscope_thread *thread, uint32_t physical, uintptr_t pc,
                                                        uintptr_t executor_frame, uint32_t unchanged);

/// The innermost of the last stack's `unchanged` asynchronous frames, as a context; 0 if there is none.
static inline uintptr_t memscope_known_context(const struct memscope_thread *thread, uint32_t unchanged) {
    return unchanged > 0 ? thread->checks[unchanged - 1].slot - 8 : 0;
}

/// The call-trie node of the stack that created a task, 0 when it is not known.
uint32_t memscope_creation_node(const void *_Nullable task);

#pragma clang assume_nonnull end
#endif
