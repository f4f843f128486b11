// Packs rows into rules.

#include <stddef.h>

#include "cfi.h"
#include "cfi_row.h"
#include "cfi_section.h"
#include "cfi_signal.h"

/// A rule of a kind that has no offsets.
static memscope_unwind_rule plain_rule(enum memscope_rule_kind kind) {
    return (memscope_unwind_rule){.kind = kind};
}

/// Gives an offset in words.
/// @param width The bits of the rule's field.
/// @return False if the offset is no multiple of a word or does not fit.
static bool to_words(int64_t offset, unsigned width, int64_t *_Nonnull words) {
    *words = offset / 8;
    int64_t limit = (int64_t)1 << (width - 1);
    return offset % 8 == 0 && *words >= -limit && *words < limit;
}

/// Says whether the row leaves a register to the caller unchanged.
static bool is_unchanged(const struct memscope_cfi_row *_Nonnull row, unsigned number) {
    return row->place[number] == memscope_place_unspecified || row->place[number] == memscope_place_same;
}

memscope_unwind_rule memscope_cfi_pack(
    const struct memscope_cfi_frame *_Nonnull frame, const struct memscope_cfi_row *_Nonnull row) {
    if (frame->is_signal_frame) return plain_rule(memscope_rule_complex);
    if (row->place[frame->return_column] == memscope_place_undefined) return plain_rule(memscope_rule_end);

    bool is_from_fp = row->cfa_register == MEMSCOPE_DWARF_FP;
    int64_t cfa = 0;
    int64_t fp = 0;
    int64_t ra = 0;
    bool fits = !row->cfa_expression && (is_from_fp || row->cfa_register == MEMSCOPE_DWARF_SP)
        && row->place[MEMSCOPE_DWARF_SP] == memscope_place_unspecified
        && row->place[frame->return_column] == memscope_place_offset && to_words(row->cfa_offset, 20, &cfa)
        && to_words(row->value[frame->return_column], 16, &ra);
    bool is_fp_saved = row->place[MEMSCOPE_DWARF_FP] == memscope_place_offset;
    if (is_fp_saved) {
        fits = fits && to_words(row->value[MEMSCOPE_DWARF_FP], 16, &fp);
    } else {
        fits = fits && is_unchanged(row, MEMSCOPE_DWARF_FP);
    }
    if (!fits) return plain_rule(memscope_rule_complex);
    return (memscope_unwind_rule){
        .kind = memscope_rule_regular,
        .cfa_from_fp = is_from_fp,
        .fp_saved = is_fp_saved,
        .cfa_words = cfa,
        .fp_words = fp,
        .ra_words = ra,
    };
}

memscope_unwind_rule memscope_cfi_rule(uintptr_t pc, bool is_return_address) {
    struct memscope_cfi_section section;
    struct memscope_cfi_frame frame;
    struct memscope_cfi_row row;
    uintptr_t inside = pc - is_return_address;
    if (memscope_cfi_find_section(inside, &section) && memscope_cfi_find_frame(&section, inside, &frame)) {
        if (!memscope_cfi_run(&frame, inside, &row)) return plain_rule(memscope_rule_none);
        return memscope_cfi_pack(&frame, &row);
    }
    return plain_rule(memscope_is_signal_return(pc) ? memscope_rule_complex : memscope_rule_none);
}

bool memscope_cfi_function(uintptr_t pc, uintptr_t *_Nonnull start, uintptr_t *_Nonnull end) {
    struct memscope_cfi_section section;
    struct memscope_cfi_frame frame;
    if (!memscope_cfi_find_section(pc, &section) || !memscope_cfi_find_frame(&section, pc, &frame)) return false;
    *start = frame.start;
    *end = frame.end;
    return true;
}
