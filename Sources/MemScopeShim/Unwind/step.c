#include "step.h"

#include "../Stack/return_address.h"
#include "../SwiftRuntime/module_ranges.h"
#include "../SwiftRuntime/swift_runtime.h"

// On a stack that we do not know, frames larger than this are not believed.
#define FOREIGN_FRAME_BYTES (UINT64_C(1) << 20)
// Functions that say nothing of their frames are small, and so are their frames.
#define SILENT_FUNCTION_BYTES 4096
#define SILENT_FRAME_BYTES 512

// Code without call frame information, such as many small functions that the Swift compiler makes: believe the frame
// pointer if it leads to code.
static enum memscope_step step_blindly(struct memscope_position *at, const struct memscope_bounds *bounds) {
    uintptr_t frame = at->frame_pointer;
    if (bounds->foreign || frame < at->stack_pointer || frame - at->stack_pointer > FOREIGN_FRAME_BYTES ||
        !memscope_is_inside(bounds, frame) || !memscope_is_inside(bounds, frame + 8))
        return MEMSCOPE_STEP_LOST;
    if (!memscope_is_code(memscope_strip_pointer(memscope_load_word(frame + 8)))) return MEMSCOPE_STEP_LOST;
    memscope_land(at, frame + 8, frame);
    at->frame_pointer = at->link & ~MEMSCOPE_ASYNC_FRAME_BIT;
    at->stack_pointer = frame + 16;
    at->interrupted = 0;
    return MEMSCOPE_STEP_ON;
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

// The nearest slot above a stack pointer that holds the return address of a call of the function around `pc`; 0 if none.
static uintptr_t find_return_slot(uintptr_t stack_pointer, uintptr_t high, uintptr_t pc) {
    uintptr_t end = high - stack_pointer > SILENT_FRAME_BYTES ? stack_pointer + SILENT_FRAME_BYTES : high;
    for (uintptr_t slot = stack_pointer; slot < end; slot += 8)
        if (returns_from(memscope_strip_pointer(memscope_load_word(slot)), pc)) return slot;
    return 0;
}

// Code without call frame information. If there is no frame pointer either (parts of async functions, small initialisers
// in programs that are built without), the nearest return address of a call of this very function is its own.
static enum memscope_step step_silently(struct memscope_position *at, const struct memscope_bounds *bounds) {
    struct memscope_position blind = *at;
    enum memscope_step step = step_blindly(&blind, bounds);
    if (step == MEMSCOPE_STEP_ON && !is_doubtful(blind.return_address, at->return_address)) {
        *at = blind;
        return step;
    }
    if (bounds->foreign || !memscope_is_inside(bounds, at->stack_pointer)) return MEMSCOPE_STEP_LOST;
    uintptr_t high = step == MEMSCOPE_STEP_ON ? blind.slot : bounds->high;
    uintptr_t slot = find_return_slot(at->stack_pointer, high, at->return_address);
    if (slot == 0 && step == MEMSCOPE_STEP_LOST) return MEMSCOPE_STEP_LOST;
    if (slot == 0) {
        *at = blind;
    } else {
        at->return_address = memscope_strip_pointer(memscope_load_word(slot));
        at->stack_pointer = slot + 8;
        at->interrupted = 0;
        at->link_place = slot;
        at->link = at->return_address;
    }
    // A guess must not serve the next walk: as above.
    at->slot = 0;
    return MEMSCOPE_STEP_ON;
}

static enum memscope_step step_by_interpreting(struct memscope_position *at, const struct memscope_bounds *bounds) {
    struct memscope_frame_registers registers = {
        .pc = at->return_address,
        .sp = at->stack_pointer,
        .fp = at->frame_pointer,
        .stack_low = bounds->foreign ? 0 : bounds->low,
        .stack_high = bounds->foreign ? 0 : bounds->high,
        .is_return_address = at->interrupted == 0,
    };
    if (!memscope_cfi_step(&registers)) return MEMSCOPE_STEP_LOST;
    if (registers.pc == 0) return MEMSCOPE_STEP_END;
    at->return_address = registers.pc;
    at->stack_pointer = registers.sp;
    at->frame_pointer = registers.fp & ~MEMSCOPE_ASYNC_FRAME_BIT;
    at->interrupted = registers.is_return_address ? 0 : MEMSCOPE_KEY_INTERRUPTED;
    // Where the words came from is not known, so the frame can never count as unchanged: slot 0.
    at->slot = 0;
    return MEMSCOPE_STEP_ON;
}

struct memscope_stepped memscope_step_by_rule(struct memscope_position at, memscope_unwind_rule rule,
                                              struct memscope_bounds bounds) {
    enum memscope_step step;
    switch (rule.kind) {
        case memscope_rule_end: step = MEMSCOPE_STEP_END; break;
        case memscope_rule_complex: step = step_by_interpreting(&at, &bounds); break;
        case memscope_rule_regular:
            step = memscope_step_regularly(&at, rule, &bounds) ? MEMSCOPE_STEP_ON : MEMSCOPE_STEP_LOST;
            at.interrupted = 0;
            break;
        default: step = step_silently(&at, &bounds);
    }
    return (struct memscope_stepped){at, step};
}
