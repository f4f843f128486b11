// DWARF expressions in call frame information.

#ifndef MEMSCOPE_CFI_EXPRESSION_H
#define MEMSCOPE_CFI_EXPRESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "cfi.h"

/// Evaluates an expression (DWARF 5, section 2.5) in a frame.
///
/// The number of operations is bounded: a branch backwards cannot keep it.
/// @param expression The position of the expression's length prefix.
/// @param end Nothing from here on is read.
/// @param registers The frame whose registers and memory are meant.
/// @param cfa Pushed first if not NULL, as rules for registers demand; NULL for the CFA's own expression.
/// @param result Receives the value on top of the stack.
/// @return False if it is malformed, needs an unknown register or unreadable memory, or takes too many operations.
bool memscope_cfi_evaluate(
    const uint8_t *_Nonnull expression, const uint8_t *_Nonnull end,
    const struct memscope_frame_registers *_Nonnull registers, const uintptr_t *_Nullable cfa,
    uintptr_t *_Nonnull result);

#endif
