#include "freeing_module.h"

#include "../Lifecycle/switch.h"
#include "../Unwind/step.h"
#include "../Unwind/walker.h"

// A runtime that destroys what is nested calls itself, but between two of its turns stands the program's code. Beyond so
// many frames of runtimes the walk gives up.
enum { FRAMES = 64 };

const struct memscope_runtime_path memscope_no_chain;

// Where the paths are kept that begin with a return address and the distance to the next record.
static inline struct memscope_runtime_path_pair *path_pair(struct memscope_thread *thread, uintptr_t frame) {
    uintptr_t word = memscope_load_word(frame + 8) + (memscope_load_word(frame) - frame) * 8;
    return &thread->runtime_paths[(uint32_t)(word >> 2) * UINT32_C(0x9E3779B1) >> 28];
}
_Static_assert(MEMSCOPE_RUNTIME_PATH_PAIRS == 1 << 4, "as many pairs as the hash has bits");

// Where a kept chain's caller returns to, 0 if the stack is another. What is loaded is there: the function that a return address lies in
// has its frame record where the frame pointer says.
static inline uintptr_t follow_chain(const struct memscope_runtime_path *path, uintptr_t frame) {
    for (uint32_t i = 0; i < path->count; i++) {
        if (memscope_strip_pointer(memscope_load_word(frame + 8)) != path->return_addresses[i]) return 0;
        frame = memscope_load_word(frame) & ~MEMSCOPE_ASYNC_FRAME_BIT;
    }
    return frame + 8;
}

// Where a kept path's caller returns to, 0 if the stack is another. `record` goes along the frame records as the register
// would.
static inline uintptr_t follow(const struct memscope_runtime_path *path, uintptr_t frame, uintptr_t stack_top) {
    uint32_t count = path->count;
    if (frame + path->steps[count - 1] + 8 > stack_top) return 0;
    uintptr_t record = frame, slot = frame + 8;
    for (uint32_t i = 0; i < count; i++) {
        if (memscope_strip_pointer(memscope_load_word(slot)) != path->return_addresses[i]) return 0;
        slot = frame + (path->steps[i] & ~MEMSCOPE_STEP_BY_RECORD);
        if (path->steps[i] & MEMSCOPE_STEP_BY_RECORD) {
            record = memscope_load_word(record) & ~MEMSCOPE_ASYNC_FRAME_BIT;
            if (record + 8 != slot) return 0;
        }
    }
    return slot;
}

// Appends a step. False when there is no room, or what the step depends on is not in the words that are compared.
static bool note_step(struct memscope_runtime_path *path, uintptr_t frame, memscope_unwind_rule rule,
                      const struct memscope_position *before, const struct memscope_position *after) {
    bool is_by_record = after->link_place == before->frame_pointer && after->stack_pointer == before->frame_pointer + 16;
    bool keeps_register = after->frame_pointer == before->frame_pointer &&
                          (rule.kind == memscope_rule_none ||
                           (rule.kind == memscope_rule_regular && !rule.cfa_from_fp && !rule.fp_saved));
    uintptr_t slot = is_by_record ? after->link_place + 8 : after->link_place, distance = slot - frame;
    if (path->count == MEMSCOPE_RUNTIME_PATH_FRAMES || distance > UINT32_MAX || !(is_by_record || keeps_register)) return false;
    path->return_addresses[path->count] = before->return_address;
    path->steps[path->count++] = (uint32_t)distance | (is_by_record ? MEMSCOPE_STEP_BY_RECORD : 0);
    path->is_chain = path->is_chain && (rule.flags & MEMSCOPE_ADDRESS_FRAME_POINTER);
    return true;
}

// A handler that comes in between neither uses nor keeps a path: half a chain would lead anywhere.
static void keep(struct memscope_thread *thread, uintptr_t frame, const struct memscope_runtime_path *path) {
    if (thread->keeps_path) return;
    thread->keeps_path = 1;
    thread->latest_chain = &memscope_no_chain;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    struct memscope_runtime_path_pair *pair = path_pair(thread, frame);
    pair->latest ^= 1;
    pair->paths[pair->latest] = *path;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (path->is_chain) thread->latest_chain = &pair->paths[pair->latest];
    thread->keeps_path = 0;
}

static __attribute__((noinline)) uint32_t walk(struct memscope_thread *thread, uintptr_t frame, uintptr_t caller_stack_pointer) {
    struct memscope_bounds bounds = memscope_bounds_of(thread, frame);
    struct memscope_position at = {.interrupted = 0, .stack_pointer = caller_stack_pointer};
    memscope_land(&at, frame + 8, frame);
    at.frame_pointer = at.link & ~MEMSCOPE_ASYNC_FRAME_BIT;
    struct memscope_runtime_path path = {.seed = __atomic_load_n(&memscope_switch.seed, __ATOMIC_RELAXED), .is_chain = true};
    bool is_path = !bounds.foreign, is_guessed = false;
    for (int i = 0; i < FRAMES; i++) {
        memscope_unwind_rule rule;
        uint32_t address = memscope_address_find(at.return_address | at.interrupted, &rule);
        if (!(rule.flags & MEMSCOPE_ADDRESS_RUNTIME)) {
            if (is_path && !is_guessed) {
                path.return_addresses[path.count] = at.return_address;
                path.module = memscope_address_modules[address];
                keep(thread, frame, &path);
            }
            return memscope_address_modules[address];
        }
        // What called the executor asked for none of this.
        if (rule.flags & MEMSCOPE_ADDRESS_EXECUTOR) return MEMSCOPE_CODE_RUNTIMES;
        struct memscope_stepped stepped = memscope_step_by_rule(at, rule, bounds);
        if (stepped.step == MEMSCOPE_STEP_END) return MEMSCOPE_CODE_RUNTIMES;
        if (stepped.step == MEMSCOPE_STEP_LOST) return 0;
        // A step out of code without call frame information is believed for where it leads. So the path is kept only if that
        // is among what will be compared.
        is_guessed = rule.kind == memscope_rule_none;
        is_path = is_path && note_step(&path, frame, rule, &at, &stepped.at);
        at = stepped.at;
    }
    return 0;
}

uint32_t memscope_freeing_module_beyond(struct memscope_thread *thread, uintptr_t frame, uintptr_t caller_stack_pointer) {
    struct memscope_runtime_path_pair *pair = path_pair(thread, frame);
    uint32_t seed = __atomic_load_n(&memscope_switch.seed, __ATOMIC_RELAXED);
    for (uint32_t i = 0; i < 2 && !thread->keeps_path; i++) {
        struct memscope_runtime_path *path = &pair->paths[pair->latest ^ i];
        if (path->seed != seed || path->count == 0) continue;
        uintptr_t slot = path->is_chain ? follow_chain(path, frame) : follow(path, frame, thread->stack_top);
        if (slot == 0) continue;
        uintptr_t caller = memscope_strip_pointer(memscope_load_word(slot));
        if (caller != path->return_addresses[path->count]) {
            memscope_unwind_rule rule;
            uint32_t address = memscope_address_find(caller, &rule);
            // This way may go on inside of the runtimes, as another does.
            if (rule.flags & MEMSCOPE_ADDRESS_RUNTIME) continue;
            // In this order, so that a handler in between does not take the one for the other's.
            *(volatile uintptr_t *)&path->return_addresses[path->count] = 0;
            *(volatile uint32_t *)&path->module = memscope_address_modules[address];
            *(volatile uintptr_t *)&path->return_addresses[path->count] = caller;
        }
        if (i != 0) pair->latest ^= 1;
        if (path->is_chain) thread->latest_chain = path;
        return path->module;
    }
    return walk(thread, frame, caller_stack_pointer);
}
