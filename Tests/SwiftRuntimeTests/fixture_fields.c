#define _GNU_SOURCE
#include "fixture.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "../../Sources/MemScopeShim/Capture/field_table.h"
#include "../../Sources/MemScopeShim/Capture/guarded_read.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/block_type.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/field_names.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/extent.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/field_walk.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/metadata.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/type_name.h"

static uint64_t type_of(const void *object)
{
    const uint64_t *words = object;
    if (memscope_metadata_kind(words[0], SIZE_MAX) == MEMSCOPE_TYPE_ERROR_BOX)
        return words[2] | 1;
    return words[0];
}

ptrdiff_t fixture_field(const void *object, size_t offset, char *buffer, size_t capacity, uint8_t *ownership)
{
    struct memscope_field field;
    if (!memscope_field_at(type_of(object), offset, &field))
        return -1;
    *ownership = field.ownership;
    return (ptrdiff_t)memscope_field_text(&field, buffer, capacity);
}

size_t fixture_block_size(const void *block)
{
    return malloc_usable_size((void *)block);
}

ptrdiff_t fixture_property_size(const void *object, size_t index)
{
    const struct swift_class_metadata *class = *(const void *const *)object;
    if (index >= memscope_field_record_count(class->descriptor))
        return -2;
    struct memscope_extent extent = memscope_mangled_extent(memscope_field_record(class->descriptor, index).type);
    return extent.known ? (ptrdiff_t)extent.size : -1;
}

const char *fixture_closure(const void *holder)
{
    uint64_t code = memscope_closure_code(((const uint64_t *)holder)[-1]);
    return code ? fixture_symbol(code) : "?";
}

// What the section of fields is written with; here it stays in memory.
sigjmp_buf memscope_guard;
static struct { uint32_t type, offset, name, kind; } rows[512];
static size_t row_count;
static char texts[1 << 16];
static uint32_t text_bytes;

bool memscope_block_types_available(void)
{
    return true;
}

void memscope_writer_section(struct memscope_writer *writer, enum memscope_section kind, uint32_t element)
{
    (void)writer;
    row_count = kind == MEMSCOPE_SECTION_FIELDS && element == sizeof rows[0] ? 0 : sizeof rows / sizeof rows[0];
    text_bytes = 1;
}

void memscope_writer_add(struct memscope_writer *writer, const void *element)
{
    (void)writer;
    if (row_count < sizeof rows / sizeof rows[0])
        memcpy(&rows[row_count++], element, sizeof rows[0]);
}

uint32_t memscope_writer_text(struct memscope_writer *writer, const char *text, size_t length)
{
    (void)writer;
    if (length + 1 > sizeof texts - text_bytes)
        return 0;
    memcpy(texts + text_bytes, text, length);
    texts[text_bytes + length] = 0;
    text_bytes += length + 1;
    return text_bytes - (uint32_t)length - 1;
}

ptrdiff_t fixture_table_field(
    const void *object, const void *other, size_t offset, char *buffer, size_t capacity, uint8_t *ownership)
{
    // Types of which nothing is known, of another class, and then this one.
    uint64_t order[3] = {0x1000, type_of(other), type_of(object)};
    struct memscope_type_table types = {.order = order, .count = 3};
    struct memscope_writer writer;
    memscope_field_table_write(&writer, &types);
    size_t best = SIZE_MAX, distance = SIZE_MAX;
    for (size_t i = 0; i < row_count; i++) {
        uint32_t stride = rows[i].kind >> 8;
        if (rows[i].type != 2 || rows[i].offset > offset)
            continue;
        size_t way = stride ? (offset - rows[i].offset) % stride : offset - rows[i].offset;
        if (way <= distance) {
            distance = way;
            best = i;
        }
    }
    if (best == SIZE_MAX)
        return -1;
    const char *name = texts + rows[best].name;
    uint32_t stride = rows[best].kind >> 8;
    *ownership = rows[best].kind & 0xff;
    if (!stride)
        return snprintf(buffer, capacity, "%s", name);
    return snprintf(buffer, capacity, "element %zu%s", (offset - rows[best].offset) / stride, name + strlen("element"));
}

static void read_name(void *info, const struct memscope_field *field)
{
    char buffer[256];
    *(size_t *)info += memscope_field_text(field, buffer, sizeof buffer);
}

size_t fixture_try_every_field(void)
{
    size_t found = 0, letters = 0;
    for (size_t i = 0; i < fixture_range_count(); i++) {
        uint64_t start, end;
        fixture_range(i, &start, &end);
        for (uint64_t at = (start + 7) & ~7ull; at < end; at += 8) {
            found += memscope_fields(at, read_name, &letters) > 0;
            found += memscope_fields(at | 1, read_name, &letters) > 1;
            struct memscope_field field;
            memscope_field_at(at, 40, &field);
        }
    }
    return letters > 0 ? found : 0;
}

/// Compares one type's extent with the runtime's own; `counts` as in fixture_compare_extents.
static void compare_extent(const uint64_t *metadata, uint64_t *counts)
{
    const struct swift_context_descriptor *nominal = (const void *)(uintptr_t)metadata[1];
    uint32_t wanted = metadata[0] == SWIFT_METADATA_STRUCT ? SWIFT_CONTEXT_STRUCT : SWIFT_CONTEXT_ENUM;
    if (((uintptr_t)nominal & 3) || !memscope_in_module((uintptr_t)nominal, sizeof(struct swift_type_descriptor)))
        return;
    const struct swift_value_witnesses *witnesses = memscope_value_witnesses(metadata);
    if ((nominal->flags & (SWIFT_CONTEXT_KIND_MASK | SWIFT_CONTEXT_IS_GENERIC)) != wanted || !witnesses)
        return;
    counts[0]++;
    struct memscope_extent_budget budget = {.types = 2048, .depth = 6};
    struct memscope_extent extent = memscope_extent_of_nominal(nominal, &budget);
    if (!extent.known)
        return;
    counts[1]++;
    bool size = extent.size == witnesses->size && extent.alignment == (witnesses->flags & SWIFT_VALUE_ALIGNMENT_MASK) + 1;
    bool spare = extent.spare == witnesses->extra_inhabitants;
    if (size && spare)
        return;
    char name[256];
    memscope_type_name(metadata, NULL, name, sizeof name, NULL);
    if (counts[2]++ < 60)
        printf("FAIL %s has size %u alignment %u spare %u, not %lu %u %u\n", name, extent.size, extent.alignment, extent.spare,
            witnesses->size, (witnesses->flags & SWIFT_VALUE_ALIGNMENT_MASK) + 1, witnesses->extra_inhabitants);
}

void fixture_compare_extents(uint64_t *counts)
{
    memset(counts, 0, 3 * sizeof *counts);
    for (size_t i = 0; i < fixture_range_count(); i++) {
        uint64_t start, end;
        fixture_range(i, &start, &end);
        for (uint64_t at = (start + 15) & ~7ull; at + 24 <= end; at += 8) {
            uint64_t kind = *(const uint64_t *)at;
            if (kind == SWIFT_METADATA_STRUCT || kind == SWIFT_METADATA_ENUM)
                compare_extent((const uint64_t *)at, counts);
        }
    }
}
