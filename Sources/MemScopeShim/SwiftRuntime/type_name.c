#include "type_name.h"

#include <string.h>

#include "type_text.h"

void memscope_type_append(struct memscope_type_text *text, const char *added)
{
    while (*added && text->length + 1 < text->capacity)
        text->buffer[text->length++] = *added++;
}

void memscope_type_append_module_text(struct memscope_type_text *text, const char *added)
{
    struct memscope_range range = memscope_range_of((uintptr_t)added);
    for (; (uintptr_t)added < range.end && *added && text->length + 1 < text->capacity; added++)
        text->buffer[text->length++] = *added;
}

static uint64_t word_at(const void *base, size_t index)
{
    return ((const uint64_t *)base)[index];
}

static const void *pointer_at(const void *base, size_t index)
{
    return (const void *)(uintptr_t)word_at(base, index);
}

/// {kind, count, labels, {type, offset} × count}; the labels are separated and ended by spaces.
static void append_tuple(struct memscope_type_text *text, const void *tuple)
{
    uint64_t count = word_at(tuple, 1);
    const char *label = pointer_at(tuple, 2);
    struct memscope_range labels = memscope_range_of((uintptr_t)label);
    bool labelled = label && labels.end != 0;
    memscope_type_append(text, "(");
    for (uint64_t i = 0; i < count && memscope_is_readable((uintptr_t)tuple + 24 + i * 16, 8); i++) {
        if (i > 0)
            memscope_type_append(text, ", ");
        if (labelled) {
            size_t length = 0;
            while ((uintptr_t)label + length < labels.end && label[length] && label[length] != ' ')
                length++;
            for (size_t c = 0; c < length && text->length + 1 < text->capacity; c++)
                text->buffer[text->length++] = label[c];
            if (length > 0)
                memscope_type_append(text, ": ");
            label += length + 1;
        }
        memscope_type_append_metadata(text, pointer_at(tuple, 3 + i * 2));
    }
    memscope_type_append(text, ")");
}

/// {kind, flags, result, parameter × count, …}
static void append_function(struct memscope_type_text *text, const void *function)
{
    uint64_t flags = word_at(function, 1);
    uint64_t count = flags & SWIFT_FUNCTION_PARAMETERS;
    static const char *const conventions[] = {"", "@convention(block) ", "@convention(thin) ", "@convention(c) "};
    memscope_type_append(text, conventions[(flags >> SWIFT_FUNCTION_CONVENTION_SHIFT) & 3]);
    if (flags & SWIFT_FUNCTION_SENDABLE)
        memscope_type_append(text, "@Sendable ");
    memscope_type_append(text, "(");
    for (uint64_t i = 0; i < count && memscope_is_readable((uintptr_t)function + 24 + i * 8, 8); i++) {
        if (i > 0)
            memscope_type_append(text, ", ");
        memscope_type_append_metadata(text, pointer_at(function, 3 + i));
    }
    memscope_type_append(text, ")");
    if (flags & SWIFT_FUNCTION_ASYNC)
        memscope_type_append(text, " async");
    if (flags & SWIFT_FUNCTION_THROWS)
        memscope_type_append(text, " throws");
    memscope_type_append(text, " -> ");
    memscope_type_append_metadata(text, pointer_at(function, 2));
}

/// {kind, u32 flags, u32 protocols, [superclass], protocol × count}
static void append_existential(struct memscope_type_text *text, const void *existential)
{
    uint32_t flags = ((const uint32_t *)existential)[2];
    uint32_t count = ((const uint32_t *)existential)[3];
    size_t next = 2;
    const char *separator = "";
    if (flags & SWIFT_EXISTENTIAL_HAS_SUPERCLASS) {
        memscope_type_append_metadata(text, pointer_at(existential, next++));
        separator = " & ";
    }
    if (count == 0 && next == 2)
        memscope_type_append(text, flags & SWIFT_EXISTENTIAL_ANY ? "Any" : "Swift.AnyObject");
    for (uint32_t i = 0; i < count && memscope_is_readable((uintptr_t)existential + (next + i) * 8, 8); i++) {
        memscope_type_append(text, separator);
        memscope_type_append_context(text, pointer_at(existential, next + i), NULL);
        separator = " & ";
    }
}

static void append_readable_metadata(struct memscope_type_text *text, const void *metadata)
{
    switch (word_at(metadata, 0)) {
    case SWIFT_METADATA_CLASS:
        if (memscope_is_readable((uintptr_t)metadata, sizeof(struct swift_class_metadata)))
            memscope_type_append_context(text, ((const struct swift_class_metadata *)metadata)->descriptor, metadata);
        break;
    case SWIFT_METADATA_STRUCT:
    case SWIFT_METADATA_ENUM:
    case SWIFT_METADATA_OPTIONAL:
    case SWIFT_METADATA_FOREIGN_CLASS:
    case SWIFT_METADATA_FOREIGN_REFERENCE:
        memscope_type_append_context(text, pointer_at(metadata, 1), metadata);
        break;
    case SWIFT_METADATA_TUPLE: append_tuple(text, metadata); break;
    case SWIFT_METADATA_FUNCTION: append_function(text, metadata); break;
    case SWIFT_METADATA_EXISTENTIAL: append_existential(text, metadata); break;
    case SWIFT_METADATA_METATYPE: {
        const void *instance = pointer_at(metadata, 1);
        memscope_type_append_metadata(text, instance);
        bool protocol = memscope_is_readable((uintptr_t)instance, 8) && word_at(instance, 0) == SWIFT_METADATA_EXISTENTIAL;
        memscope_type_append(text, protocol ? ".Protocol" : ".Type");
        break;
    }
    case SWIFT_METADATA_EXISTENTIAL_METATYPE:
        memscope_type_append_metadata(text, pointer_at(metadata, 1));
        memscope_type_append(text, ".Type");
        break;
    case SWIFT_METADATA_EXTENDED_EXISTENTIAL: memscope_type_append(text, "(existential)"); break;
    case SWIFT_METADATA_OPAQUE: memscope_type_append(text, "(builtin)"); break;
    default: memscope_type_append(text, "_");
    }
}

void memscope_type_append_metadata(struct memscope_type_text *text, const void *metadata)
{
    size_t before = text->length;
    if (((uintptr_t)metadata & 7) == 0 && memscope_is_readable((uintptr_t)metadata, 32) && text->depth < MEMSCOPE_TYPE_DEPTH) {
        text->depth++;
        append_readable_metadata(text, metadata);
        text->depth--;
    }
    if (text->length == before)
        memscope_type_append(text, "_");
}

/// `closure context`, with the captured types that are plain to read: `closure context (App.User, Swift.Int)`.
static void append_closure_context(struct memscope_type_text *text, const void *isa)
{
    memscope_type_append(text, "closure context");
    // {u32 types, u32 metadata sources, u32 bindings, relative mangled type × types}
    const uint32_t *captures = pointer_at(isa, 2);
    if (!captures || ((uintptr_t)captures & 3) || !memscope_in_module((uintptr_t)captures, 12) || captures[0] == 0)
        return;
    if (!memscope_in_module((uintptr_t)captures, 12 + captures[0] * 4ull))
        return;
    for (uint32_t i = 0; i < captures[0]; i++) {
        memscope_type_append(text, i == 0 ? " (" : ", ");
        if (!memscope_type_append_mangled(text, memscope_follow((const int32_t *)&captures[3 + i])))
            memscope_type_append(text, "_");
    }
    memscope_type_append(text, ")");
}

/// Writes what is in the box: the type alone, since `kind` already says that it is one.
static void append_heap_kind(struct memscope_type_text *text, const void *isa, const void *object, enum memscope_type_kind *kind)
{
    switch (word_at(isa, 0)) {
    case SWIFT_METADATA_HEAP_LOCAL:
        *kind = MEMSCOPE_TYPE_CLOSURE_CONTEXT;
        append_closure_context(text, isa);
        break;
    case SWIFT_METADATA_HEAP_GENERIC_LOCAL:
        *kind = MEMSCOPE_TYPE_BOX;
        memscope_type_append_metadata(text, pointer_at(isa, 2));
        break;
    case SWIFT_METADATA_ERROR_OBJECT:
        *kind = MEMSCOPE_TYPE_ERROR_BOX;
        if (object)
            memscope_type_append_metadata(text, pointer_at(object, 2));
        else
            memscope_type_append(text, "Swift.Error");
        break;
    case SWIFT_METADATA_TASK:
        *kind = MEMSCOPE_TYPE_TASK;
        memscope_type_append(text, "Task");
        break;
    case SWIFT_METADATA_JOB:
        *kind = MEMSCOPE_TYPE_JOB;
        memscope_type_append(text, "Job");
        break;
    default:
        *kind = word_at(isa, 0) == SWIFT_METADATA_CLASS ? MEMSCOPE_TYPE_CLASS : MEMSCOPE_TYPE_NONE;
        memscope_type_append_metadata(text, isa);
    }
}

size_t memscope_type_name(const void *isa, const void *object, char *buffer, size_t capacity, enum memscope_type_kind *kind)
{
    enum memscope_type_kind ignored;
    if (!kind)
        kind = &ignored;
    *kind = MEMSCOPE_TYPE_NONE;
    if (capacity == 0)
        return 0;
    struct memscope_type_text text = {.buffer = buffer, .capacity = capacity};
    if (memscope_metadata_is_task_slab((uintptr_t)isa)) {
        *kind = MEMSCOPE_TYPE_TASK_SLAB;
        memscope_type_append(&text, "Task slab");
    } else if (((uintptr_t)isa & 7) == 0 && memscope_is_readable((uintptr_t)isa, 24)) {
        append_heap_kind(&text, isa, object, kind);
    }
    buffer[text.length] = 0;
    return text.length;
}
