#include "cfi_memory.h"

/// Asks the kernel whether 8 bytes can be read, with a call that changes nothing: rt_sigprocmask reads the set before
/// it rejects the impossible `how`. Unlike a pipe or process_vm_readv it needs no descriptor and no privilege. The
/// first page is not asked about: NULL would mean "no set", and nothing lies there.
static bool is_readable(uintptr_t address) {
    const long bad_address = -14;
    const long impossible_how = ~0L;
    const long set_size = 8;
    const uintptr_t first_page = 4096;
    if (address < first_page) return false;
    return memscope_system_call(MEMSCOPE_SYSTEM_CALL_SIGPROCMASK, impossible_how, (long)address, 0, set_size)
        != bad_address;
}

/// Loads bytes one by one and unchecked: the words of others' frames are no objects of ours, and an address sanitizer
/// would take them for its own guard zones.
__attribute__((no_sanitize("address"))) static uint64_t load(uintptr_t address, size_t size) {
    uint64_t value = 0;
    if (size == sizeof value && address % sizeof value == 0) return *(const volatile uint64_t *)address;
    for (size_t index = 0; index < size; index++) {
        value |= (uint64_t)((const volatile uint8_t *)address)[index] << (8 * index);
    }
    return value;
}

bool memscope_cfi_load(
    const struct memscope_frame_registers *_Nonnull registers, uintptr_t address, size_t size,
    uint64_t *_Nonnull value) {
    if (size == 0 || size > sizeof *value || address > UINTPTR_MAX - sizeof *value) return false;
    bool is_stack = address >= registers->stack_low && address + size <= registers->stack_high;
    if (!is_stack && !is_readable(address)) return false;
    *value = load(address, size);
    return true;
}

bool memscope_cfi_register(
    const struct memscope_frame_registers *_Nonnull registers, uint64_t number, uint64_t *_Nonnull value) {
    switch (number) {
        case MEMSCOPE_DWARF_SP: *value = registers->sp; return true;
        case MEMSCOPE_DWARF_FP: *value = registers->fp; return true;
        case MEMSCOPE_DWARF_PC: *value = registers->pc; return true;
        default: break;
    }
    if (number >= MEMSCOPE_DWARF_REGISTERS || !(registers->known >> number & 1)) return false;
    *value = registers->others[number];
    return true;
}
