#include "fixture.h"

#include <malloc.h>
#include <string.h>

#include "../../Sources/MemScopeShim/SwiftRuntime/field_names.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/metadata.h"

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
    uint64_t code = memscope_closure_code_before((uintptr_t)holder);
    return code ? fixture_symbol(code) : "?";
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
