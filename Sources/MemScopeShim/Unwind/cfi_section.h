// From a code address to the CFI records that describe it.

#ifndef MEMSCOPE_CFI_SECTION_H
#define MEMSCOPE_CFI_SECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"

/// Where a module's CFI lies. Every end is the end of the mapped segment or earlier: nothing beyond it is read.
struct memscope_cfi_section {
    /// .eh_frame_hdr, whose table is sorted by function.
    const uint8_t *_Nonnull header;
    const uint8_t *_Nonnull header_end;
    /// The segment that holds .eh_frame.
    const uint8_t *_Nonnull segment;
    const uint8_t *_Nonnull segment_end;
};

/// One function's frame description (FDE) with what it takes from its common part (CIE).
struct memscope_cfi_frame {
    /// The addresses it describes, [start, end).
    uintptr_t start;
    uintptr_t end;
    /// The common part's instructions, which come first.
    const uint8_t *_Nonnull initial;
    const uint8_t *_Nonnull initial_end;
    /// The function's own instructions.
    const uint8_t *_Nonnull instructions;
    const uint8_t *_Nonnull instructions_end;
    /// Factors of code and stack offsets.
    uint64_t code_factor;
    int64_t data_factor;
    /// The column that stands for the return address; below MEMSCOPE_DWARF_REGISTERS.
    uint8_t return_column;
    /// How code addresses are written.
    uint8_t pointer_encoding;
    /// The function is what a signal handler returns to: its caller's pc is no return address.
    bool is_signal_frame;
};

/// Finds the CFI of the module that holds a code address. Lock-free and allocation-free.
/// @return False if no module holds it, or it has none, or the C library cannot say without a lock.
bool memscope_cfi_find_section(uintptr_t pc, struct memscope_cfi_section *_Nonnull section);

/// Finds the frame description around a code address, by the sorted table, else by reading all records.
/// @return False if there is none or it is malformed.
bool memscope_cfi_find_frame(
    const struct memscope_cfi_section *_Nonnull section, uintptr_t pc, struct memscope_cfi_frame *_Nonnull frame);

/// Reads the frame description at `record`.
/// @param frames .eh_frame's first byte and `end` its last plus one, or more exact bounds.
/// @param next Receives the record that follows, or NULL at the end.
/// @return True for a well-formed FDE; false for a CIE, a terminator and anything malformed.
bool memscope_cfi_read_frame(
    const uint8_t *_Nonnull frames, const uint8_t *_Nonnull end, const uint8_t *_Nonnull record,
    struct memscope_cfi_frame *_Nonnull frame, const uint8_t *_Nullable *_Nullable next);

#endif
