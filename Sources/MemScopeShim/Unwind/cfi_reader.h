// Reads numbers from CFI bytes and never past their end.

#ifndef MEMSCOPE_CFI_READER_H
#define MEMSCOPE_CFI_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arch.h"

/// Bytes still to be read. A read that would pass `end` gives 0, leaves the position alone and sets `failed` for good,
/// so a caller may check once after several reads.
struct memscope_reader {
    const uint8_t *_Nonnull at;
    const uint8_t *_Nonnull end;
    bool failed;
};

/// How a pointer is encoded (the low four bits say its format, the next three what it is relative to).
enum memscope_pointer_encoding {
    memscope_pointer_absolute = 0x00,
    memscope_pointer_uleb128 = 0x01,
    memscope_pointer_udata2 = 0x02,
    memscope_pointer_udata4 = 0x03,
    memscope_pointer_udata8 = 0x04,
    memscope_pointer_sleb128 = 0x09,
    memscope_pointer_sdata2 = 0x0a,
    memscope_pointer_sdata4 = 0x0b,
    memscope_pointer_sdata8 = 0x0c,
    memscope_pointer_format = 0x0f,
    memscope_pointer_pc_relative = 0x10,
    memscope_pointer_data_relative = 0x30,
    memscope_pointer_aligned = 0x50,
    memscope_pointer_relation = 0x70,
    memscope_pointer_indirect = 0x80,
    memscope_pointer_omitted = 0xff,
};

/// Bytes left.
static inline size_t memscope_reader_left(const struct memscope_reader *_Nonnull reader) {
    return (size_t)(reader->end - reader->at);
}

/// Marks the reader failed and gives 0.
static inline uint64_t memscope_reader_fail(struct memscope_reader *_Nonnull reader) {
    reader->failed = true;
    return 0;
}

/// Skips `count` bytes.
static inline void memscope_reader_skip(struct memscope_reader *_Nonnull reader, uint64_t count) {
    if (reader->failed || count > memscope_reader_left(reader)) {
        reader->failed = true;
        return;
    }
    reader->at += count;
}

/// Reads `size` (1, 2, 4 or 8) bytes as an unsigned little-endian number.
static inline uint64_t memscope_reader_unsigned(struct memscope_reader *_Nonnull reader, size_t size) {
    uint64_t value = 0;
    if (reader->failed || size > memscope_reader_left(reader)) return memscope_reader_fail(reader);
    memcpy(&value, reader->at, size);
    reader->at += size;
    return value;
}

/// Reads `size` (1, 2, 4 or 8) bytes as a signed little-endian number.
static inline int64_t memscope_reader_signed(struct memscope_reader *_Nonnull reader, size_t size) {
    uint64_t value = memscope_reader_unsigned(reader, size);
    switch (size) {
        case 1: return (int8_t)value;
        case 2: return (int16_t)value;
        case 4: return (int32_t)value;
        default: return (int64_t)value;
    }
}

/// Reads an unsigned LEB128 number; bits beyond the 64th are dropped.
uint64_t memscope_reader_uleb128(struct memscope_reader *_Nonnull reader);

/// Reads a signed LEB128 number; bits beyond the 64th are dropped.
int64_t memscope_reader_sleb128(struct memscope_reader *_Nonnull reader);

/// Reads an encoded pointer.
/// @param encoding As in memscope_pointer_encoding. Relations to text or function, and indirection, fail: no linker
///   writes them for code addresses on the supported architectures.
/// @param data What data-relative pointers count from; 0 if the context has none, such pointers then fail.
/// @return The address, or 0 with the reader failed.
uintptr_t memscope_reader_pointer(struct memscope_reader *_Nonnull reader, uint8_t encoding, uintptr_t data);

/// Skips an encoded pointer without giving it a meaning, so whatever its relation.
void memscope_reader_skip_pointer(struct memscope_reader *_Nonnull reader, uint8_t encoding);

#endif
