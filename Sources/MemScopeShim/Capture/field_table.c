#define _GNU_SOURCE
#include "field_table.h"

#include "../SwiftRuntime/block_type.h"
#include "../SwiftRuntime/field_names.h"
#include "census_type.h"
#include "guarded_read.h"

enum { NAME_BYTES = 1024, STRIDE_SHIFT = 8 };

struct field_element { uint32_t type, offset, name, kind; };
_Static_assert(sizeof(struct field_element) == 16, "as Docs/capture-format.md says");

struct rows {
    struct memscope_writer *writer;
    uint32_t type;
};

static void write_field(void *info, const struct memscope_field *field) {
    const struct rows *rows = info;
    static char name[NAME_BYTES];
    struct memscope_field named = *field;
    // Of what repeats the reader puts the number in.
    if (field->kind == MEMSCOPE_FIELD_ELEMENT) named.index = MEMSCOPE_FIELD_INDEX_UNKNOWN;
    size_t length = memscope_field_text(&named, name, sizeof name);
    struct field_element element = {
        .type = rows->type,
        .offset = field->offset,
        .name = memscope_writer_text(rows->writer, name, length),
        .kind = field->ownership | field->stride << STRIDE_SHIFT,
    };
    memscope_writer_add(rows->writer, &element);
}

void memscope_field_table_write(struct memscope_writer *writer, const struct memscope_type_table *types) {
    memscope_writer_section(writer, MEMSCOPE_SECTION_FIELDS, sizeof(struct field_element));
    if (!memscope_block_types_available()) return;
    for (volatile uint32_t i = 0; i < types->count; i++) {
        struct rows rows = {.writer = writer, .type = i};
        if (memscope_census_is_unseen_at_free(types->order[i])) continue;  // not Swift's
        if (memscope_guard_begin()) memscope_fields(types->order[i], write_field, &rows);
    }
}
