// From one physical frame to its caller, by the rule of its return address.
#ifndef MEMSCOPE_STEP_H
#define MEMSCOPE_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "cfi.h"
#include "frame.h"

/// Frame records of async functions compiled with -swift-async-frame-pointer carry a mark in bit 60.
#define MEMSCOPE_ASYNC_FRAME_BIT (UINT64_C(1) << 60)

/// Where a walk stands: a frame, and where the words were that say so.
struct memscope_position {
    /// Where the return address lies; 0 when that is not known or was guessed: the walk must not serve the next one.
    uintptr_t slot;
    uintptr_t return_address;
    /// Where the frame pointer was saved, or the slot.
    uintptr_t link_place;
    /// The word found there.
    uintptr_t link;
    /// The stack pointer after the return.
    uintptr_t stack_pointer;
    /// The frame pointer after the return.
    uintptr_t frame_pointer;
    /// MEMSCOPE_KEY_INTERRUPTED when the frame did not call but was interrupted.
    uint64_t interrupted;
};

/// The bounds that loads must keep to. On the thread's own stack that is its top; on another (sigaltstack, coroutine) it
/// is a guess, and nothing of the walk is kept.
struct memscope_bounds {
    uintptr_t low, high;
    bool foreign;
};

enum memscope_step : uint32_t {
    /// The position is the caller's.
    MEMSCOPE_STEP_ON,
    /// There is no caller.
    MEMSCOPE_STEP_END,
    /// The caller cannot be found.
    MEMSCOPE_STEP_LOST,
};

/// A position and how it was reached.
struct memscope_stepped {
    struct memscope_position at;
    enum memscope_step step;
};

/// Steps by whatever the rule says. All arguments are copies, so that the walk can keep its own in registers.
struct memscope_stepped memscope_step_by_rule(struct memscope_position at, memscope_unwind_rule rule,
                                              struct memscope_bounds bounds);

/// Puts a position at a return address and a saved frame pointer, loading both.
static inline void memscope_land(struct memscope_position *_Nonnull at, uintptr_t slot, uintptr_t link_place) {
    at->slot = slot;
    at->return_address = memscope_strip_pointer(memscope_load_word(slot));
    at->link_place = link_place;
    at->link = memscope_load_word(link_place);
}

/// Whether `address` may be loaded.
static inline bool memscope_is_inside(const struct memscope_bounds *_Nonnull bounds, uintptr_t address) {
    return address >= bounds->low && address < bounds->high && (address & 7) == 0;
}

/// The step of any function that CFI describes by offsets. False when they lead nowhere.
static inline bool memscope_step_regularly(struct memscope_position *_Nonnull at, memscope_unwind_rule rule,
                                           const struct memscope_bounds *_Nonnull bounds) {
    uintptr_t base = rule.cfa_from_fp ? at->frame_pointer : at->stack_pointer;
    uintptr_t cfa = base + 8 * (intptr_t)rule.cfa_words;
    uintptr_t slot = cfa + 8 * (intptr_t)rule.ra_words;
    uintptr_t link_place = rule.fp_saved ? cfa + 8 * (intptr_t)rule.fp_words : slot;
    if (__builtin_expect(cfa <= at->stack_pointer - 8 || !memscope_is_inside(bounds, slot) ||
                             !memscope_is_inside(bounds, link_place), 0))
        return false;
    memscope_land(at, slot, link_place);
    if (rule.fp_saved) at->frame_pointer = at->link & ~MEMSCOPE_ASYNC_FRAME_BIT;
    at->stack_pointer = cfa;
    return true;
}

#endif
