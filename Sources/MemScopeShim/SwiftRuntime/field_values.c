#include "field_walk.h"

#include "module_ranges.h"
#include "type_text.h"

#define STRUCT_FIELD_LIMIT 256
#define OPTIONAL_LIMIT 4
#define VALUE_LIMIT (1u << 24)
/// Beyond so many fields of one type structs are no longer taken apart.
#define PARTS_LIMIT 1024

void memscope_field_emit(struct memscope_field_walk *walk, const struct memscope_field *field)
{
    walk->count++;
    walk->each(walk->info, field);
}

/// The field of a part of a value. What cannot be named, or is named with an underscore, which is to say that it is
/// the type's own matter, goes by the name of the whole, unless it does not simply keep what it points to.
static struct memscope_field part_of(const struct memscope_field *whole, struct memscope_name name, enum memscope_ownership ownership)
{
    struct memscope_field part = *whole;
    part.ownership = ownership;
    bool is_private = name.length == 0 || name.text[0] == '_';
    if (whole->path_length < MEMSCOPE_FIELD_PATH && name.length > 0 && (!is_private || ownership != MEMSCOPE_OWNERSHIP_STRONG))
        part.path[part.path_length++] = name;
    return part;
}

static void walk_part(
    struct memscope_field_walk *walk, const struct memscope_field *whole, struct memscope_field_record record, uint32_t offset)
{
    struct memscope_field part = part_of(whole, record.name, memscope_mangled_ownership(record.type));
    part.offset = offset;
    if (part.path_length > whole->path_length && record.name.text[0] != '_')
        memscope_field_walk_mangled(walk, part, record.type);
    else
        memscope_field_emit(walk, &part);
}

/// Visits the parts of a struct whose layout follows from the types of its fields alone.
static void walk_parts(struct memscope_field_walk *walk, const struct memscope_field *whole, const struct swift_context_descriptor *nominal)
{
    size_t count = memscope_field_record_count(nominal);
    uint32_t offset = whole->offset;
    for (size_t i = 0; i < count; i++) {
        struct memscope_field_record record = memscope_field_record(nominal, i);
        struct memscope_extent extent = memscope_mangled_extent(record.type);
        // Where a field of unknown alignment starts is unknown, except for the first; where one of unknown size ends
        // is unknown too, except for the last.
        bool is_first = i == 0, is_last = i + 1 == count;
        if (extent.known || is_first || is_last)
            walk_part(walk, whole, record, offset = extent.known ? memscope_align(offset, extent.alignment) : offset);
        if (!extent.known && !is_last) {
            struct memscope_field rest = *whole;
            rest.offset = is_first ? offset + 8 : offset;
            memscope_field_emit(walk, &rest);
            return;
        }
        offset += extent.size;
    }
}

void memscope_field_walk_mangled(struct memscope_field_walk *walk, struct memscope_field field, const uint8_t *mangled)
{
    const struct swift_context_descriptor *nominal = memscope_mangled_struct(mangled);
    field.ownership = memscope_mangled_ownership(mangled);
    size_t count = nominal ? memscope_field_record_count(nominal) : 0;
    if (count < 2 || count > STRUCT_FIELD_LIMIT || field.path_length == MEMSCOPE_FIELD_PATH || walk->count > PARTS_LIMIT)
        memscope_field_emit(walk, &field);
    else
        walk_parts(walk, &field, nominal);
}

const struct swift_value_witnesses *memscope_value_witnesses(const void *metadata)
{
    if (((uintptr_t)metadata & 7) || !memscope_is_readable((uintptr_t)metadata - 8, 24))
        return NULL;
    const struct swift_value_witnesses *witnesses = ((const void *const *)metadata)[-1];
    if (((uintptr_t)witnesses & 7) || !memscope_is_readable((uintptr_t)witnesses, sizeof *witnesses))
        return NULL;
    uint32_t alignment = (witnesses->flags & SWIFT_VALUE_ALIGNMENT_MASK) + 1;
    bool sane = (alignment & (alignment - 1)) == 0 && witnesses->size < VALUE_LIMIT && witnesses->stride < VALUE_LIMIT
        && witnesses->stride >= witnesses->size && witnesses->stride % alignment == 0 && witnesses->stride > 0;
    return sane ? witnesses : NULL;
}

static const void *_Nullable without_optionals(const void *metadata)
{
    for (int i = 0; i < OPTIONAL_LIMIT && memscope_value_witnesses(metadata); i++) {
        const uint64_t *words = metadata;
        if (words[0] != SWIFT_METADATA_OPTIONAL)
            return metadata;
        // {kind, descriptor, wrapped}
        if (!memscope_is_readable((uintptr_t)metadata, 24))
            return NULL;
        metadata = (const void *)(uintptr_t)words[2];
    }
    return NULL;
}

static void walk_struct(struct memscope_field_walk *walk, const struct memscope_field *whole, const void *metadata, uint64_t size)
{
    const struct swift_type_descriptor *type = ((const void *const *)metadata)[1];
    const struct swift_context_descriptor *nominal = &type->context;
    bool readable = memscope_in_module((uintptr_t)type, offsetof(struct swift_type_descriptor, positive_words))
        && (nominal->flags & SWIFT_CONTEXT_KIND_MASK) == SWIFT_CONTEXT_STRUCT;
    size_t count = readable ? memscope_field_record_count(nominal) : 0;
    const uint32_t *offsets = NULL;
    if (count > 0 && count == type->struct_field_count && type->struct_field_offsets != 0)
        offsets = (const uint32_t *)metadata + 2 * (size_t)type->struct_field_offsets;
    if (!offsets || !memscope_is_readable((uintptr_t)offsets, count * 4)) {
        memscope_field_emit(walk, whole);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct memscope_field_record record = memscope_field_record(nominal, i);
        if (offsets[i] > size)
            return;
        walk_part(walk, whole, record, whole->offset + offsets[i]);
    }
}

/// {kind, count, labels, {type, offset} × count}; the labels are separated and ended by spaces.
static void walk_tuple(struct memscope_field_walk *walk, const struct memscope_field *whole, const void *metadata, uint64_t size)
{
    static const char digits[] = "0123456789";
    const uint64_t *words = metadata;
    uint64_t count = words[1];
    if (count == 0 || count > 10 || !memscope_is_readable((uintptr_t)metadata, 24 + count * 16)) {
        memscope_field_emit(walk, whole);
        return;
    }
    const char *label = (const char *)(uintptr_t)words[2];
    struct memscope_range labels = memscope_range_of((uintptr_t)label);
    for (uint64_t i = 0; i < count; i++) {
        struct memscope_name name = {.text = label};
        while (label && (uintptr_t)label < labels.end && *label && *label != ' ')
            label++;
        name.length = label && labels.end ? (uint32_t)(label - name.text) : 0;
        if (label && (uintptr_t)label < labels.end && *label)
            label++;
        if (name.length == 0)
            name = (struct memscope_name){.text = digits + i, .length = 1};
        struct memscope_field part = part_of(whole, name, MEMSCOPE_OWNERSHIP_STRONG);
        uint64_t offset = words[4 + 2 * i];
        if (offset > size)
            return;
        part.offset += (uint32_t)offset;
        memscope_field_walk_value(walk, part, (const void *)(uintptr_t)words[3 + 2 * i]);
    }
}

void memscope_field_walk_value(struct memscope_field_walk *walk, struct memscope_field field, const void *metadata)
{
    const void *plain = without_optionals(metadata);
    const struct swift_value_witnesses *witnesses = memscope_value_witnesses(plain);
    uint64_t kind = witnesses ? *(const uint64_t *)plain : SWIFT_METADATA_OPAQUE;
    bool full = field.path_length == MEMSCOPE_FIELD_PATH || walk->count > PARTS_LIMIT;
    if (kind == SWIFT_METADATA_STRUCT && !full)
        walk_struct(walk, &field, plain, witnesses->size);
    else if (kind == SWIFT_METADATA_TUPLE && !full)
        walk_tuple(walk, &field, plain, witnesses->size);
    else
        memscope_field_emit(walk, &field);
}
