#include "cfi_section.h"

#include <stddef.h>

#include "cfi_reader.h"

/// A common part (CIE) while it is read.
struct common {
    const uint8_t *_Nonnull instructions;
    const uint8_t *_Nonnull end;
    uint64_t code_factor;
    int64_t data_factor;
    uint64_t return_column;
    uint8_t pointer_encoding;
    bool has_augmentation_size;
    bool is_signal_frame;
};

/// Reads a record's length and narrows the reader to the record.
/// @return False at a terminator or if the record does not fit.
static bool enter_record(struct memscope_reader *_Nonnull reader, bool *_Nonnull is_wide) {
    uint64_t length = memscope_reader_unsigned(reader, 4);
    *is_wide = length == 0xffffffff;
    if (*is_wide) length = memscope_reader_unsigned(reader, 8);
    if (reader->failed || length == 0 || length > memscope_reader_left(reader)) return false;
    reader->end = reader->at + length;
    return true;
}

/// Reads the augmentation: letters at `letters` that say what follows in `reader`.
/// @return False for a letter whose data cannot be skipped.
static bool read_augmentation(
    const char *_Nonnull letters, struct memscope_reader *_Nonnull reader, struct common *_Nonnull common) {
    if (*letters != 'z') return *letters == 0;
    common->has_augmentation_size = true;
    uint64_t size = memscope_reader_uleb128(reader);
    if (reader->failed || size > memscope_reader_left(reader)) return false;
    struct memscope_reader data = {reader->at, reader->at + size, false};
    common->instructions = data.end;
    for (const char *letter = letters + 1; *letter && !data.failed; letter++) {
        switch (*letter) {
            case 'R': common->pointer_encoding = (uint8_t)memscope_reader_unsigned(&data, 1); break;
            case 'P': memscope_reader_skip_pointer(&data, (uint8_t)memscope_reader_unsigned(&data, 1)); break;
            case 'L': memscope_reader_skip(&data, 1); break;
            case 'S': common->is_signal_frame = true; break;
            // AArch64: return addresses signed with key B; tagged stack. Both without data.
            case 'B':
            case 'G': break;
            // The data's size is known, so what an unknown letter and those after it say can be passed over.
            default: return true;
        }
    }
    return !data.failed;
}

/// Reads the common part at `record`.
static bool read_common(
    const uint8_t *_Nonnull record, const uint8_t *_Nonnull end, struct common *_Nonnull common) {
    struct memscope_reader reader = {record, end, false};
    bool is_wide;
    if (!enter_record(&reader, &is_wide)) return false;
    if (memscope_reader_unsigned(&reader, 4) != 0) return false;
    uint64_t version = memscope_reader_unsigned(&reader, 1);
    if (version != 1 && version != 3 && version != 4) return false;
    const char *letters = (const char *)reader.at;
    while (memscope_reader_unsigned(&reader, 1) != 0) {}
    if (reader.failed) return false;
    // Version 4 adds the sizes of an address and of a segment selector.
    if (version == 4
        && (memscope_reader_unsigned(&reader, 1) != sizeof(uintptr_t) || memscope_reader_unsigned(&reader, 1) != 0)) {
        return false;
    }
    // "eh" is how GCC 2 began: one word follows.
    if (letters[0] == 'e' && letters[1] == 'h') {
        memscope_reader_skip(&reader, sizeof(uintptr_t));
        letters += 2;
    }
    *common = (struct common){.instructions = reader.at, .end = reader.end};
    common->code_factor = memscope_reader_uleb128(&reader);
    common->data_factor = memscope_reader_sleb128(&reader);
    common->return_column =
        version == 1 ? memscope_reader_unsigned(&reader, 1) : memscope_reader_uleb128(&reader);
    if (reader.failed || common->return_column >= MEMSCOPE_DWARF_REGISTERS) return false;
    common->instructions = reader.at;
    return read_augmentation(letters, &reader, common);
}

bool memscope_cfi_read_frame(
    const uint8_t *_Nonnull frames, const uint8_t *_Nonnull end, const uint8_t *_Nonnull record,
    struct memscope_cfi_frame *_Nonnull frame, const uint8_t *_Nullable *_Nullable next) {
    if (next) *next = NULL;
    if (record < frames || record >= end) return false;
    struct memscope_reader reader = {record, end, false};
    bool is_wide;
    if (!enter_record(&reader, &is_wide)) return false;
    if (next && reader.end < end) *next = reader.end;

    // In .eh_frame the pointer to the common part is the distance back from itself, 4 bytes in wide records too.
    const uint8_t *field = reader.at;
    uint64_t distance = memscope_reader_unsigned(&reader, 4);
    if (reader.failed || distance == 0 || distance > (uint64_t)(field - frames)) return false;
    struct common common;
    if (!read_common(field - distance, end, &common)) return false;

    uintptr_t start = memscope_reader_pointer(&reader, common.pointer_encoding, 0);
    uintptr_t size = memscope_reader_pointer(&reader, common.pointer_encoding & memscope_pointer_format, 0);
    if (common.has_augmentation_size) memscope_reader_skip(&reader, memscope_reader_uleb128(&reader));
    if (reader.failed || size > UINTPTR_MAX - start) return false;

    *frame = (struct memscope_cfi_frame){
        .start = start,
        .end = start + size,
        .initial = common.instructions,
        .initial_end = common.end,
        .instructions = reader.at,
        .instructions_end = reader.end,
        .code_factor = common.code_factor,
        .data_factor = common.data_factor,
        .return_column = (uint8_t)common.return_column,
        .pointer_encoding = common.pointer_encoding,
        .is_signal_frame = common.is_signal_frame,
    };
    return true;
}

/// One row of the sorted table: a function's first address and its FDE, both relative to the header.
struct table_row {
    int32_t start;
    int32_t record;
};

/// Row `index` of the table.
static struct table_row row_at(const uint8_t *_Nonnull table, uint64_t index) {
    struct table_row row;
    memcpy(&row, table + index * sizeof row, sizeof row);
    return row;
}

/// Finds the last row that begins at or before `pc`.
/// @return False if there is none.
static bool search_table(
    const uint8_t *_Nonnull table, uint64_t count, uintptr_t header, uintptr_t pc, struct table_row *_Nonnull found) {
    uint64_t low = 0;
    uint64_t high = count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (header + (uintptr_t)(intptr_t)row_at(table, middle).start <= pc) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) return false;
    *found = row_at(table, low - 1);
    return true;
}

bool memscope_cfi_find_frame(
    const struct memscope_cfi_section *_Nonnull section, uintptr_t pc, struct memscope_cfi_frame *_Nonnull frame) {
    struct memscope_reader reader = {section->header, section->header_end, false};
    uintptr_t header = (uintptr_t)section->header;
    if (memscope_reader_unsigned(&reader, 1) != 1) return false;
    uint8_t frames_encoding = (uint8_t)memscope_reader_unsigned(&reader, 1);
    uint8_t count_encoding = (uint8_t)memscope_reader_unsigned(&reader, 1);
    uint8_t table_encoding = (uint8_t)memscope_reader_unsigned(&reader, 1);
    uintptr_t frames = memscope_reader_pointer(&reader, frames_encoding, header);
    if (reader.failed || frames < (uintptr_t)section->segment || frames >= (uintptr_t)section->segment_end) {
        return false;
    }
    const uint8_t *first = (const uint8_t *)frames;
    const uint8_t *end = section->segment_end;

    if (count_encoding != memscope_pointer_omitted
        && table_encoding == (memscope_pointer_data_relative | memscope_pointer_sdata4)) {
        uint64_t count = memscope_reader_pointer(&reader, count_encoding, header);
        if (reader.failed || count > memscope_reader_left(&reader) / sizeof(struct table_row)) return false;
        struct table_row row;
        if (!search_table(reader.at, count, header, pc, &row)) return false;
        uintptr_t record = header + (uintptr_t)(intptr_t)row.record;
        if (record < frames || record >= (uintptr_t)end) return false;
        return memscope_cfi_read_frame(first, end, (const uint8_t *)record, frame, NULL) && pc >= frame->start
            && pc < frame->end;
    }

    for (const uint8_t *record = first; record;) {
        const uint8_t *next;
        if (memscope_cfi_read_frame(first, end, record, frame, &next) && pc >= frame->start && pc < frame->end) {
            return true;
        }
        record = next;
    }
    return false;
}
