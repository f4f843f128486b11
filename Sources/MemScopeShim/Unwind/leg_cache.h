// The legs of a thread: looking for one, and keeping one.
#ifndef MEMSCOPE_LEG_CACHE_H
#define MEMSCOPE_LEG_CACHE_H

#include "../Ring/thread.h"
#include "async_chain.h"

#pragma clang assume_nonnull begin

// The smallest that pages are.
#define MEMSCOPE_PAGE_BYTES 4096

/// Where the leg of a stack is kept that begins at a hook's frame. Which one it is follows from a few words of the stack;
/// whether it fits is for `memscope_leg_is_walked_again` to say.
static inline struct memscope_leg *memscope_leg_place(struct memscope_thread *thread, uintptr_t frame) {
    // Two return addresses further out, if the frame pointers lead to them. They need not be frame pointers: what lies in
    // the same page can be read, and any words of the stack will do.
    uintptr_t mixed = frame + memscope_load_word(frame + 8), link = memscope_load_word(frame);
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
        if (link <= frame || ((link + 8) ^ frame) >= MEMSCOPE_PAGE_BYTES || (link & 7) != 0) break;
        mixed = (mixed << 21 | mixed >> 43) + memscope_load_word(link + 8);
        link = memscope_load_word(link);
    }
    // The topmost bits of a product depend on all bits of its factors.
    return &thread->legs[mixed * UINT64_C(0x9E3779B97F4A7C15) >> (64 - MEMSCOPE_LEG_BITS)];
}

/// Whether the stack is the leg on top of frames that are as they were. If so it becomes the thread's last stack.
/// @param frame The frame address of the hook.
/// @param unchanged How many frames of the last stack are as they were, from the outermost.
/// @param async_unchanged How many of these are asynchronous.
static inline bool memscope_leg_is_walked_again(struct memscope_thread *thread, const struct memscope_leg *leg,
                                                uintptr_t frame, uint32_t unchanged, uint32_t async_unchanged) {
    uint32_t joined = leg->joined, count = leg->count;
    if (leg->frame != frame || count == 0 || joined > unchanged) return false;
    // On the executor's side only if no physical frame was kept, else only on top of one.
    if (leg->has_met_executor ? unchanged > async_unchanged || !thread->task : joined <= async_unchanged) return false;
    struct memscope_frame_check *check = &thread->checks[joined];
    struct memscope_frame_state *state = &thread->states[joined];
    if (state[-1].hash != leg->end_hash) return false;
    if (!leg->has_met_executor && (check[-1].slot != leg->end.slot || state[-1].frame_pointer != leg->end_frame_pointer))
        return false;
    // From the innermost outwards: what lies further in being as it was, a walk would look at the same places.
    const struct memscope_leg_frame *first = leg->frames, *end = first + count, *from = end;
    do {
        from--;
        if (!memscope_is_unchanged(&from->check)) return false;
    } while (from != first);
    if (!memscope_is_unchanged(&leg->end)) return false;
    if (leg->has_met_executor) {
        struct memscope_async_chain chain =
            memscope_walk_async_callers(thread, 0, first->check.return_address, leg->executor_frame, async_unchanged);
        if (chain.fresh != 0 || chain.joined != joined || chain.truncated) return false;
    } else {
        check[-1] = leg->end;
    }
    for (; from != end; from++, check++, state++) {
        *check = from->check;
        *state = from->state;
    }
    thread->depth = joined + count;
    return true;
}

/// Keeps the leg of the thread's last stack, unless it is too long.
/// @param joined How many frames of the stack lie outside the leg.
/// @param end What was seen at its end: of the outermost of these, or of the frame that the executor called.
/// @param has_met_executor The frames outside are asynchronous callers.
/// @param executor_frame Where the leg's outermost frame saved its frame pointer, 0 if it did not.
void memscope_leg_keep(const struct memscope_thread *thread, struct memscope_leg *leg, uintptr_t frame, uint32_t joined,
                       const struct memscope_frame_check *end, bool has_met_executor, uintptr_t executor_frame);

#pragma clang assume_nonnull end
#endif
