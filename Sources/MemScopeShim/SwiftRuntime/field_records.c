#include "mangled_layout.h"

#include <string.h>

#include "module_ranges.h"
#include "type_text.h"

#define DEPTH_LIMIT 6
#define RECORD_LIMIT 4096
#define NAME_LIMIT 512

static const struct swift_field_descriptor *_Nullable field_descriptor(const struct swift_context_descriptor *nominal)
{
    const struct swift_type_descriptor *type = (const void *)nominal;
    if (!memscope_in_module((uintptr_t)type, offsetof(struct swift_type_descriptor, positive_words)))
        return NULL;
    const struct swift_field_descriptor *fields = memscope_follow(&type->fields);
    if (!fields || !memscope_in_module((uintptr_t)fields, sizeof *fields) || fields->count > RECORD_LIMIT
        || fields->record_size < sizeof(struct swift_field_record))
        return NULL;
    size_t bytes = (size_t)fields->count * fields->record_size;
    return memscope_in_module((uintptr_t)(fields + 1), bytes) ? fields : NULL;
}

size_t memscope_field_record_count(const struct swift_context_descriptor *nominal)
{
    const struct swift_field_descriptor *fields = field_descriptor(nominal);
    return fields ? fields->count : 0;
}

/// The text up to its NUL, without what the compiler puts before the name of a lazy property.
static struct memscope_name name_at(const char *_Nullable text)
{
    static const char lazy[] = "$__lazy_storage_$_";
    struct memscope_range range = memscope_range_of((uintptr_t)text);
    struct memscope_name name = {.text = text};
    while ((uintptr_t)text + name.length < range.end && name.length < NAME_LIMIT && text[name.length])
        name.length++;
    if (name.length >= sizeof lazy && memcmp(text, lazy, sizeof lazy - 1) == 0) {
        name.text += sizeof lazy - 1;
        name.length -= sizeof lazy - 1;
    }
    return name;
}

struct memscope_field_record memscope_field_record(const struct swift_context_descriptor *nominal, size_t index)
{
    const struct swift_field_descriptor *fields = field_descriptor(nominal);
    if (!fields || index >= fields->count)
        return (struct memscope_field_record){0};
    const struct swift_field_record *record = (const void *)((const char *)(fields + 1) + index * fields->record_size);
    return (struct memscope_field_record){
        .name = name_at(memscope_follow(&record->name)),
        .type = memscope_follow(&record->type),
        .flags = record->flags,
    };
}

/// How many bytes what starts with this byte takes: a reference's kind and its 32 or 64 bits, or one letter.
static size_t step_over(uint8_t byte)
{
    return byte < 0x18 ? 5 : byte < 0x20 ? 9 : 1;
}

/// A mangled name's length; references stand in it as binary, so it may contain NULs. 0 when it has no end.
static size_t mangled_length(const uint8_t *mangled)
{
    struct memscope_range range = memscope_range_of((uintptr_t)mangled);
    for (size_t at = 0; (uintptr_t)mangled + at < range.end && at < NAME_LIMIT;) {
        uint8_t byte = mangled[at];
        if (byte == 0)
            return at;
        at += step_over(byte);
    }
    return 0;
}

/// The length without `Sg`, the marks of optionals.
static size_t without_optionals(const uint8_t *mangled, size_t length)
{
    while (length > 2 && mangled[length - 2] == 'S' && mangled[length - 1] == 'g')
        length -= 2;
    return length;
}

/// Whether the name ends in these two letters. Bytes of a reference may look like them, so it is read from its start.
static bool ends_in(const uint8_t *mangled, size_t length, char first, char second)
{
    if (length < 2 || mangled[length - 2] != first || mangled[length - 1] != second)
        return false;
    size_t at = 0;
    while (at < length - 2)
        at += step_over(mangled[at]);
    return at == length - 2;
}

const struct swift_context_descriptor *memscope_mangled_struct(const uint8_t *mangled)
{
    if (!mangled)
        return NULL;
    const struct swift_context_descriptor *context = memscope_mangled_context(mangled);
    if (!context || (context->flags & SWIFT_CONTEXT_KIND_MASK) != SWIFT_CONTEXT_STRUCT)
        return NULL;
    size_t length = without_optionals(mangled, mangled_length(mangled));
    bool alone = length == 5, bound = length > 6 && mangled[5] == 'y' && mangled[length - 1] == 'G';
    return alone || bound ? context : NULL;
}

bool memscope_mangled_is_function(const uint8_t *mangled)
{
    if (!mangled)
        return false;
    size_t length = without_optionals(mangled, mangled_length(mangled));
    if (length < 3)
        return false;
    if (mangled[length - 1] == 'c')
        return mangled[length - 2] != 'X';
    // As captures have it: `I`, the conventions of callee, parameters and results, `_`.
    if (mangled[length - 1] != '_')
        return false;
    size_t at = length - 2;
    while (at > 0 && mangled[at] >= 'a' && mangled[at] <= 'z')
        at--;
    return mangled[at] == 'I' && at + 2 < length - 1;
}

static enum memscope_ownership ownership(const uint8_t *mangled, int depth)
{
    size_t length = mangled_length(mangled);
    if (ends_in(mangled, length, 'X', 'w'))
        return MEMSCOPE_OWNERSHIP_WEAK;
    if (ends_in(mangled, length, 'X', 'o'))
        return MEMSCOPE_OWNERSHIP_UNOWNED;
    if (ends_in(mangled, length, 'X', 'u'))
        return MEMSCOPE_OWNERSHIP_UNMANAGED;
    const struct swift_context_descriptor *context = depth < DEPTH_LIMIT ? memscope_mangled_struct(mangled) : NULL;
    if (!context || memscope_field_record_count(context) != 1)
        return MEMSCOPE_OWNERSHIP_STRONG;
    const uint8_t *only = memscope_field_record(context, 0).type;
    return only ? ownership(only, depth + 1) : MEMSCOPE_OWNERSHIP_STRONG;
}

enum memscope_ownership memscope_mangled_ownership(const uint8_t *mangled)
{
    return mangled ? ownership(mangled, 0) : MEMSCOPE_OWNERSHIP_STRONG;
}
