#include "walk.h"

#include "../Attribution/attribution.h"
#include "../Lifecycle/switch.h"
#include "../Stack/return_address.h"
#include "../SwiftRuntime/current_task.h"
#include "leg_cache.h"
#include "walker.h"

static inline uint64_t next_hash(uint64_t hash, uintptr_t return_address, uint32_t kind) {
    uint64_t word = return_address ^ (uint64_t)kind << 60;
    return ((hash << 7 | hash >> 57) ^ word) * UINT64_C(0x9E3779B97F4A7C15);
}

const uintptr_t memscope_no_window[2];

// How many frames of the last stack, from the outermost, are as they were. `limit` frames may be read.
static inline uint32_t unchanged_frames(const struct memscope_thread *thread, uint32_t limit) {
    const struct memscope_frame_check *check = thread->checks, *end = check + limit;
    for (; check + 4 <= end; check += 4) {
        // The innermost two were called just now.
        if (check + 6 <= end && memscope_are_unchanged(check)) continue;
        if (!memscope_is_unchanged(check) || !memscope_is_unchanged(check + 1) || !memscope_is_unchanged(check + 2) ||
            !memscope_is_unchanged(check + 3))
            break;
    }
    while (check < end && memscope_is_unchanged(check)) check++;
    return (uint32_t)(check - thread->checks);
}

// Notes which task the thread runs now. Returns how many frames of the last stack may be looked at: the words of a
// task's asynchronous frames stay readable until the task ends, so as long as the same task runs, and the stack always.
static uint32_t readable_frames(struct memscope_thread *thread) {
    uint32_t seed = __atomic_load_n(&memscope_switch.seed, __ATOMIC_RELAXED);
    if (__builtin_expect(seed != thread->seed, 0)) {
        thread->seed = seed;
        thread->keep = false;
    }
    if (!thread->keep) thread->depth = thread->async_depth = 0;
    if (!__atomic_load_n(&memscope_switch.tasks, __ATOMIC_RELAXED)) return thread->depth;
    const void *task = memscope_task_current();
    uint64_t id = task ? memscope_task_id(task) : 0;
    bool is_same_task = task == thread->task && id == thread->task_id;
    if (!is_same_task || !memscope_attribution_holds(thread, task))
        memscope_attribution_refresh(thread, task, id);
    if (is_same_task) return thread->depth;
    thread->task = task;
    thread->task_id = id;
    thread->creation_node = task ? memscope_creation_node(task) : 0;
    return 0;
}

// Loaded one by one, as they were stored: the compiler would join neighbours, and a load of two words that were just
// stored apart waits until both have left the processor's store buffer.
static inline uintptr_t stored_word(const uintptr_t *word) { return __atomic_load_n(word, __ATOMIC_RELAXED); }

// Appends the new frames, outermost first, to the `joined` that remain, and hashes the stack down to each.
static inline uint64_t append_fresh(struct memscope_thread *thread, uint32_t joined, uint32_t fresh, uint32_t root_node) {
    uint64_t hash = joined ? thread->states[joined - 1].hash
                           : thread->seed + (uint64_t)root_node * UINT64_C(0xA24BAED4963EE407);
    bool is_read = joined && thread->states[joined - 1].frame_pointer != MEMSCOPE_FRAME_POINTER_UNREAD;
    if (root_node && joined == 0 && fresh > 0) {
        // The outermost frame of a task, below the stack that created it.
        uint32_t *address = &thread->fresh[fresh - 1].address;
        *address = (*address & MEMSCOPE_FRAME_ADDRESS_MASK) | MEMSCOPE_FRAME_CREATION << MEMSCOPE_FRAME_KIND_SHIFT;
    }
    struct memscope_frame_check *check = &thread->checks[joined];
    struct memscope_frame_state *state = &thread->states[joined];
    for (const struct memscope_fresh_frame *from = &thread->fresh[fresh]; from-- != thread->fresh; check++, state++) {
        uintptr_t slot = stored_word(&from->check.slot), return_address = stored_word(&from->check.return_address);
        uint32_t address = from->address, flags = from->flags;
        is_read = (flags & MEMSCOPE_ADDRESS_READS_FRAME_POINTER) != 0 ||
                  (is_read && !(flags & MEMSCOPE_ADDRESS_RESTORES_FRAME_POINTER));
        memscope_check_begin(check, slot, return_address, is_read ? stored_word(&from->check.link_place) : slot,
                             stored_word(&from->check.link));
        state->hash = hash = next_hash(hash, return_address, address >> MEMSCOPE_FRAME_KIND_SHIFT);
        state->frame_pointer = is_read ? stored_word(&from->frame_pointer) : MEMSCOPE_FRAME_POINTER_UNREAD;
        state->node = 0;
        state->address = address;
        is_read = state->frame_pointer != MEMSCOPE_FRAME_POINTER_UNREAD;
    }
    thread->depth = joined + fresh;
    return hash;
}

// Keeps the physical frames of a walk, which came to an end at a kept frame or at the executor.
static __attribute__((noinline)) void keep_leg(struct memscope_leg *leg, const struct memscope_walker *walker, uintptr_t frame,
                                               uint32_t fresh) {
    const struct memscope_position *at = &walker->at;
    bool has_met_executor = walker->physical > 0;
    // Asynchronous callers that are new, or no longer there: another walk will find them known.
    if (has_met_executor && walker->physical != fresh) return;
    struct memscope_frame_check end;
    memscope_check_begin(&end, at->slot, at->return_address, at->link_place, at->link);
    uintptr_t executor_frame = has_met_executor && at->link_place == at->slot - 8 ? at->link_place : 0;
    memscope_leg_keep(walker->thread, leg, frame, walker->joined, &end, has_met_executor, executor_frame);
}

// The walk from the innermost frame outwards, down to the `unchanged` outermost frames of the last stack.
static __attribute__((noinline)) struct memscope_walk walk_afresh(struct memscope_thread *thread, uintptr_t frame,
                                                                  uintptr_t caller_stack_pointer, uint32_t unchanged,
                                                                  uint32_t async_unchanged, struct memscope_leg *leg) {
    struct memscope_walker walker;
    walker.thread = thread;
    walker.physical = 0;
    walker.bounds = memscope_bounds_of(thread, frame);
    walker.note = thread->fresh;
    walker.joined = unchanged;
    walker.async_unchanged = async_unchanged;
    walker.keep = !walker.bounds.foreign;
    walker.truncated = false;
    memscope_land(&walker.at, frame + 8, frame);
    walker.at.stack_pointer = caller_stack_pointer;
    walker.at.frame_pointer = walker.at.link & ~MEMSCOPE_ASYNC_FRAME_BIT;
    walker.at.interrupted = 0;
    memscope_walker_run(&walker);

    uint32_t fresh = (uint32_t)(walker.note - thread->fresh);
    // Deeper than we keep: walk again without the last stack, so that the outermost frames are the ones that go.
    if (__builtin_expect(walker.joined + fresh > MEMSCOPE_DEPTH, 0)) {
        thread->depth = thread->async_depth = 0;
        return walk_afresh(thread, frame, caller_stack_pointer, 0, 0, leg);
    }
    struct memscope_walk walk = {.root_node = thread->in_task_stack ? thread->creation_node : 0,
                                 .truncated = walker.truncated};
    walk.hash = append_fresh(thread, walker.joined, fresh, walk.root_node);
    thread->keep = walker.keep && !walker.truncated;
    if (leg->candidate != walk.hash) leg->candidate = walk.hash;
    else if (thread->keep && walker.joined > 0 && fresh > 0) keep_leg(leg, &walker, frame, fresh);
    return walk;
}

// What a walk says of a stack that the thread's state already describes.
static inline struct memscope_walk kept_walk(const struct memscope_thread *thread) {
    return (struct memscope_walk){.hash = thread->states[thread->depth - 1].hash,
                                  .root_node = thread->in_task_stack ? thread->creation_node : 0};
}

// The walk, knowing that the `unchanged` outermost frames of the last stack are as they were.
static __attribute__((always_inline)) inline struct memscope_walk walk_on(struct memscope_thread *thread, uintptr_t frame,
                                                                          uintptr_t caller_stack_pointer,
                                                                          uint32_t unchanged) {
    uint32_t async_unchanged = unchanged < thread->async_depth ? unchanged : thread->async_depth;
    // The stack of a task can be the same while its callers are not: `await` leaves no trace on it.
    if (thread->in_task_stack && unchanged > async_unchanged &&
        memscope_task_async_context(thread->task, thread->checks[async_unchanged].return_address,
                                    (const uintptr_t *)thread->executor_frame,
                                    memscope_known_context(thread, async_unchanged)) != thread->async_context)
        unchanged = async_unchanged;
    // The same stack as last time, or as one before. A hook's frame pointer and return address are neighbours.
    if (unchanged > 0 && unchanged == thread->depth && thread->checks[unchanged - 1].slot == frame + 8)
        return kept_walk(thread);
    struct memscope_leg *leg = memscope_leg_place(thread, frame);
    if (memscope_leg_is_walked_again(thread, leg, frame, unchanged, async_unchanged)) return kept_walk(thread);
    return walk_afresh(thread, frame, caller_stack_pointer, unchanged, async_unchanged, leg);
}

// The whole of it: what may be looked at, what is as it was, and the rest.
static __attribute__((noinline)) struct memscope_walk walk_with_care(struct memscope_thread *thread, uintptr_t frame,
                                                                      uintptr_t caller_stack_pointer) {
    uint32_t unchanged = unchanged_frames(thread, readable_frames(thread));
    return walk_on(thread, frame, caller_stack_pointer, unchanged);
}

static __attribute__((noinline)) struct memscope_walk walk_partly(struct memscope_thread *thread, uintptr_t frame,
                                                                  uintptr_t caller_stack_pointer, uint32_t unchanged) {
    return walk_on(thread, frame, caller_stack_pointer, unchanged);
}

struct memscope_walk memscope_walk(struct memscope_thread *thread, uintptr_t frame, uintptr_t caller_stack_pointer) {
    bool has_tasks = __atomic_load_n(&memscope_switch.tasks, __ATOMIC_RELAXED);
    bool is_stale = !thread->keep || __atomic_load_n(&memscope_switch.seed, __ATOMIC_RELAXED) != thread->seed;
    if (__builtin_expect(has_tasks || is_stale, 0)) return walk_with_care(thread, frame, caller_stack_pointer);
    uint32_t depth = thread->depth, unchanged = unchanged_frames(thread, depth);
    // The same stack as last time: common in loops.
    if (unchanged == depth && thread->checks[depth - 1].slot == frame + 8)
        return (struct memscope_walk){.hash = thread->states[depth - 1].hash};
    return walk_partly(thread, frame, caller_stack_pointer, unchanged);
}
