#include "cfi_reader.h"

uint64_t memscope_reader_uleb128(struct memscope_reader *_Nonnull reader) {
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        if (reader->failed || reader->at == reader->end) return memscope_reader_fail(reader);
        uint8_t byte = *reader->at++;
        if (shift < 64) value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) return value;
        // A number can be padded, but not to such a length; this also keeps `shift` from wrapping.
        if (shift > 1024) return memscope_reader_fail(reader);
    }
}

int64_t memscope_reader_sleb128(struct memscope_reader *_Nonnull reader) {
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        if (reader->failed || reader->at == reader->end) return (int64_t)memscope_reader_fail(reader);
        uint8_t byte = *reader->at++;
        if (shift < 64) value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            if ((byte & 0x40) && shift + 7 < 64) value |= ~(uint64_t)0 << (shift + 7);
            return (int64_t)value;
        }
        if (shift > 1024) return (int64_t)memscope_reader_fail(reader);
    }
}

/// Moves to the next multiple of the word size, which is what an aligned pointer stands at.
static void align(struct memscope_reader *_Nonnull reader) {
    memscope_reader_skip(reader, -(uintptr_t)reader->at & (sizeof(uintptr_t) - 1));
}

/// Reads a pointer's number, whatever it is relative to.
static uint64_t number(struct memscope_reader *_Nonnull reader, uint8_t encoding) {
    switch (encoding & memscope_pointer_format) {
        case memscope_pointer_absolute: return memscope_reader_unsigned(reader, sizeof(uintptr_t));
        case memscope_pointer_uleb128: return memscope_reader_uleb128(reader);
        case memscope_pointer_udata2: return memscope_reader_unsigned(reader, 2);
        case memscope_pointer_udata4: return memscope_reader_unsigned(reader, 4);
        case memscope_pointer_udata8: return memscope_reader_unsigned(reader, 8);
        case memscope_pointer_sleb128: return (uint64_t)memscope_reader_sleb128(reader);
        case memscope_pointer_sdata2: return (uint64_t)memscope_reader_signed(reader, 2);
        case memscope_pointer_sdata4: return (uint64_t)memscope_reader_signed(reader, 4);
        case memscope_pointer_sdata8: return (uint64_t)memscope_reader_signed(reader, 8);
        default: return memscope_reader_fail(reader);
    }
}

uintptr_t memscope_reader_pointer(struct memscope_reader *_Nonnull reader, uint8_t encoding, uintptr_t data) {
    if (encoding & memscope_pointer_indirect) return memscope_reader_fail(reader);
    uintptr_t base = 0;
    switch (encoding & memscope_pointer_relation) {
        case 0: break;
        case memscope_pointer_pc_relative: base = (uintptr_t)reader->at; break;
        case memscope_pointer_data_relative:
            if (!data) return memscope_reader_fail(reader);
            base = data;
            break;
        case memscope_pointer_aligned: align(reader); break;
        default: return memscope_reader_fail(reader);
    }
    uintptr_t value = number(reader, encoding);
    return reader->failed ? 0 : base + value;
}

void memscope_reader_skip_pointer(struct memscope_reader *_Nonnull reader, uint8_t encoding) {
    if (encoding == memscope_pointer_omitted) return;
    if ((encoding & memscope_pointer_relation) == memscope_pointer_aligned) align(reader);
    (void)number(reader, encoding);
}
