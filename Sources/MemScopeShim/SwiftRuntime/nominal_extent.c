#include "extent.h"

#include "module_ranges.h"

#define FIELD_LIMIT 256

struct memscope_extent memscope_extent_with_cases(struct memscope_extent payload, uint32_t cases)
{
    if (!payload.known || payload.spare >= cases) {
        payload.spare -= payload.known ? cases : 0;
        return payload;
    }
    // What is left of the byte more is not counted on: a wrong size would name wrong things.
    if (payload.spare != 0 || payload.size < 4)
        return (struct memscope_extent){0};
    return memscope_extent(payload.size + 1, payload.alignment, 0);
}

void memscope_extent_add(struct memscope_extent *whole, struct memscope_extent next)
{
    if (!whole->known || !next.known) {
        *whole = (struct memscope_extent){0};
        return;
    }
    whole->size = memscope_align(whole->size, next.alignment) + next.size;
    if (next.alignment > whole->alignment)
        whole->alignment = next.alignment;
    if (next.spare > whole->spare)
        whole->spare = next.spare;
}

static struct memscope_extent struct_extent(const struct swift_type_descriptor *type, struct memscope_extent_budget *budget)
{
    const struct swift_context_descriptor *context = &type->context;
    size_t count = memscope_field_record_count(context);
    // No field: what it holds is not written in Swift.
    if (count == 0 || count > FIELD_LIMIT || count != type->struct_field_count || context->flags & SWIFT_CONTEXT_HAS_IMPORT_INFO)
        return (struct memscope_extent){0};
    struct memscope_extent whole = memscope_extent(0, 1, 0);
    for (size_t i = 0; i < count && whole.known; i++)
        memscope_extent_add(&whole, memscope_extent_of_mangled(memscope_field_record(context, i).type, budget));
    return whole;
}

static struct memscope_extent enum_extent(const struct swift_type_descriptor *type, struct memscope_extent_budget *budget)
{
    const struct swift_context_descriptor *context = &type->context;
    uint32_t payloads = type->payload_cases & 0xffffff, empty = type->empty_cases;
    size_t count = memscope_field_record_count(context);
    if (count != (size_t)payloads + empty || count == 0 || context->flags & SWIFT_CONTEXT_HAS_IMPORT_INFO)
        return (struct memscope_extent){0};
    if (payloads == 0)
        return empty == 1 ? memscope_extent(0, 1, 0) : empty <= 256 ? memscope_extent(1, 1, 256 - empty) : (struct memscope_extent){0};
    if (payloads > 1)
        return (struct memscope_extent){0};
    // The cases with a payload stand first.
    struct memscope_field_record record = memscope_field_record(context, 0);
    struct memscope_extent payload = record.flags & SWIFT_FIELD_INDIRECT ? memscope_extent_pointer() : memscope_extent_of_mangled(record.type, budget);
    return empty ? memscope_extent_with_cases(payload, empty) : payload;
}

struct memscope_extent memscope_extent_of_nominal(const struct swift_context_descriptor *nominal, struct memscope_extent_budget *budget)
{
    const struct swift_type_descriptor *type = (const void *)nominal;
    if (!memscope_in_module((uintptr_t)type, offsetof(struct swift_type_descriptor, positive_words)))
        return (struct memscope_extent){0};
    switch (nominal->flags & SWIFT_CONTEXT_KIND_MASK) {
    case SWIFT_CONTEXT_CLASS: return memscope_extent_pointer();
    case SWIFT_CONTEXT_STRUCT: return struct_extent(type, budget);
    case SWIFT_CONTEXT_ENUM: return enum_extent(type, budget);
    default: return (struct memscope_extent){0};
    }
}

struct memscope_extent memscope_extent_of_standard(uint8_t letter)
{
    switch (letter) {
    case 'b': return memscope_extent(1, 1, 254);
    case 'i':
    case 'u':
    case 'd': return memscope_extent(8, 8, 0);
    case 'f': return memscope_extent(4, 4, 0);
    case 'a':
    case 'h':
    case 'D': return memscope_extent_pointer();
    case 'P':
    case 'p':
    case 'V':
    case 'v':
    case 'O': return memscope_extent(8, 8, 1);
    case 'S':
    case 'J': return memscope_extent(16, 8, MEMSCOPE_SPARE_MANY);
    case 's': return memscope_extent(32, 8, MEMSCOPE_SPARE_MANY);
    default: return (struct memscope_extent){0};
    }
}
