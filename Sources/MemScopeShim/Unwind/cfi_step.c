#include "cfi_step.h"

#include <stddef.h>

#include "cfi_expression.h"
#include "cfi_memory.h"
#include "cfi_row.h"
#include "cfi_signal.h"

/// What the rules of one frame are applied to.
struct context {
    const struct memscope_frame_registers *_Nonnull registers;
    const struct memscope_cfi_row *_Nonnull row;
    /// Bounds the expressions, which lie in the function's part or in the common part.
    const uint8_t *_Nonnull end;
    uintptr_t cfa;
};

/// Finds the canonical frame address.
static bool find_cfa(struct context *_Nonnull context) {
    const struct memscope_cfi_row *row = context->row;
    if (row->cfa_expression) {
        return memscope_cfi_evaluate(row->cfa_expression, context->end, context->registers, NULL, &context->cfa);
    }
    uint64_t base;
    if (!memscope_cfi_register(context->registers, row->cfa_register, &base)) return false;
    context->cfa = base + (uint64_t)row->cfa_offset;
    return true;
}

/// Finds the caller's value of a register.
/// @return False if it is lost or cannot be read.
static bool find_register(const struct context *_Nonnull context, unsigned number, uint64_t *_Nonnull result) {
    const struct memscope_frame_registers *registers = context->registers;
    uint64_t value = (uint64_t)context->row->value[number];
    uintptr_t address;
    switch (context->row->place[number]) {
        case memscope_place_same: return memscope_cfi_register(registers, number, result);
        case memscope_place_offset: return memscope_cfi_load(registers, context->cfa + value, 8, result);
        case memscope_place_value_offset: *result = context->cfa + value; return true;
        case memscope_place_register: return memscope_cfi_register(registers, value, result);
        case memscope_place_expression:
            return memscope_cfi_evaluate((const uint8_t *)value, context->end, registers, &context->cfa, &address)
                && memscope_cfi_load(registers, address, 8, result);
        case memscope_place_value_expression:
            return memscope_cfi_evaluate((const uint8_t *)value, context->end, registers, &context->cfa, result);
        case memscope_place_unspecified:
            return (MEMSCOPE_DWARF_CALLEE_SAVED >> number & 1) && memscope_cfi_register(registers, number, result);
        default: return false;
    }
}

/// Finds the caller's program counter. A function that has not saved its return address still has it in the register
/// of its column (AArch64's x30).
static bool find_pc(const struct context *_Nonnull context, unsigned column, uint64_t *_Nonnull pc) {
    uint64_t value;
    if (context->row->place[column] != memscope_place_unspecified) {
        if (!find_register(context, column, &value)) return false;
    } else if (column == MEMSCOPE_DWARF_PC || !memscope_cfi_register(context->registers, column, &value)) {
        return false;
    }
    *pc = memscope_strip_pointer(value);
    return true;
}

bool memscope_cfi_step_frame(
    const struct memscope_cfi_frame *_Nonnull frame, struct memscope_frame_registers *_Nonnull registers) {
    struct memscope_cfi_row row;
    if (!memscope_cfi_run(frame, registers->pc - registers->is_return_address, &row)) return false;
    if (row.place[frame->return_column] == memscope_place_undefined) {
        registers->pc = 0;
        return true;
    }
    const uint8_t *end =
        frame->initial_end > frame->instructions_end ? frame->initial_end : frame->instructions_end;
    struct context context = {registers, &row, end, 0};
    uint64_t pc;
    if (!find_cfa(&context) || !find_pc(&context, frame->return_column, &pc)) return false;

    struct memscope_frame_registers caller = *registers;
    caller.pc = pc;
    caller.known = 0;
    for (unsigned number = 0; number < MEMSCOPE_DWARF_REGISTERS; number++) {
        uint64_t value;
        if (number == MEMSCOPE_DWARF_PC) continue;
        if (number == MEMSCOPE_DWARF_SP && row.place[number] == memscope_place_unspecified) {
            caller.sp = context.cfa;
        } else if (!find_register(&context, number, &value)) {
            // A stack pointer that is described but cannot be read ends the walk; any other register is merely lost.
            if (number == MEMSCOPE_DWARF_SP) return false;
            if (number == MEMSCOPE_DWARF_FP) caller.fp = 0;
        } else if (number == MEMSCOPE_DWARF_SP) {
            caller.sp = value;
        } else if (number == MEMSCOPE_DWARF_FP) {
            caller.fp = value;
        } else {
            caller.others[number] = value;
            caller.known |= (uint64_t)1 << number;
        }
    }
    caller.is_return_address = !frame->is_signal_frame;
    *registers = caller;
    return true;
}

bool memscope_cfi_step(struct memscope_frame_registers *_Nonnull registers) {
    struct memscope_cfi_section section;
    struct memscope_cfi_frame frame;
    uintptr_t inside = registers->pc - registers->is_return_address;
    if (memscope_cfi_find_section(inside, &section) && memscope_cfi_find_frame(&section, inside, &frame)) {
        return memscope_cfi_step_frame(&frame, registers);
    }
    return memscope_is_signal_return(registers->pc) && memscope_signal_step(registers);
}
