#include "cfi_expression.h"

#include <stddef.h>

#include "cfi_memory.h"
#include "cfi_reader.h"

enum {
    op_addr = 0x03,
    op_deref = 0x06,
    op_const1u = 0x08,
    op_const1s = 0x09,
    op_const2u = 0x0a,
    op_const2s = 0x0b,
    op_const4u = 0x0c,
    op_const4s = 0x0d,
    op_const8u = 0x0e,
    op_const8s = 0x0f,
    op_constu = 0x10,
    op_consts = 0x11,
    op_dup = 0x12,
    op_drop = 0x13,
    op_over = 0x14,
    op_pick = 0x15,
    op_swap = 0x16,
    op_rot = 0x17,
    op_abs = 0x19,
    op_and = 0x1a,
    op_div = 0x1b,
    op_minus = 0x1c,
    op_mod = 0x1d,
    op_mul = 0x1e,
    op_neg = 0x1f,
    op_not = 0x20,
    op_or = 0x21,
    op_plus = 0x22,
    op_plus_uconst = 0x23,
    op_shl = 0x24,
    op_shr = 0x25,
    op_shra = 0x26,
    op_xor = 0x27,
    op_bra = 0x28,
    op_eq = 0x29,
    op_ge = 0x2a,
    op_gt = 0x2b,
    op_le = 0x2c,
    op_lt = 0x2d,
    op_ne = 0x2e,
    op_skip = 0x2f,
    op_lit0 = 0x30,
    op_lit31 = 0x4f,
    op_breg0 = 0x70,
    op_breg31 = 0x8f,
    op_bregx = 0x92,
    op_deref_size = 0x94,
    op_nop = 0x96,
};

enum { stack_size = 32, operation_limit = 1024 };

/// An expression while it is evaluated. A push on a full stack and a pop from an empty one fail through the reader.
struct evaluation {
    struct memscope_reader reader;
    /// The first operation, which no branch may pass.
    const uint8_t *_Nonnull start;
    const struct memscope_frame_registers *_Nonnull registers;
    unsigned depth;
    uint64_t stack[stack_size];
};

/// Pushes a value.
static void push(struct evaluation *_Nonnull evaluation, uint64_t value) {
    if (evaluation->depth == stack_size) {
        evaluation->reader.failed = true;
        return;
    }
    evaluation->stack[evaluation->depth++] = value;
}

/// Pops a value.
static uint64_t pop(struct evaluation *_Nonnull evaluation) {
    if (evaluation->depth == 0) return memscope_reader_fail(&evaluation->reader);
    return evaluation->stack[--evaluation->depth];
}

/// Pushes a copy of the value `index` places below the top.
static void pick(struct evaluation *_Nonnull evaluation, uint64_t index) {
    if (index >= evaluation->depth) {
        evaluation->reader.failed = true;
        return;
    }
    push(evaluation, evaluation->stack[evaluation->depth - 1 - index]);
}

/// Pushes a register plus an offset that follows.
static void push_register(struct evaluation *_Nonnull evaluation, uint64_t number) {
    uint64_t value = 0;
    uint64_t distance = (uint64_t)memscope_reader_sleb128(&evaluation->reader);
    if (!memscope_cfi_register(evaluation->registers, number, &value)) evaluation->reader.failed = true;
    push(evaluation, value + distance);
}

/// Replaces an address on top by what lies there.
static void dereference(struct evaluation *_Nonnull evaluation, size_t size) {
    uint64_t value = 0;
    uint64_t address = pop(evaluation);
    if (evaluation->reader.failed || !memscope_cfi_load(evaluation->registers, address, size, &value)) {
        evaluation->reader.failed = true;
        return;
    }
    push(evaluation, value);
}

/// Moves the position by a signed 2-byte distance that follows, inside the expression only.
static void branch(struct evaluation *_Nonnull evaluation, bool is_taken) {
    struct memscope_reader *reader = &evaluation->reader;
    int64_t distance = memscope_reader_signed(reader, 2);
    if (reader->failed || !is_taken) return;
    if (distance < evaluation->start - reader->at || distance > reader->end - reader->at) {
        reader->failed = true;
        return;
    }
    reader->at += distance;
}

/// Divides as signed numbers. The one quotient that does not fit wraps, as hardware-independent arithmetic would.
static uint64_t divide(struct evaluation *_Nonnull evaluation, int64_t left, int64_t right) {
    if (right == 0) return memscope_reader_fail(&evaluation->reader);
    return right == -1 ? 0 - (uint64_t)left : (uint64_t)(left / right);
}

/// Runs an operation with two operands and one result.
/// @return False if it is none of these; nothing is popped then.
static bool run_binary(struct evaluation *_Nonnull evaluation, uint8_t operation) {
    if (operation < op_and || operation > op_ne || operation == op_neg || operation == op_not
        || operation == op_plus_uconst || operation == op_bra) {
        return false;
    }
    uint64_t right = pop(evaluation);
    uint64_t left = pop(evaluation);
    int64_t signed_left = (int64_t)left;
    int64_t signed_right = (int64_t)right;
    uint64_t result = 0;
    switch (operation) {
        case op_and: result = left & right; break;
        case op_div: result = divide(evaluation, signed_left, signed_right); break;
        case op_minus: result = left - right; break;
        case op_mod: result = right ? left % right : memscope_reader_fail(&evaluation->reader); break;
        case op_mul: result = left * right; break;
        case op_or: result = left | right; break;
        case op_plus: result = left + right; break;
        case op_shl: result = right < 64 ? left << right : 0; break;
        case op_shr: result = right < 64 ? left >> right : 0; break;
        case op_shra: result = (uint64_t)(signed_left >> (right < 64 ? right : 63)); break;
        case op_xor: result = left ^ right; break;
        case op_eq: result = left == right; break;
        case op_ge: result = signed_left >= signed_right; break;
        case op_gt: result = signed_left > signed_right; break;
        case op_le: result = signed_left <= signed_right; break;
        case op_lt: result = signed_left < signed_right; break;
        default: result = left != right; break;
    }
    push(evaluation, result);
    return true;
}

/// Runs an operation that pushes a constant.
/// @return False if it is none of these.
static bool run_constant(struct evaluation *_Nonnull evaluation, uint8_t operation) {
    struct memscope_reader *reader = &evaluation->reader;
    switch (operation) {
        case op_addr:
        case op_const8u:
        case op_const8s: push(evaluation, memscope_reader_unsigned(reader, 8)); return true;
        case op_const1u: push(evaluation, memscope_reader_unsigned(reader, 1)); return true;
        case op_const1s: push(evaluation, (uint64_t)memscope_reader_signed(reader, 1)); return true;
        case op_const2u: push(evaluation, memscope_reader_unsigned(reader, 2)); return true;
        case op_const2s: push(evaluation, (uint64_t)memscope_reader_signed(reader, 2)); return true;
        case op_const4u: push(evaluation, memscope_reader_unsigned(reader, 4)); return true;
        case op_const4s: push(evaluation, (uint64_t)memscope_reader_signed(reader, 4)); return true;
        case op_constu: push(evaluation, memscope_reader_uleb128(reader)); return true;
        case op_consts: push(evaluation, (uint64_t)memscope_reader_sleb128(reader)); return true;
        default: break;
    }
    if (operation < op_lit0 || operation > op_lit31) return false;
    push(evaluation, operation - op_lit0);
    return true;
}

/// Runs an operation that rearranges the stack or changes its top.
/// @return False if it is none of these.
static bool run_stack(struct evaluation *_Nonnull evaluation, uint8_t operation) {
    uint64_t top, second, third;
    switch (operation) {
        case op_dup: pick(evaluation, 0); return true;
        case op_over: pick(evaluation, 1); return true;
        case op_pick: pick(evaluation, memscope_reader_unsigned(&evaluation->reader, 1)); return true;
        case op_drop: (void)pop(evaluation); return true;
        case op_swap:
            top = pop(evaluation);
            second = pop(evaluation);
            push(evaluation, top);
            push(evaluation, second);
            return true;
        case op_rot:
            top = pop(evaluation);
            second = pop(evaluation);
            third = pop(evaluation);
            push(evaluation, top);
            push(evaluation, third);
            push(evaluation, second);
            return true;
        case op_abs:
            top = pop(evaluation);
            push(evaluation, top >> 63 ? 0 - top : top);
            return true;
        case op_neg: push(evaluation, 0 - pop(evaluation)); return true;
        case op_not: push(evaluation, ~pop(evaluation)); return true;
        case op_plus_uconst:
            top = pop(evaluation);
            push(evaluation, top + memscope_reader_uleb128(&evaluation->reader));
            return true;
        default: return false;
    }
}

/// Runs any operation.
static void run_operation(struct evaluation *_Nonnull evaluation, uint8_t operation) {
    if (run_constant(evaluation, operation) || run_stack(evaluation, operation)
        || run_binary(evaluation, operation)) {
        return;
    }
    if (operation >= op_breg0 && operation <= op_breg31) {
        push_register(evaluation, operation - op_breg0);
        return;
    }
    switch (operation) {
        case op_nop: break;
        case op_bregx: push_register(evaluation, memscope_reader_uleb128(&evaluation->reader)); break;
        case op_deref: dereference(evaluation, sizeof(uintptr_t)); break;
        case op_deref_size: dereference(evaluation, memscope_reader_unsigned(&evaluation->reader, 1)); break;
        case op_skip: branch(evaluation, true); break;
        case op_bra: branch(evaluation, pop(evaluation) != 0); break;
        // Register locations, calls and what refers to debug information have no meaning here.
        default: evaluation->reader.failed = true; break;
    }
}

bool memscope_cfi_evaluate(
    const uint8_t *_Nonnull expression, const uint8_t *_Nonnull end,
    const struct memscope_frame_registers *_Nonnull registers, const uintptr_t *_Nullable cfa,
    uintptr_t *_Nonnull result) {
    // The stack is left uninitialised: nothing is read that was not pushed.
    struct evaluation evaluation;
    struct memscope_reader *reader = &evaluation.reader;
    *reader = (struct memscope_reader){expression, end, false};
    uint64_t length = memscope_reader_uleb128(reader);
    if (reader->failed || length > memscope_reader_left(reader)) return false;
    reader->end = reader->at + length;
    evaluation.start = reader->at;
    evaluation.registers = registers;
    evaluation.depth = 0;
    if (cfa) push(&evaluation, *cfa);

    for (unsigned count = 0; !reader->failed && reader->at < reader->end; count++) {
        if (count == operation_limit) return false;
        run_operation(&evaluation, (uint8_t)memscope_reader_unsigned(reader, 1));
    }
    *result = pop(&evaluation);
    return !reader->failed;
}
