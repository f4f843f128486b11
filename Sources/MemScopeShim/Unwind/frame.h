// One frame of a walked stack, as a thread keeps it between walks.
#ifndef MEMSCOPE_FRAME_H
#define MEMSCOPE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

/// Deepest stack that is recorded whole; deeper ones lose their outermost frames and are marked.
#define MEMSCOPE_DEPTH 1024

/// What must still be in memory for a frame, and all frames outside it, to be as they were. 40 bytes: the next walk
/// compares these for every frame.
struct memscope_frame_check {
    /// Where the return address lies.
    uintptr_t slot;
    /// Where the caller's frame pointer was saved, or `slot` again if it was not, or if nobody reads it.
    uintptr_t link_place;
    /// Where two words lie that are as the next two, unless something has changed: mostly the frame record. Of frames with
    /// none it is `memscope_no_window`, and of those that nobody reads a frame pointer of the word beside the return address.
    uintptr_t window;
    /// The words found at `link_place`, if that is not `slot`, and at `slot`.
    uintptr_t link, return_address;
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

/// Two words that no frame has: a return address is not 0.
extern const uintptr_t memscope_no_window[2] __attribute__((visibility("hidden")));

/// What to compare for a frame from the next walk on.
/// @param link_place `slot`, and `link` any, when nobody reads the frame pointer.
static inline void memscope_check_begin(struct memscope_frame_check *_Nonnull check, uintptr_t slot, uintptr_t return_address,
                                        uintptr_t link_place, uintptr_t link) {
    bool is_read = link_place != slot;
    check->slot = slot;
    check->link_place = link_place;
    // A place of 0 was guessed: such a walk is not kept.
    bool has_window = slot && (!is_read || link_place + 8 == slot);
    check->window = has_window ? slot - 8 : (uintptr_t)memscope_no_window;
    // What nobody reads may change; mostly it is a register that was saved, and does not.
    check->link = is_read ? link : memscope_load_word(check->window);
    check->return_address = return_address;
}

/// Whether the words of a frame are as they were. They must be readable.
static inline bool memscope_is_unchanged(const struct memscope_frame_check *_Nonnull check) {
    return memscope_load_word(check->slot) == check->return_address &&
           (check->link_place == check->slot || memscope_load_word(check->link_place) == check->link);
}

typedef uint64_t memscope_word_pair __attribute__((vector_size(16)));
typedef memscope_word_pair memscope_loose_word_pair __attribute__((aligned(8), may_alias));

// 0 where a window is as it was.
static inline memscope_word_pair memscope_window_difference(const struct memscope_frame_check *_Nonnull check) {
    return *(const memscope_loose_word_pair *)check->window ^ *(const memscope_loose_word_pair *)&check->link;
}

/// Whether the windows of four frames are as they were, and so the frames. If not, the frames still may be. For frames whose
/// words were stored a while ago: a load of two words that were just stored apart waits until both have left the processor's
/// store buffer.
static inline bool memscope_are_unchanged(const struct memscope_frame_check *_Nonnull check) {
    memscope_word_pair difference = (memscope_window_difference(check) | memscope_window_difference(check + 1)) |
                                    (memscope_window_difference(check + 2) | memscope_window_difference(check + 3));
    return (difference[0] | difference[1]) == 0;
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
