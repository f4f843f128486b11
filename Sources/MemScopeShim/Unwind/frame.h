// One frame of a walked stack, as a thread keeps it between walks.
#ifndef MEMSCOPE_FRAME_H
#define MEMSCOPE_FRAME_H

#include <stdint.h>

/// Deepest stack that is recorded whole; deeper ones lose their outermost frames and are marked.
#define MEMSCOPE_DEPTH 1024

/// What must still be in memory for a frame, and all frames outside it, to be as they were. 32 bytes: the next walk
/// compares these for every frame.
struct memscope_frame_check {
    /// Where the return address lies.
    uintptr_t slot;
    /// The return address found there.
    uintptr_t return_address;
    /// Where the caller's frame pointer was saved, or `slot` again if it was not.
    uintptr_t link_place;
    /// The word found there.
    uintptr_t link;
};

/// What follows from a frame and all frames outside it.
struct memscope_frame_state {
    /// Hash of the stack down to this frame.
    uint64_t hash;
    /// The frame pointer of the function that the return address is in.
    uintptr_t frame_pointer;
    /// The call-trie node, 0 while unknown.
    uint32_t node;
    /// Index of the return address in the address table, frame kind in the top two bits.
    uint32_t address;
};

#endif
