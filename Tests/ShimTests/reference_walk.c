#define _GNU_SOURCE
#include "reference_walk.h"

#include <dlfcn.h>

#include "cfi_memory.h"

void reference_walk_fill(struct memscope_frame_registers *registers, const uintptr_t *words) {
#if defined(__x86_64__)
    static const uint8_t saved[] = {3, 12, 13, 14, 15};
#else
    static const uint8_t saved[] = {19, 20, 21, 22, 23, 24, 25, 26, 27, 28};
#endif
    *registers = (struct memscope_frame_registers){.pc = words[0], .sp = words[1], .fp = words[2]};
    for (size_t index = 0; index < sizeof saved; index++) {
        registers->others[saved[index]] = words[3 + index];
        registers->known |= (uint64_t)1 << saved[index];
    }
}

/// Applies a regular rule.
static bool apply(struct memscope_frame_registers *registers, memscope_unwind_rule rule) {
    uintptr_t cfa = (rule.cfa_from_fp ? registers->fp : registers->sp) + (uintptr_t)(8 * (int64_t)rule.cfa_words);
    uint64_t pc;
    uint64_t fp = registers->fp;
    if (cfa <= registers->sp || !memscope_cfi_load(registers, cfa + (uintptr_t)(8 * (int64_t)rule.ra_words), 8, &pc)) {
        return false;
    }
    if (rule.fp_saved && !memscope_cfi_load(registers, cfa + (uintptr_t)(8 * (int64_t)rule.fp_words), 8, &fp)) {
        return false;
    }
    registers->pc = memscope_strip_pointer(pc);
    registers->sp = cfa;
    registers->fp = fp;
    registers->known = 0;
    registers->is_return_address = true;
    return true;
}

static bool has_cfi(const struct memscope_frame_registers *registers) {
    return memscope_cfi_rule(registers->pc, registers->is_return_address).kind != memscope_rule_none;
}

/// Says whether an address lies in a module.
static bool is_code(uintptr_t address) {
    struct dl_find_object object;
    return _dl_find_object((void *)address, &object) == 0;
}

static size_t walk(
    struct memscope_frame_registers registers, uintptr_t *frames, size_t capacity, struct walk_report *report,
    bool uses_rules) {
    size_t count = 0;
    *report = (struct walk_report){.end = walk_end_full};
    while (count < capacity) {
        frames[count++] = registers.pc;
        memscope_unwind_rule rule = {.kind = memscope_rule_complex};
        if (uses_rules) rule = memscope_cfi_rule(registers.pc, registers.is_return_address);
        uintptr_t sp = registers.sp;
        if (rule.kind == memscope_rule_end) {
            report->end = walk_end_outermost;
            return count;
        }
        if (rule.kind == memscope_rule_none || !has_cfi(&registers)) {
            struct memscope_frame_registers caller = registers;
            if (registers.fp < sp || !apply(&caller, memscope_frame_pointer_rule()) || !is_code(caller.pc)) {
                report->end = walk_end_no_cfi;
                return count;
            }
            registers = caller;
            report->guessed++;
        } else if (rule.kind == memscope_rule_regular) {
            report->regular++;
            if (!apply(&registers, rule)) {
                report->end = walk_end_bad_stack;
                return count;
            }
        } else {
            report->complex++;
            bool was_return_address = registers.is_return_address;
            if (!memscope_cfi_step(&registers)) {
                report->end = walk_end_no_step;
                return count;
            }
            // Only a signal frame may lead to another stack, or leave the stack pointer where it is (AArch64 leaves).
            bool is_from_signal = was_return_address && !registers.is_return_address;
            if (registers.pc && !is_from_signal && was_return_address && registers.sp <= sp) {
                report->end = walk_end_bad_stack;
                return count;
            }
        }
        if (registers.pc == 0) {
            report->end = walk_end_outermost;
            return count;
        }
    }
    return count;
}

size_t reference_walk(
    struct memscope_frame_registers start, uintptr_t *frames, size_t capacity, struct walk_report *report) {
    return walk(start, frames, capacity, report, true);
}

size_t reference_walk_by_steps(
    struct memscope_frame_registers start, uintptr_t *frames, size_t capacity, struct walk_report *report) {
    return walk(start, frames, capacity, report, false);
}
