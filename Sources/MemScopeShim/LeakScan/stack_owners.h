// Which running function each reference on a stack belongs to: the one whose frame it stands in.
//
// The stopped thread's stack is walked from its registers; a frame reaches from the stack pointer in the function to that in its
// caller. A reference in a register belongs to the function that runs.
#ifndef MEMSCOPE_STACK_OWNERS_H
#define MEMSCOPE_STACK_OWNERS_H

#include "roots.h"

#pragma clang assume_nonnull begin

/// In memscope_root.function instead of an index, from here on: why there is none. The values are those of the capture file.
enum memscope_no_function : uint32_t {
    /// The walk did not come as far: what lies further in has no call frame information.
    MEMSCOPE_FRAME_NOT_WALKED = 0xfffffff0,
    /// Further out than all functions: arguments and environment, or what the C library keeps there.
    MEMSCOPE_FRAME_BEYOND_FUNCTIONS = 0xfffffff1,
    /// The thread runs on another stack (of a coroutine, or for signals).
    MEMSCOPE_FRAME_OF_OTHER_STACK = 0xfffffff2,
    /// There are too many functions.
    MEMSCOPE_FRAME_NO_ROOM = 0xfffffff3,
};

/// Says of the roots of a thread, those from `first` on, which function they belong to. Walks the stack if one of them is on it.
/// Reads may fault: with memscope_guard_start, and not between a memscope_guard_begin and what it guards.
/// @param stack Where the thread's own stack begins, 0 if it is not known.
void memscope_stack_owners_note(struct memscope_roots *roots, uint32_t first, const struct memscope_stopped_thread *thread,
                                uintptr_t stack, uintptr_t stack_end);

#pragma clang assume_nonnull end
#endif
