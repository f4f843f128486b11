#define _GNU_SOURCE
#include "stack_owners.h"

#include "../Capture/guarded_read.h"
#include "../Stack/return_address.h"
#include "../Unwind/step.h"

enum { FRAMES = 1 << 14 };

// Of the thread that was walked last: where each frame ends, and a return address (or what would be one) in its function, from the
// inside. Static, because a fault may end the walk.
static struct {
    const struct memscope_stopped_thread *thread;
    struct { uintptr_t end; uint64_t code; } frames[FRAMES];
    uint32_t count;
    /// The walk came to the outermost function.
    bool is_whole;
} walk;

// A program counter that follows no call is looked up as if one of a single byte led there.
static uint64_t code_of(uintptr_t address, bool is_return_address) { return is_return_address ? address : address + 1; }

// By the call frame information alone: a function that has called nobody yet may have its return address in a register.
static bool step_out_of_first(struct memscope_position *at, const struct memscope_stopped_thread *thread,
                              const struct memscope_bounds *bounds) {
    struct memscope_frame_registers registers = {
        .pc = at->return_address, .sp = at->stack_pointer, .fp = at->frame_pointer, .stack_low = bounds->low, .stack_high = bounds->high,
    };
    registers.known = UINT64_C(1) << MEMSCOPE_DWARF_LINK;
    registers.others[MEMSCOPE_DWARF_LINK] = thread->frame.link;
    if (!memscope_cfi_step(&registers) || registers.pc == 0) return false;
    *at = (struct memscope_position){
        .return_address = registers.pc,
        .stack_pointer = registers.sp,
        .frame_pointer = registers.fp & ~MEMSCOPE_ASYNC_FRAME_BIT,
        .interrupted = registers.is_return_address ? 0 : MEMSCOPE_KEY_INTERRUPTED,
    };
    return true;
}

static void walk_thread(const struct memscope_stopped_thread *thread, uintptr_t stack_end) {
    walk.thread = thread;
    walk.count = 0;
    walk.is_whole = false;
    struct memscope_bounds bounds = {.low = thread->stack_pointer, .high = stack_end};
    struct memscope_position at = {
        .return_address = thread->frame.program_counter,
        .stack_pointer = thread->stack_pointer,
        .frame_pointer = thread->frame.frame_pointer & ~MEMSCOPE_ASYNC_FRAME_BIT,
        .interrupted = MEMSCOPE_KEY_INTERRUPTED,
    };
    if (!memscope_guard_begin()) return;
    while (walk.count < FRAMES) {
        uint64_t code = code_of(at.return_address, at.interrupted == 0);
        uintptr_t inside = at.stack_pointer;
        if (walk.count > 0 || !step_out_of_first(&at, thread, &bounds)) {
            memscope_unwind_rule rule = memscope_cfi_rule(at.return_address, at.interrupted == 0);
            struct memscope_stepped stepped = memscope_step_by_rule(at, rule, bounds);
            walk.is_whole = stepped.step == MEMSCOPE_STEP_END;
            if (stepped.step != MEMSCOPE_STEP_ON) return;
            at = stepped.at;
        }
        // A signal may have been handled on another stack: what was interrupted lies anywhere.
        if (at.stack_pointer <= inside) return;
        walk.frames[walk.count].end = at.stack_pointer;
        walk.frames[walk.count].code = code;
        *(volatile uint32_t *)&walk.count = walk.count + 1;
    }
}

static uint32_t number_of(struct memscope_closure_table *functions, uint64_t code) {
    if (!functions->slots && !memscope_closure_table_start(functions)) return MEMSCOPE_FRAME_NO_ROOM;
    uint32_t number = memscope_closure_index(functions, code);
    return number ? number : MEMSCOPE_FRAME_NO_ROOM;
}

static uint32_t owner_of(struct memscope_closure_table *functions, uintptr_t address) {
    uint32_t low = 0, high = walk.count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (walk.frames[middle].end <= address) low = middle + 1;
        else high = middle;
    }
    if (low < walk.count) return number_of(functions, walk.frames[low].code);
    return walk.is_whole ? MEMSCOPE_FRAME_BEYOND_FUNCTIONS : MEMSCOPE_FRAME_NOT_WALKED;
}

void memscope_stack_owners_note(struct memscope_roots *roots, uint32_t first, const struct memscope_stopped_thread *thread,
                                uintptr_t stack, uintptr_t stack_end) {
    struct memscope_marking *mark = roots->mark;
    bool is_elsewhere = thread->stack_pointer < stack || thread->stack_pointer >= stack_end;
    walk.thread = NULL;
    for (uint32_t i = first; mark->roots && i < mark->root_count; i++) {
        struct memscope_root *root = &mark->roots[i];
        if (root->kind == MEMSCOPE_ROOT_REGISTER)
            root->function = number_of(&roots->stack_functions, code_of(thread->frame.program_counter, false));
        if (root->kind != MEMSCOPE_ROOT_STACK) continue;
        if (is_elsewhere) {
            root->function = MEMSCOPE_FRAME_OF_OTHER_STACK;
            continue;
        }
        if (walk.thread != thread) walk_thread(thread, stack_end);
        root->function = owner_of(&roots->stack_functions, root->place);
    }
}
