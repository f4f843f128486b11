// The callers of an asynchronous function: frames in memory of the task, linked from context to context.
#ifndef MEMSCOPE_ASYNC_CHAIN_H
#define MEMSCOPE_ASYNC_CHAIN_H

#include <stdbool.h>

#include "../Ring/thread.h"
#include "step.h"

#pragma clang assume_nonnull begin

/// Notes a new frame of the walk in progress; false when the stack is too deep.
static inline bool memscope_note_frame(struct memscope_thread *thread, uint32_t count,
                                       const struct memscope_position *at, uint32_t address,
                                       enum memscope_frame_kind kind) {
    if (__builtin_expect(count >= MEMSCOPE_DEPTH, 0)) return false;
    thread->fresh_checks[count] = (struct memscope_frame_check){
        .slot = at->slot,
        .return_address = at->return_address,
        .link_place = at->link_place,
        .link = at->link,
    };
    thread->fresh_states[count] = (struct memscope_frame_state){
        .frame_pointer = at->frame_pointer,
        .address = address | kind << MEMSCOPE_FRAME_KIND_SHIFT,
    };
    return true;
}

/// What a walk that met the executor goes on with.
struct memscope_async_chain {
    /// New frames so far, the physical ones included.
    uint32_t fresh;
    /// How many of the last stack's asynchronous frames remain.
    uint32_t joined;
    bool truncated;
};

/// Walks the callers that wait for the function in `thread->async_context`.
/// @param fresh New frames so far.
/// @param unchanged How many of the last stack's asynchronous frames are as they were.
struct memscope_async_chain memscope_walk_async_chain(struct memscope_thread *thread, uint32_t fresh,
                                                      uint32_t unchanged);

/// The call-trie node of the stack that created a task, 0 when it is not known.
uint32_t memscope_creation_node(const void *_Nullable task);

#pragma clang assume_nonnull end
#endif
