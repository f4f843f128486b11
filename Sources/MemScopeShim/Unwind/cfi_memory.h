// Loads that unwinding makes from the program's memory.

#ifndef MEMSCOPE_CFI_MEMORY_H
#define MEMSCOPE_CFI_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cfi.h"

/// Loads `size` (1 to 8) bytes as an unsigned number.
///
/// Inside the stack's bounds the load is made at once; elsewhere (a signal's or a coroutine's own stack, anything that
/// an expression names) only after the kernel has confirmed that the bytes can be read.
/// @param registers Says the stack's bounds.
/// @return False, with nothing written, if they cannot.
bool memscope_cfi_load(
    const struct memscope_frame_registers *_Nonnull registers, uintptr_t address, size_t size,
    uint64_t *_Nonnull value);

/// Gives a frame's value of a DWARF register.
/// @return False if it is not known.
bool memscope_cfi_register(
    const struct memscope_frame_registers *_Nonnull registers, uint64_t number, uint64_t *_Nonnull value);

#endif
