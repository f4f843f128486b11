#include "walk.h"

#include "../Attribution/attribution.h"
#include "../Lifecycle/switch.h"
#include "../Stack/return_address.h"
#include "../SwiftRuntime/current_task.h"
#include "async_chain.h"
#include "step.h"

// A stack reaches at most this far below its top; beyond, the thread runs on a stack that we do not know.
#define STACK_REACH (UINT64_C(1) << 30)
// Of such a stack no more than this is looked at.
#define FOREIGN_STACK_BYTES (UINT64_C(1) << 20)
// What lies this far below the stack pointer of a function is left alone by signal frames.
#define RED_ZONE 128

static inline uint64_t next_hash(uint64_t hash, uintptr_t return_address, uint32_t kind) {
    uint64_t word = return_address ^ (uint64_t)kind << 60;
    return ((hash << 7 | hash >> 57) ^ word) * UINT64_C(0x9E3779B97F4A7C15);
}

static inline bool is_unchanged(const struct memscope_frame_check *check) {
    return memscope_load_word(check->slot) == check->return_address && memscope_load_word(check->link_place) == check->link;
}

// How many frames of the last stack, from the outermost, are as they were. `limit` frames may be read.
static inline uint32_t unchanged_frames(const struct memscope_thread *thread, uint32_t limit) {
    const struct memscope_frame_check *checks = thread->checks;
    uint32_t same = 0;
    while (same + 4 <= limit) {
        const struct memscope_frame_check *c = checks + same;
        if (!is_unchanged(c) || !is_unchanged(c + 1) || !is_unchanged(c + 2) || !is_unchanged(c + 3)) break;
        same += 4;
    }
    while (same < limit && is_unchanged(&checks[same])) same++;
    return same;
}

static inline struct memscope_bounds bounds_of(const struct memscope_thread *thread, uintptr_t stack_pointer) {
    bool foreign = stack_pointer >= thread->stack_top || thread->stack_top - stack_pointer > STACK_REACH;
    return (struct memscope_bounds){
        .low = stack_pointer,
        .high = foreign ? stack_pointer + FOREIGN_STACK_BYTES : thread->stack_top,
        .foreign = foreign,
    };
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

// Appends the new frames, outermost first, to the `joined` that remain, and hashes the stack down to each.
static inline uint64_t append_fresh(struct memscope_thread *thread, uint32_t joined, uint32_t fresh, uint32_t root_node) {
    uint64_t hash = joined ? thread->states[joined - 1].hash
                           : thread->seed + (uint64_t)root_node * UINT64_C(0xA24BAED4963EE407);
    if (root_node && joined == 0 && fresh > 0) {
        // The outermost frame of a task, below the stack that created it.
        uint32_t *address = &thread->fresh_states[fresh - 1].address;
        *address = (*address & MEMSCOPE_FRAME_ADDRESS_MASK) | MEMSCOPE_FRAME_CREATION << MEMSCOPE_FRAME_KIND_SHIFT;
    }
    struct memscope_frame_check *check = &thread->checks[joined];
    struct memscope_frame_state *state = &thread->states[joined];
    for (uint32_t i = fresh; i-- > 0; check++, state++) {
        *check = thread->fresh_checks[i];
        *state = thread->fresh_states[i];
        state->hash = hash = next_hash(hash, check->return_address, state->address >> MEMSCOPE_FRAME_KIND_SHIFT);
    }
    thread->depth = joined + fresh;
    return hash;
}

// The walk from the innermost frame outwards, down to the `unchanged` outermost frames of the last stack.
static __attribute__((noinline)) struct memscope_walk walk_on(struct memscope_thread *thread, uintptr_t frame,
                                                              uintptr_t caller_stack_pointer, uint32_t unchanged) {
    uint32_t async_unchanged = unchanged < thread->async_depth ? unchanged : thread->async_depth;
    // The stack of a task can be the same while its callers are not: `await` leaves no trace on it.
    if (thread->in_task_stack && unchanged > async_unchanged &&
        memscope_task_async_context(thread->task, thread->checks[async_unchanged].return_address,
                                    (const uintptr_t *)thread->executor_frame) != thread->async_context)
        unchanged = async_unchanged;
    struct memscope_bounds bounds = bounds_of(thread, frame);
    bool keep = !bounds.foreign, truncated = false;
    struct memscope_position at = {.stack_pointer = caller_stack_pointer};
    memscope_land(&at, frame + 8, frame);
    at.frame_pointer = at.link & ~MEMSCOPE_ASYNC_FRAME_BIT;

    uint32_t fresh = 0, joined = unchanged;
    for (;;) {
        // Leave the frames that lie further in than we are now.
        while (joined > async_unchanged && thread->checks[joined - 1].slot < at.slot) joined--;
        if (joined > async_unchanged && thread->checks[joined - 1].slot == at.slot &&
            thread->states[joined - 1].frame_pointer == at.frame_pointer) {
            // Called from the same place, but perhaps another function: that one saved the frame pointer elsewhere.
            thread->checks[joined - 1].link_place = at.link_place;
            thread->checks[joined - 1].link = at.link;
            break;
        }
        memscope_unwind_rule rule;
        uint32_t address = memscope_address_find(at.return_address | at.interrupted, &rule);
        if (__builtin_expect(rule.flags & MEMSCOPE_ADDRESS_EXECUTOR, 0) && thread->task) {
            uint32_t physical = fresh;
            thread->in_task_stack = true;
            thread->executor_frame = at.link_place == at.slot - 8 ? at.link_place : 0;
            thread->async_context =
                memscope_task_async_context(thread->task, fresh ? thread->fresh_checks[fresh - 1].return_address : 0,
                                            (const uintptr_t *)thread->executor_frame);
            struct memscope_async_chain chain = memscope_walk_async_chain(thread, fresh, async_unchanged);
            fresh = chain.fresh;
            joined = chain.joined;
            truncated = chain.truncated;
            thread->async_depth = joined + fresh - physical;
            break;
        }
        bool has_room = memscope_note_frame(thread, fresh, &at, address, MEMSCOPE_FRAME_CALL);
        fresh += has_room;
        bool is_common = has_room && rule.kind == memscope_rule_regular && !bounds.foreign;
        if (__builtin_expect(is_common, 1) && (rule.flags & MEMSCOPE_ADDRESS_FRAME_POINTER
                                                   ? memscope_step_by_frame_pointer(&at, &bounds)
                                                   : memscope_step_regularly(&at, rule, &bounds))) {
            at.interrupted = 0;
            continue;
        }
        struct memscope_stepped stepped = {.step = MEMSCOPE_STEP_LOST};
        if (has_room && !is_common) stepped = memscope_step_by_rule(at, rule, bounds);
        if (stepped.step == MEMSCOPE_STEP_END || stepped.step == MEMSCOPE_STEP_LOST) {
            truncated = stepped.step == MEMSCOPE_STEP_LOST;
            joined = 0;
            thread->async_depth = 0;
            thread->in_task_stack = false;
            break;
        }
        at = stepped.at;
        // What was guessed, interpreted or lies on another stack cannot be checked by looking at the same words again.
        if (at.slot == 0) keep = false;
        if (__builtin_expect(bounds.foreign || at.interrupted, 0)) {
            bounds = bounds_of(thread, at.stack_pointer);
            // Interrupted while it pops its registers, a function has some of them still below its stack pointer.
            if (at.interrupted) bounds.low -= RED_ZONE;
            if (bounds.foreign) keep = false;
        }
    }
    // Deeper than we keep: walk again without the last stack, so that the outermost frames are the ones that go.
    if (__builtin_expect(joined + fresh > MEMSCOPE_DEPTH, 0)) {
        thread->depth = thread->async_depth = 0;
        return walk_on(thread, frame, caller_stack_pointer, 0);
    }
    struct memscope_walk walk = {.root_node = thread->in_task_stack ? thread->creation_node : 0, .truncated = truncated};
    walk.hash = append_fresh(thread, joined, fresh, walk.root_node);
    thread->keep = keep && !truncated;
    return walk;
}

// The whole of it: what may be looked at, what is as it was, and the rest.
static __attribute__((noinline)) struct memscope_walk walk_with_care(struct memscope_thread *thread, uintptr_t frame,
                                                                      uintptr_t caller_stack_pointer) {
    uint32_t unchanged = unchanged_frames(thread, readable_frames(thread));
    return walk_on(thread, frame, caller_stack_pointer, unchanged);
}

struct memscope_walk memscope_walk(struct memscope_thread *thread, uintptr_t frame, uintptr_t caller_stack_pointer) {
    bool has_tasks = __atomic_load_n(&memscope_switch.tasks, __ATOMIC_RELAXED);
    bool is_stale = !thread->keep || __atomic_load_n(&memscope_switch.seed, __ATOMIC_RELAXED) != thread->seed;
    if (__builtin_expect(has_tasks || is_stale, 0)) return walk_with_care(thread, frame, caller_stack_pointer);
    uint32_t depth = thread->depth, unchanged = unchanged_frames(thread, depth);
    const struct memscope_frame_check *innermost = &thread->checks[depth - 1];
    // The same stack as last time: common in loops.
    if (unchanged == depth && innermost->slot == frame + 8 && innermost->link_place == frame)
        return (struct memscope_walk){.hash = thread->states[depth - 1].hash};
    return walk_on(thread, frame, caller_stack_pointer, unchanged);
}
