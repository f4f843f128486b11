// Writes .eh_frame records by hand. All code addresses are absolute, so that a record may lie anywhere.

#ifndef MEMSCOPE_TESTS_FRAME_BUILDER_H
#define MEMSCOPE_TESTS_FRAME_BUILDER_H

#include <stdint.h>
#include <string.h>

/// One CIE, one FDE and a terminator.
struct frame_builder {
    uint8_t bytes[1024];
    size_t size;
    size_t frame;
};

/// What goes into them.
struct frame_description {
    const char *augmentation;
    const uint8_t *initial;
    size_t initial_size;
    const uint8_t *program;
    size_t program_size;
    uintptr_t start;
    uintptr_t length;
    uint8_t version;
    uint8_t return_column;
    uint8_t encoding;
    int is_wide;
};

static inline void put(struct frame_builder *builder, const void *bytes, size_t size) {
    memcpy(builder->bytes + builder->size, bytes, size);
    builder->size += size;
}

static inline void put_number(struct frame_builder *builder, uint64_t value, size_t size) {
    put(builder, &value, size);
}

static inline size_t open_record(struct frame_builder *builder, int is_wide) {
    if (is_wide) put_number(builder, 0xffffffff, 4);
    put_number(builder, 0, is_wide ? 8 : 4);
    return builder->size;
}

static inline void close_record(struct frame_builder *builder, size_t start, int is_wide) {
    uint64_t length = builder->size - start;
    memcpy(builder->bytes + start - (is_wide ? 8 : 4), &length, is_wide ? 8 : 4);
}

/// Writes the records of a description: code factor 1, data factor -8.
static inline void build_frame(struct frame_builder *builder, const struct frame_description *description) {
    const char *letters = description->augmentation;
    builder->size = 0;
    size_t common = open_record(builder, description->is_wide);
    put_number(builder, 0, 4);
    put_number(builder, description->version, 1);
    put(builder, letters, strlen(letters) + 1);
    if (description->version == 4) put_number(builder, 0x0008, 2);
    if (letters[0] == 'e') put_number(builder, 0x1234, 8);
    put_number(builder, 1, 1);
    put_number(builder, 0x78, 1);
    put_number(builder, description->return_column, 1);
    if (letters[0] == 'z') {
        size_t length_at = builder->size;
        put_number(builder, 0, 1);
        for (const char *letter = letters + 1; *letter; letter++) {
            if (*letter == 'R') put_number(builder, description->encoding, 1);
            if (*letter == 'L') put_number(builder, 0x1b, 1);
            if (*letter == 'P') {
                put_number(builder, 0x9b, 1);
                put_number(builder, 0x55667788, 4);
            }
            if (*letter == 'X') put_number(builder, 0xaabbcc, 3);
        }
        builder->bytes[length_at] = (uint8_t)(builder->size - length_at - 1);
    }
    put(builder, description->initial, description->initial_size);
    close_record(builder, common, description->is_wide);

    builder->frame = builder->size;
    size_t frame = open_record(builder, description->is_wide);
    put_number(builder, builder->size - (common - (description->is_wide ? 12 : 4)), 4);
    uintptr_t here = 0;
    size_t size = 8;
    switch (description->encoding & 0x0f) {
        case 0x02:
        case 0x0a: size = 2; break;
        case 0x03:
        case 0x0b: size = 4; break;
        default: break;
    }
    if ((description->encoding & 0x70) == 0x10) here = (uintptr_t)(builder->bytes + builder->size);
    put_number(builder, description->start - here, size);
    put_number(builder, description->length, size);
    if (letters[0] == 'z') put_number(builder, 0, 1);
    put(builder, description->program, description->program_size);
    close_record(builder, frame, description->is_wide);
    put_number(builder, 0, 4);
}

#endif
