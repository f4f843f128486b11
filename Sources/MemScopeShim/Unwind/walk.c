#include "walk.h"

#include "../Lifecycle/state.h"
#include "../Lifecycle/switch.h"
#include "../Shadow/shadow.h"
#include "../Stack/return_address.h"
#include "../SwiftRuntime/current_task.h"
#include "../SwiftRuntime/module_ranges.h"
#include "../SwiftRuntime/swift_runtime.h"

// Frame records of async functions compiled with -swift-async-frame-pointer carry a mark in bit 60.
#define ASYNC_FRAME_BIT (UINT64_C(1) << 60)
// A stack reaches at most this far below its top; beyond, the thread runs on a stack that we do not know.
#define STACK_REACH (UINT64_C(1) << 30)
// On such a stack, frames larger than this are not believed.
#define FOREIGN_FRAME_BYTES (UINT64_C(1) << 20)
// What lies this far below the stack pointer of a function is left alone by signal frames.
#define RED_ZONE 128
// Functions that say nothing of their frames are small, and so are their frames.
#define SILENT_FUNCTION_BYTES 4096
#define SILENT_FRAME_BYTES 512
// How far up the creation of a task is looked for.
#define TASK_GENERATIONS 64

struct position {
    uintptr_t slot;            // where the return address lies
    uintptr_t return_address;
    uintptr_t link;            // the raw word the frame pointer came from
    intptr_t link_offset;      // where it lies, from the slot
    uintptr_t stack_pointer;   // after the return
    uintptr_t frame_pointer;   // likewise
    uint64_t interrupted;      // MEMSCOPE_KEY_INTERRUPTED when the frame did not call but was interrupted
};

static inline uint64_t load(uintptr_t address) { return *(const uint64_t *)address; }

static inline uint64_t next_hash(uint64_t hash, uintptr_t return_address, uint32_t kind) {
    uint64_t word = return_address ^ (uint64_t)kind << 60;
    return ((hash << 7 | hash >> 57) ^ word) * UINT64_C(0x9E3779B97F4A7C15);
}

static inline bool is_unchanged(const struct memscope_frame_check *check) {
    return load(check->slot) == check->return_address && load(check->slot + (intptr_t)check->link_offset) == check->link;
}

// How many frames of the last stack, from the outermost, are as they were. `limit` frames may be read.
static inline uint32_t unchanged_frames(const struct memscope_thread *thread, uint32_t limit) {
    const struct memscope_frame_check *checks = thread->checks;
    uint32_t same = 0;
    while (same + 4 <= limit) {
        const struct memscope_frame_check *c = checks + same;
        uint64_t difference = (load(c[0].slot) ^ c[0].return_address) | (load(c[0].slot + (intptr_t)c[0].link_offset) ^ c[0].link) |
                              (load(c[1].slot) ^ c[1].return_address) | (load(c[1].slot + (intptr_t)c[1].link_offset) ^ c[1].link) |
                              (load(c[2].slot) ^ c[2].return_address) | (load(c[2].slot + (intptr_t)c[2].link_offset) ^ c[2].link) |
                              (load(c[3].slot) ^ c[3].return_address) | (load(c[3].slot + (intptr_t)c[3].link_offset) ^ c[3].link);
        if (difference) break;
        same += 4;
    }
    while (same < limit && is_unchanged(&checks[same])) same++;
    return same;
}

// The bounds that loads must keep to. On the thread's own stack that is its top; on another (sigaltstack, coroutine)
// it is a guess, and nothing of the walk is kept.
struct bounds { uintptr_t low, high; bool foreign; };

static inline struct bounds bounds_of(const struct memscope_thread *thread, uintptr_t stack_pointer) {
    struct bounds bounds = {stack_pointer, thread->stack_top, false};
    if (stack_pointer >= thread->stack_top || thread->stack_top - stack_pointer > STACK_REACH) {
        bounds.high = stack_pointer + FOREIGN_FRAME_BYTES;
        bounds.foreign = true;
    }
    return bounds;
}

static inline bool is_inside(const struct bounds *bounds, uintptr_t address) {
    return address >= bounds->low && address < bounds->high && (address & 7) == 0;
}

enum step { STEP_ON, STEP_END, STEP_LOST };

static inline void land(struct position *at, uintptr_t slot, uintptr_t link_place) {
    at->slot = slot;
    at->return_address = memscope_strip_pointer(load(slot));
    at->link = load(link_place);
    at->link_offset = (intptr_t)(link_place - slot);
}

// Code without call frame information, such as many small functions that the Swift compiler makes: believe the frame
// pointer if it leads to code.
static enum step step_blindly(struct position *at, const struct bounds *bounds) {
    uintptr_t frame = at->frame_pointer;
    if (bounds->foreign || frame < at->stack_pointer || frame - at->stack_pointer > FOREIGN_FRAME_BYTES ||
        !is_inside(bounds, frame) || !is_inside(bounds, frame + 8))
        return STEP_LOST;
    if (!memscope_is_code(memscope_strip_pointer(load(frame + 8)))) return STEP_LOST;
    land(at, frame + 8, frame);
    at->frame_pointer = at->link & ~ASYNC_FRAME_BIT;
    at->stack_pointer = frame + 16;
    at->interrupted = 0;
    return STEP_ON;
}

// Whether a function without CFI that begins at `target` can be the one around `pc`.
static bool is_silent_function(uintptr_t target, uintptr_t pc) {
    uintptr_t start, end;
    return target < pc && pc - target < SILENT_FUNCTION_BYTES && !memscope_cfi_function(target, &start, &end);
}

static uintptr_t call_target(uintptr_t return_address) {
    return memscope_is_code(return_address - MEMSCOPE_LONGEST_CALL) ? memscope_call_target(return_address) : 0;
}

// Whether a word is the return address of a call of the function around `pc`, or the executor's of a task's.
static bool returns_from(uintptr_t word, uintptr_t pc) {
    if (!memscope_is_code(word)) return false;
    if (memscope_swift_is_executor_return(word)) return true;
    uintptr_t target = call_target(word);
    return target != 0 && is_silent_function(target, pc);
}

// Whether a return address follows a call of another function than the one around `pc`. That one may have jumped on
// to ours; or the frame pointer is our caller's.
static bool is_doubtful(uintptr_t return_address, uintptr_t pc) {
    uintptr_t target = call_target(return_address);
    return target != 0 && memscope_is_code(target) && !memscope_is_call_stub(target) && !is_silent_function(target, pc);
}

static enum step step_by_interpreting(struct position *at, const struct bounds *bounds) {
    struct memscope_frame_registers registers = {
        .pc = at->return_address,
        .sp = at->stack_pointer,
        .fp = at->frame_pointer,
        .stack_low = bounds->foreign ? 0 : bounds->low,
        .stack_high = bounds->foreign ? 0 : bounds->high,
        .is_return_address = at->interrupted == 0,
    };
    if (!memscope_cfi_step(&registers)) return STEP_LOST;
    if (registers.pc == 0) return STEP_END;
    at->return_address = registers.pc;
    at->stack_pointer = registers.sp;
    at->frame_pointer = registers.fp & ~ASYNC_FRAME_BIT;
    at->interrupted = registers.is_return_address ? 0 : MEMSCOPE_KEY_INTERRUPTED;
    // Where the words came from is not known, so the frame can never count as unchanged: slot 0.
    at->slot = 0;
    return STEP_ON;
}

// The nearest slot above a stack pointer that holds the return address of a call of the function around `pc`; 0 if none.
static uintptr_t find_return_slot(uintptr_t stack_pointer, uintptr_t high, uintptr_t pc) {
    uintptr_t end = high - stack_pointer > SILENT_FRAME_BYTES ? stack_pointer + SILENT_FRAME_BYTES : high;
    for (uintptr_t slot = stack_pointer; slot < end; slot += 8)
        if (returns_from(memscope_strip_pointer(load(slot)), pc)) return slot;
    return 0;
}

// Code without call frame information. If there is no frame pointer either (parts of async functions, small initialisers
// in programs that are built without), the nearest return address of a call of this very function is its own.
static enum step step_silently(struct position *at, const struct bounds *bounds) {
    struct position blind = *at;
    enum step step = step_blindly(&blind, bounds);
    if (step == STEP_ON && !is_doubtful(blind.return_address, at->return_address)) {
        *at = blind;
        return step;
    }
    if (bounds->foreign || !is_inside(bounds, at->stack_pointer)) return STEP_LOST;
    uintptr_t high = step == STEP_ON ? blind.slot : bounds->high;
    uintptr_t slot = find_return_slot(at->stack_pointer, high, at->return_address);
    if (slot == 0 && step == STEP_LOST) return STEP_LOST;
    if (slot == 0) {
        *at = blind;
    } else {
        at->return_address = memscope_strip_pointer(load(slot));
        at->stack_pointer = slot + 8;
        at->interrupted = 0;
        at->link_offset = 0;
    }
    // A guess must not serve the next walk: as above.
    at->slot = 0;
    return STEP_ON;
}

// Frames that no regular rule describes. Out of line and on a copy, so that the walk's variables stay in registers.
static __attribute__((noinline, cold)) enum step step_rarely(struct position *at, unsigned kind,
                                                             const struct bounds *bounds) {
    if (kind == memscope_rule_end) return STEP_END;
    if (kind == memscope_rule_complex) return step_by_interpreting(at, bounds);
    return step_silently(at, bounds);
}

static inline enum step step_outwards(struct position *at, memscope_unwind_rule rule, const struct bounds *bounds) {
    if (__builtin_expect(rule.flags & MEMSCOPE_ADDRESS_FRAME_POINTER, 1)) {
        uintptr_t frame = at->frame_pointer;
        if (__builtin_expect(!is_inside(bounds, frame) || frame < at->stack_pointer || frame + 16 > bounds->high, 0))
            return STEP_LOST;
        land(at, frame + 8, frame);
        at->frame_pointer = at->link & ~ASYNC_FRAME_BIT;
        at->stack_pointer = frame + 16;
        at->interrupted = 0;
        return STEP_ON;
    }
    if (__builtin_expect(rule.kind != memscope_rule_regular, 0)) {
        struct position copy = *at;
        struct bounds copied_bounds = *bounds;
        enum step step = step_rarely(&copy, rule.kind, &copied_bounds);
        *at = copy;
        return step;
    }
    uintptr_t base = rule.cfa_from_fp ? at->frame_pointer : at->stack_pointer;
    uintptr_t cfa = base + 8 * (intptr_t)rule.cfa_words;
    uintptr_t slot = cfa + 8 * (intptr_t)rule.ra_words;
    if (cfa <= at->stack_pointer - 8 || !is_inside(bounds, slot)) return STEP_LOST;
    uintptr_t link_place = slot;
    if (rule.fp_saved) {
        link_place = cfa + 8 * (intptr_t)rule.fp_words;
        if (!is_inside(bounds, link_place)) return STEP_LOST;
    }
    land(at, slot, link_place);
    if (rule.fp_saved) at->frame_pointer = at->link & ~ASYNC_FRAME_BIT;
    at->stack_pointer = cfa;
    at->interrupted = 0;
    return STEP_ON;
}

// Notes a new frame; false when the stack is too deep.
static inline bool note(struct memscope_thread *thread, uint32_t count, const struct position *at, uint32_t address,
                        uint32_t kind) {
    if (__builtin_expect(count >= MEMSCOPE_DEPTH, 0)) return false;
    thread->fresh[count] = (struct memscope_frame_check){
        .slot = at->slot,
        .return_address = at->return_address,
        .link = at->link,
        .link_offset = (int32_t)at->link_offset,
        .address = address | kind << MEMSCOPE_FRAME_KIND_SHIFT,
    };
    thread->fresh_frame_pointer[count] = at->frame_pointer;
    return true;
}

// The frames outside the executor's: the callers that wait for the running function. Returns how many frames are new;
// `*joined` says how many of the last stack's asynchronous frames remain.
static uint32_t walk_async_chain(struct memscope_thread *thread, uint32_t fresh, uint32_t unchanged, uint32_t *joined,
                                 bool *truncated) {
    uintptr_t context = thread->async_context;
    *joined = 0;
    for (uint32_t steps = 0; context != 0 && (context & 7) == 0 && context >> 47 == 0; steps++) {
        for (uint32_t i = unchanged; i > 0; i--) {
            if (thread->checks[i - 1].slot == context + 8) {
                *joined = i;
                return fresh;
            }
        }
        struct position at = {0};
        land(&at, context + 8, context);
        // The outermost context has no parent and resumes in the runtime, which ends the task.
        if (at.link == 0 || at.return_address == 0) return fresh;
        memscope_unwind_rule rule;
        uint32_t address = memscope_address_find(at.return_address, &rule);
        // In optimised programs the parts of async functions mostly have no CFI.
        if (rule.kind == memscope_rule_none && !memscope_is_code(at.return_address)) return fresh;
        if (!note(thread, fresh, &at, address, MEMSCOPE_FRAME_ASYNC) || steps > MEMSCOPE_DEPTH) {
            *truncated = true;
            return fresh;
        }
        fresh++;
        context = at.link & ~ASYNC_FRAME_BIT;
    }
    return fresh;
}

// The leaf of a task object, which the shadow knows: where the task was created. 0 for one that was not allocated by
// itself, or before tracking began.
static uint32_t creation_leaf(const void *task) {
    uint64_t *place = memscope_shadow_find((uintptr_t)task);
    uint64_t entry = place ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
    if (entry == 0 || (entry & 3) != memscope_shadow_start_bits((uintptr_t)task)) return 0;
    return (uint32_t)(entry >> MEMSCOPE_LEAF_SHIFT) & MEMSCOPE_LEAF_INDEX_MASK;
}

// A task's stack hangs below the stack that created it. The task of an `async let` lies in a frame of its parent, which
// may be running and changing; then it is the nearest ancestor's that was allocated.
static uint32_t creation_node(const void *task) {
    for (int generation = 0; task && generation < TASK_GENERATIONS; generation++) {
        uint32_t leaf = creation_leaf(task);
        if (leaf) return memscope_engine.leaves[leaf].node;
        task = memscope_task_parent(task);
    }
    return 0;
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
    if (!is_same_task || __atomic_load_n(&memscope_task_scope_generation, __ATOMIC_RELAXED) != thread->scope_generation)
        memscope_task_scope_refresh(thread, task);
    if (is_same_task) return thread->depth;
    thread->task = task;
    thread->task_id = id;
    thread->creation_node = task ? creation_node(task) : 0;
    return 0;
}

struct memscope_walk memscope_walk(struct memscope_thread *thread, uintptr_t frame, uintptr_t caller_stack_pointer) {
    struct memscope_walk walk = {0};
    uint32_t readable = readable_frames(thread);
    uint32_t unchanged = unchanged_frames(thread, readable);
    uint32_t async_unchanged = unchanged < thread->async_depth ? unchanged : thread->async_depth;
    // The stack of a task can be the same while its callers are not: `await` leaves no trace on it.
    if (thread->in_task_stack && unchanged > async_unchanged &&
        memscope_task_async_context(thread->task, thread->checks[async_unchanged].return_address,
                                    (const uintptr_t *)thread->executor_frame) != thread->async_context)
        unchanged = async_unchanged;
    struct bounds bounds = bounds_of(thread, frame);
    bool keep = !bounds.foreign;
    struct position at = {.stack_pointer = caller_stack_pointer};
    land(&at, frame + 8, frame);
    at.frame_pointer = at.link & ~ASYNC_FRAME_BIT;

    uint32_t fresh = 0, joined = unchanged, async_fresh = 0;
    for (;;) {
        // Leave the frames that lie further in than we are now.
        while (joined > async_unchanged && thread->checks[joined - 1].slot < at.slot) joined--;
        if (joined > async_unchanged && thread->checks[joined - 1].slot == at.slot &&
            thread->states[joined - 1].frame_pointer == at.frame_pointer) {
            // Called from the same place, but perhaps another function: that one saved the frame pointer elsewhere.
            thread->checks[joined - 1].link = at.link;
            thread->checks[joined - 1].link_offset = (int32_t)at.link_offset;
            break;
        }
        memscope_unwind_rule rule;
        uint32_t address = memscope_address_find(at.return_address | at.interrupted, &rule);
        if (__builtin_expect(rule.flags & MEMSCOPE_ADDRESS_EXECUTOR, 0) && thread->task) {
            uint32_t physical = fresh;
            thread->in_task_stack = true;
            thread->executor_frame = at.link_offset == -8 ? at.slot - 8 : 0;
            thread->async_context =
                memscope_task_async_context(thread->task, fresh ? thread->fresh[fresh - 1].return_address : 0,
                                            (const uintptr_t *)thread->executor_frame);
            fresh = walk_async_chain(thread, fresh, async_unchanged, &joined, &walk.truncated);
            async_fresh = fresh - physical;
            thread->async_depth = joined + async_fresh;
            goto merge;
        }
        if (!note(thread, fresh, &at, address, MEMSCOPE_FRAME_CALL)) {
            walk.truncated = true;
            joined = 0;
            break;
        }
        if (at.slot == 0) keep = false;
        fresh++;
        enum step step = step_outwards(&at, rule, &bounds);
        if (__builtin_expect(step != STEP_ON, 0)) {
            walk.truncated = step == STEP_LOST;
            joined = 0;
            break;
        }
        if (__builtin_expect(bounds.foreign || at.interrupted, 0)) {
            bounds = bounds_of(thread, at.stack_pointer);
            // Interrupted while it pops its registers, a function has some of them still below its stack pointer.
            if (at.interrupted) bounds.low -= RED_ZONE;
        }
        if (bounds.foreign) keep = false;
    }
    if (joined == 0) {
        thread->async_depth = 0;
        thread->in_task_stack = false;
    }
merge:
    // Deeper than we keep: walk again without the last stack, so that the outermost frames are the ones that go.
    if (__builtin_expect(joined + fresh > MEMSCOPE_DEPTH, 0)) {
        thread->keep = false;
        return memscope_walk(thread, frame, caller_stack_pointer);
    }
    walk.root_node = thread->in_task_stack ? thread->creation_node : 0;
    uint64_t hash = joined ? thread->states[joined - 1].hash : thread->seed + (uint64_t)walk.root_node * UINT64_C(0xA24BAED4963EE407);
    uint32_t depth = joined;
    for (uint32_t i = fresh; i > 0; i--, depth++) {
        struct memscope_frame_check check = thread->fresh[i - 1];
        uint32_t kind = check.address >> MEMSCOPE_FRAME_KIND_SHIFT;
        if (depth == 0 && walk.root_node) {
            // The outermost frame of a task, below the stack that created it.
            check.address = (check.address & MEMSCOPE_FRAME_ADDRESS_MASK) | MEMSCOPE_FRAME_CREATION << MEMSCOPE_FRAME_KIND_SHIFT;
            kind = MEMSCOPE_FRAME_CREATION;
        }
        hash = next_hash(hash, check.return_address, kind);
        thread->checks[depth] = check;
        thread->states[depth] = (struct memscope_frame_state){.hash = hash, .frame_pointer = thread->fresh_frame_pointer[i - 1]};
    }
    thread->depth = depth;
    walk.hash = hash;
    thread->keep = keep && !walk.truncated;
    return walk;
}
