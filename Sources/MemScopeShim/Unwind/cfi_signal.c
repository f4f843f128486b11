#include "cfi_signal.h"

#include <string.h>

#include "cfi_memory.h"

static const uint8_t signal_return_code[] = MEMSCOPE_SIGNAL_RETURN_CODE;

/// Where each DWARF register lies in the kernel's array.
static const uint8_t signal_order[MEMSCOPE_DWARF_REGISTERS] = MEMSCOPE_SIGNAL_ORDER;

bool memscope_is_signal_return(uintptr_t pc) {
    const struct memscope_frame_registers no_stack = {0};
    for (size_t index = 0; index < sizeof signal_return_code; index++) {
        uint64_t byte;
        if (!memscope_cfi_load(&no_stack, pc + index, 1, &byte) || byte != signal_return_code[index]) return false;
    }
    return true;
}

bool memscope_signal_step(struct memscope_frame_registers *_Nonnull registers) {
    struct memscope_frame_registers caller = *registers;
    caller.known = 0;
    for (unsigned number = 0; number < MEMSCOPE_DWARF_REGISTERS; number++) {
        uint64_t value;
        uintptr_t place = registers->sp + MEMSCOPE_SIGNAL_REGISTERS + sizeof(uintptr_t) * signal_order[number];
        if (!memscope_cfi_load(registers, place, sizeof value, &value)) return false;
        switch (number) {
            case MEMSCOPE_DWARF_SP: caller.sp = value; break;
            case MEMSCOPE_DWARF_FP: caller.fp = value; break;
            case MEMSCOPE_DWARF_PC: caller.pc = value; break;
            default:
                caller.others[number] = value;
                caller.known |= (uint64_t)1 << number;
                break;
        }
    }
    caller.is_return_address = false;
    *registers = caller;
    return true;
}
