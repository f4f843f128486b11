// The row of a function's unwind table at one code address, and the program that makes it.

#ifndef MEMSCOPE_CFI_ROW_H
#define MEMSCOPE_CFI_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"
#include "cfi.h"
#include "cfi_section.h"

/// Where the caller's value of a register is.
enum memscope_register_place {
    /// The row does not say: by convention a callee-saved register is unchanged, any other is lost.
    memscope_place_unspecified = 0,
    /// Lost. For the return address: there is no caller.
    memscope_place_undefined,
    /// Unchanged.
    memscope_place_same,
    /// In memory at CFA + value.
    memscope_place_offset,
    /// CFA + value itself.
    memscope_place_value_offset,
    /// In register number `value`.
    memscope_place_register,
    /// In memory at the address that an expression gives; `value` is the expression's position.
    memscope_place_expression,
    /// What an expression gives; `value` is the expression's position.
    memscope_place_value_expression,
};

/// How to find the canonical frame address (CFA) and each register of the caller.
///
/// An expression is kept as the address of its length prefix, after a check that the whole lies inside its record.
struct memscope_cfi_row {
    /// The CFA is this expression's value, or, if NULL, a register plus an offset.
    const uint8_t *_Nullable cfa_expression;
    uint64_t cfa_register;
    int64_t cfa_offset;
    int64_t value[MEMSCOPE_DWARF_REGISTERS];
    /// A memscope_register_place each; in bytes, for rows are kept on small stacks.
    uint8_t place[MEMSCOPE_DWARF_REGISTERS];
};

/// Runs a function's unwind program up to a code address.
/// @param pc The address whose row is wanted, inside the function; for a return address, one less than it.
/// @param row Receives the row.
/// @return False if the program is malformed or nests deeper than is kept room for.
bool memscope_cfi_run(
    const struct memscope_cfi_frame *_Nonnull frame, uintptr_t pc, struct memscope_cfi_row *_Nonnull row);

/// Packs a row into a rule, a complex one if its offsets do not fit.
memscope_unwind_rule memscope_cfi_pack(
    const struct memscope_cfi_frame *_Nonnull frame, const struct memscope_cfi_row *_Nonnull row);

#endif
