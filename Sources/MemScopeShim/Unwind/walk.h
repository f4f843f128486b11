// The walk: the calling thread's stack, as a hash that names it.
//
// A thread keeps its last stack. A walk first compares, from the outermost frame inwards, the words that made up that
// stack with what is in memory now: loads of two words, four frames to a branch. Then it walks from the innermost frame
// outwards, by each return address's rule, only until it meets a frame of the part that has not changed.
//
// The result equals a full walk. A step depends on the return address, the stack pointer, the frame pointer and the words
// that its rule loads. The return address that lies in a kept frame's slot is as it was, and the stack pointer follows
// from the slot. The frame pointer matters only if that function's rule, or that of one further out, reads the register
// before some rule has restored it from memory: so with each frame the thread keeps whether it is read from there on
// (append_fresh works it out, from the outermost frame inwards). Where it is read it must be equal, and the word that it
// was saved in is among those compared; where not, code without frame pointers may have left anything in it.
//
// Between the two, the inner part is compared with one that the thread walked before: see leg.h.
//
// In a Swift Concurrency task the physical stack ends where the runtime's executor called the task; from there on the
// chain of asynchronous contexts takes over. A context is {parent, resume function}: in memory it looks just like a
// frame record, so the same arrays hold both.
#ifndef MEMSCOPE_WALK_H
#define MEMSCOPE_WALK_H

#include <stdbool.h>

#include "../Ring/thread.h"

#pragma clang assume_nonnull begin

/// What a walk found; `thread->depth`, `checks` and `states` hold the frames.
struct memscope_walk {
    /// Hash of the whole stack.
    uint64_t hash;
    /// The call-trie node that the outermost frame hangs below: 0, or that of the stack that created the task.
    uint32_t root_node;
    /// Frames were lost: too deep, or not unwindable.
    bool truncated;
};

/// Walks the calling thread's stack from the caller of the function whose frame address is given. No lock, no
/// allocation, no system call for known code; for code never seen compiles its rule (about 2 µs, once).
///
/// @param frame `__builtin_frame_address(0)` of a function that keeps a frame pointer.
/// @param caller_stack_pointer The stack pointer its caller will have when it returns.
struct memscope_walk memscope_walk(struct memscope_thread *thread, uintptr_t frame, uintptr_t caller_stack_pointer);

#pragma clang assume_nonnull end
#endif
