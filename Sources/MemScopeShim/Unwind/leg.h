// Legs: the inner parts of stacks that a thread had lately, so that a stack which comes again need not be walked again.
//
// A program in a loop has the same few stacks in turn. Most frames of such a stack are new compared with the one before,
// and a step from frame to frame costs ten times what it costs to see that two words are as they were. A leg is what one
// walk found between the hook and the frame where it joined the last stack, or the executor. It begins at the same frame
// address, its words are compared all at once, and it ends at the same slot of an outer part with the same hash and,
// where that is read, the same frame pointer: so a walk would find just these frames.
#ifndef MEMSCOPE_LEG_H
#define MEMSCOPE_LEG_H

#include "frame.h"

/// Legs that a thread keeps.
#define MEMSCOPE_LEG_BITS 7
#define MEMSCOPE_LEGS (1 << MEMSCOPE_LEG_BITS)
/// Frames of the longest.
#define MEMSCOPE_LEG_FRAMES 10

/// A frame of a leg.
struct memscope_leg_frame {
    struct memscope_frame_check check;
    struct memscope_frame_state state;
};

/// The inner part of a stack.
struct memscope_leg {
    /// The frame address of the hook that the walk began at.
    uintptr_t frame;
    /// The hash of the last whole stack that was walked and looked for its leg here: kept when it comes again.
    uint64_t candidate;
    /// Hash and frame pointer of the outermost frame that is not part of the leg.
    uint64_t end_hash;
    uintptr_t end_frame_pointer;
    /// Where the outermost frame of the leg saved its frame pointer, if the executor called it.
    uintptr_t executor_frame;
    /// What is seen at its end.
    struct memscope_frame_check end;
    /// Frames in the leg, 0 for none, and outside of it.
    uint32_t count, joined;
    /// Whether the frames outside are asynchronous callers.
    bool has_met_executor;
    /// The frames, outermost first.
    struct memscope_leg_frame frames[MEMSCOPE_LEG_FRAMES];
};

#endif
