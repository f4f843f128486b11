#include "walker.h"

#include "../Stack/return_address.h"
#include "async_chain.h"

// What lies this far below the stack pointer of a function is left alone by signal frames.
#define RED_ZONE 128

// Whether the walk, which has come to the slot of the kept frame, would go on from there as it did then.
static inline bool is_joined(struct memscope_thread *thread, uint32_t frame, uintptr_t frame_pointer,
                             uintptr_t link_place, uintptr_t link) {
    uintptr_t kept = thread->states[frame].frame_pointer;
    if (kept == MEMSCOPE_FRAME_POINTER_UNREAD) return true;
    if (kept != frame_pointer) return false;
    // Called from the same place, but perhaps another function: that one saved the frame pointer elsewhere.
    struct memscope_frame_check *check = &thread->checks[frame];
    memscope_check_begin(check, check->slot, check->return_address, link_place, link);
    return true;
}

// Walks on while the rules are of the two common kinds. Returns whether the walk met a kept frame; if not, the frame it
// stands at is written, but not yet counted.
static __attribute__((noinline)) bool walk_common_frames(struct memscope_walker *walker) {
    struct memscope_thread *thread = walker->thread;
    uint32_t joined = walker->joined, async_unchanged = walker->async_unchanged;
    struct memscope_fresh_frame *note = walker->note;
    // The position, taken apart: it stays in registers.
    uintptr_t slot = walker->at.slot, return_address = walker->at.return_address;
    uintptr_t link_place = walker->at.link_place, link = walker->at.link;
    uintptr_t stack_pointer = walker->at.stack_pointer, frame_pointer = walker->at.frame_pointer;
    uint64_t interrupted = walker->at.interrupted;
    // The last place of a frame record; none on a stack that we do not know.
    uintptr_t limit = walker->bounds.foreign ? 0 : walker->bounds.high - 16;
    // Where the innermost frame lies that the walk may join.
    uintptr_t joint = joined > async_unchanged ? thread->checks[joined - 1].slot : UINTPTR_MAX;
    bool has_joined = false;
    for (;; note++) {
        if (slot >= joint) {
            // Leave the frames that lie further in than we are now.
            while (joined > async_unchanged && thread->checks[joined - 1].slot < slot) joined--;
            joint = joined > async_unchanged ? thread->checks[joined - 1].slot : UINTPTR_MAX;
            has_joined = slot == joint && is_joined(thread, joined - 1, frame_pointer, link_place, link);
            if (has_joined) break;
        }
        memscope_unwind_rule rule;
        uint32_t address = memscope_address_find(return_address | interrupted, &rule);
        note->check.slot = slot;
        note->check.return_address = return_address;
        note->check.link_place = link_place;
        note->check.link = link;
        note->frame_pointer = frame_pointer;
        note->address = address;
        note->flags = rule.flags;
        if (__builtin_expect(note == &thread->fresh[MEMSCOPE_DEPTH], 0)) {
            walker->rule = rule;
            break;
        }
        if (rule.flags & MEMSCOPE_ADDRESS_FRAME_POINTER && frame_pointer >= stack_pointer && frame_pointer <= limit &&
            (frame_pointer & 7) == 0) {
            link_place = frame_pointer;
            slot = frame_pointer + 8;
            stack_pointer = frame_pointer + 16;
            link = memscope_load_word(link_place);
            frame_pointer = link & ~MEMSCOPE_ASYNC_FRAME_BIT;
        } else if (rule.flags & MEMSCOPE_ADDRESS_STACK_POINTER && stack_pointer + 8 * (intptr_t)rule.cfa_words - 16 <= limit &&
                   (stack_pointer & 7) == 0) {
            stack_pointer += 8 * (intptr_t)rule.cfa_words;
            slot = stack_pointer + 8 * (intptr_t)rule.ra_words;
            link_place = rule.fp_saved ? stack_pointer + 8 * (intptr_t)rule.fp_words : slot;
            link = memscope_load_word(link_place);
            frame_pointer = rule.fp_saved ? link & ~MEMSCOPE_ASYNC_FRAME_BIT : frame_pointer;
        } else {
            walker->rule = rule;
            break;
        }
        return_address = memscope_strip_pointer(memscope_load_word(slot));
        interrupted = 0;
    }
    walker->at = (struct memscope_position){slot, return_address, link_place, link, stack_pointer, frame_pointer, interrupted};
    walker->joined = joined;
    walker->note = note;
    return has_joined;
}

// Takes the step that `walk_common_frames` could not. Returns whether there is a caller to walk on from.
static __attribute__((noinline)) bool step_rarely(struct memscope_walker *walker) {
    struct memscope_thread *thread = walker->thread;
    if (walker->rule.flags & MEMSCOPE_ADDRESS_EXECUTOR && thread->task) {
        // The asynchronous callers take over.
        uint32_t physical = (uint32_t)(walker->note - thread->fresh);
        struct memscope_async_chain chain = memscope_walk_async_callers(
            thread, physical, physical ? walker->note[-1].check.return_address : 0,
            walker->at.link_place == walker->at.slot - 8 ? walker->at.link_place : 0, walker->async_unchanged);
        walker->note = &thread->fresh[chain.fresh];
        walker->joined = chain.joined;
        walker->truncated = chain.truncated;
        walker->physical = physical;
        return false;
    }
    struct memscope_stepped stepped = {.step = MEMSCOPE_STEP_LOST};
    if (walker->note != &thread->fresh[MEMSCOPE_DEPTH]) {
        walker->note++;
        // A frame pointer that leads out of the stack is not believed any further.
        if (!(walker->rule.flags & MEMSCOPE_ADDRESS_FRAME_POINTER) || walker->bounds.foreign)
            stepped = memscope_step_by_rule(walker->at, walker->rule, walker->bounds);
    }
    if (stepped.step != MEMSCOPE_STEP_ON) {
        walker->truncated = stepped.step == MEMSCOPE_STEP_LOST;
        walker->joined = 0;
        thread->async_depth = 0;
        thread->in_task_stack = false;
        return false;
    }
    walker->at = stepped.at;
    // What was guessed, interpreted or lies on another stack cannot be checked by looking at the same words again.
    if (walker->at.slot == 0) walker->keep = false;
    if (walker->bounds.foreign || walker->at.interrupted) {
        walker->bounds = memscope_bounds_of(thread, walker->at.stack_pointer);
        // Interrupted while it pops its registers, a function has some of them still below its stack pointer.
        if (walker->at.interrupted) walker->bounds.low -= RED_ZONE;
        if (walker->bounds.foreign) walker->keep = false;
    }
    return true;
}

void memscope_walker_run(struct memscope_walker *walker) {
    while (!walk_common_frames(walker) && step_rarely(walker)) {}
}
