// One frame of a walked stack, as a thread keeps it between walks.
#ifndef MEMSCOPE_FRAME_H
#define MEMSCOPE_FRAME_H

#include <stdbool.h>
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
    /// Where the caller's frame pointer was saved, or `slot` again if it was not, or if nobody reads it.
    uintptr_t link_place;
    /// The word found there.
    uintptr_t link;
};

/// Stands for a frame pointer that no frame further out reads. No frame is at an odd address, so a walk that needed
/// this very value would be lost, and a lost walk is not kept.
#define MEMSCOPE_FRAME_POINTER_UNREAD ((uintptr_t)1)

/// What follows from a frame and all frames outside it.
struct memscope_frame_state {
    /// Hash of the stack down to this frame.
    uint64_t hash;
    /// The frame pointer of the function that the return address is in, MEMSCOPE_FRAME_POINTER_UNREAD if neither it nor
    /// a frame further out reads it: with any other value in the register the walk would have gone on in the same way.
    uintptr_t frame_pointer;
    /// The call-trie node, 0 while unknown.
    uint32_t node;
    /// Index of the return address in the address table, frame kind in the top two bits.
    uint32_t address;
};

static inline uintptr_t memscope_load_word(uintptr_t address) { return *(const uintptr_t *)address; }

/// Whether the words of a frame are as they were. They must be readable.
static inline bool memscope_is_unchanged(const struct memscope_frame_check *_Nonnull check) {
    return memscope_load_word(check->slot) == check->return_address && memscope_load_word(check->link_place) == check->link;
}

/// A frame that the walk in progress has found, before it is known how many lie outside it.
struct memscope_fresh_frame {
    struct memscope_frame_check check;
    /// The frame pointer of the function that the return address is in.
    uintptr_t frame_pointer;
    /// As in memscope_frame_state.
    uint32_t address;
    /// The memscope_address_flag bits of the return address.
    uint32_t flags;
};

#endif
