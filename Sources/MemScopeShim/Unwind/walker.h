// A walk in progress, from the innermost frame outwards.
#ifndef MEMSCOPE_WALKER_H
#define MEMSCOPE_WALKER_H

#include "../Ring/thread.h"
#include "step.h"

// A stack reaches at most this far below its top; beyond, the thread runs on a stack that we do not know.
#define STACK_REACH (UINT64_C(1) << 30)
// Of such a stack no more than this is looked at.
#define FOREIGN_STACK_BYTES (UINT64_C(1) << 20)

struct memscope_walker {
    struct memscope_thread *_Nonnull thread;
    struct memscope_position at;
    struct memscope_bounds bounds;
    /// The next frame to be written.
    struct memscope_fresh_frame *_Nonnull note;
    /// The rule of the frame that could not be stepped out of by it alone.
    memscope_unwind_rule rule;
    /// How many of the last stack's frames may still be joined, and how many of them are asynchronous.
    uint32_t joined, async_unchanged;
    /// How many of the new frames are physical, if the walk met the executor.
    uint32_t physical;
    /// Whether the walk may serve the next one, and whether frames were lost.
    bool keep, truncated;
};

/// The bounds for a walk that begins at, or goes on from, a stack pointer.
static inline struct memscope_bounds memscope_bounds_of(const struct memscope_thread *_Nonnull thread, uintptr_t stack_pointer) {
    bool foreign = stack_pointer >= thread->stack_top || thread->stack_top - stack_pointer > STACK_REACH;
    return (struct memscope_bounds){
        .low = stack_pointer,
        .high = foreign ? stack_pointer + FOREIGN_STACK_BYTES : thread->stack_top,
        .foreign = foreign,
    };
}

/// Walks until the walk meets a kept frame, the end of the stack or of a task's asynchronous callers, or is lost. The new
/// frames are in `thread->fresh`, innermost first, up to `note`; `joined` kept frames lie outside them.
void memscope_walker_run(struct memscope_walker *_Nonnull walker);

#endif
