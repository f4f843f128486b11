#include "type_text.h"

#include <string.h>

#include "module_ranges.h"

#define CONTEXT_LIMIT 16

const void *memscope_follow(const int32_t *relative)
{
    if (*relative == 0)
        return NULL;
    uintptr_t target = (uintptr_t)relative + (intptr_t)*relative;
    return memscope_in_module(target, 4) ? (const void *)target : NULL;
}

const void *memscope_follow_indirectable(const int32_t *relative)
{
    if (*relative == 0)
        return NULL;
    uintptr_t target = (uintptr_t)relative + (intptr_t)(*relative & ~1);
    if (!(*relative & 1))
        return memscope_in_module(target, 4) ? (const void *)target : NULL;
    if (!memscope_in_module(target, sizeof(uintptr_t)))
        return NULL;
    uintptr_t pointee = *(const uintptr_t *)target;
    return memscope_in_module(pointee, 4) ? (const void *)pointee : NULL;
}

static uint32_t kind_of(const struct swift_context_descriptor *context)
{
    return context->flags & SWIFT_CONTEXT_KIND_MASK;
}

static const struct swift_context_descriptor *_Nullable parent_of(const struct swift_context_descriptor *context)
{
    const struct swift_context_descriptor *parent = memscope_follow_indirectable(&context->parent);
    return parent && memscope_in_module((uintptr_t)parent, sizeof *parent) ? parent : NULL;
}

/// The generic header of a context, or NULL when it is not generic or of an unknown kind.
static const struct swift_generic_header *_Nullable generic_header(const struct swift_context_descriptor *context)
{
    if (!(context->flags & SWIFT_CONTEXT_IS_GENERIC))
        return NULL;
    size_t offset;
    switch (kind_of(context)) {
    // Types keep two words for instantiation before the counts.
    case SWIFT_CONTEXT_CLASS: offset = sizeof(struct swift_type_descriptor) + 8; break;
    case SWIFT_CONTEXT_STRUCT:
    case SWIFT_CONTEXT_ENUM: offset = offsetof(struct swift_type_descriptor, positive_words) + 8; break;
    case SWIFT_CONTEXT_EXTENSION: offset = sizeof(struct swift_context_descriptor); break;
    case SWIFT_CONTEXT_ANONYMOUS: offset = offsetof(struct swift_context_descriptor, name); break;
    default: return NULL;
    }
    const struct swift_generic_header *header = (const void *)((const char *)context + offset);
    if (!memscope_in_module((uintptr_t)header, sizeof *header))
        return NULL;
    return memscope_in_module((uintptr_t)(header + 1), header->parameters) ? header : NULL;
}

bool memscope_class_resilient_words(const struct swift_type_descriptor *class, intptr_t *words)
{
    const struct swift_class_bounds *bounds = memscope_follow((const int32_t *)&class->negative_words_or_bounds);
    if (!bounds || !memscope_in_module((uintptr_t)bounds, sizeof *bounds))
        return false;
    *words = (intptr_t)bounds->immediate_members_offset / 8;
    return true;
}

const uintptr_t *memscope_type_arguments(const struct swift_context_descriptor *context, const void *metadata)
{
    intptr_t words;
    switch (kind_of(context)) {
    case SWIFT_CONTEXT_STRUCT:
    case SWIFT_CONTEXT_ENUM: words = 2; break;
    case SWIFT_CONTEXT_CLASS: {
        const struct swift_type_descriptor *class = (const void *)context;
        if (!memscope_in_module((uintptr_t)class, sizeof *class))
            return NULL;
        if (context->flags & SWIFT_CLASS_RESILIENT_SUPERCLASS) {
            if (!memscope_class_resilient_words(class, &words))
                return NULL;
        } else if (context->flags & SWIFT_CLASS_IMMEDIATE_MEMBERS_NEGATIVE) {
            words = -(intptr_t)class->negative_words_or_bounds;
        } else {
            words = (intptr_t)class->positive_words - (intptr_t)class->immediate_members;
        }
        break;
    }
    default: return NULL;
    }
    uintptr_t first = (uintptr_t)metadata + (uintptr_t)(words * 8);
    return memscope_is_readable(first, 8) ? (const uintptr_t *)first : NULL;
}

bool memscope_context_is_standard(const struct swift_context_descriptor *context, const char *name)
{
    const struct swift_context_descriptor *parent = parent_of(context);
    if (!parent || kind_of(parent) != SWIFT_CONTEXT_MODULE)
        return false;
    char buffer[64];
    struct memscope_type_text text = {.buffer = buffer, .capacity = sizeof buffer};
    memscope_type_append_module_text(&text, memscope_follow(&parent->name));
    memscope_type_append(&text, ".");
    memscope_type_append_module_text(&text, memscope_follow(&context->name));
    buffer[text.length] = 0;
    return strncmp(buffer, "Swift.", 6) == 0 && strcmp(buffer + 6, name) == 0;
}

/// The name of a type or protocol. Types imported from C may carry more text behind the NUL.
static void append_own_name(struct memscope_type_text *text, const struct swift_context_descriptor *context)
{
    memscope_type_append_module_text(text, memscope_follow(&context->name));
}

/// What is being walked: the contexts from the type outwards, and the arguments not yet written.
struct walk {
    const struct swift_context_descriptor *contexts[CONTEXT_LIMIT];
    size_t count;
    const uint8_t *_Nullable parameters;
    const uintptr_t *_Nullable arguments;
    size_t parameter_count;
    size_t next_parameter;
    size_t next_argument;
};

/// Writes `<A, B>` for the parameters that this context adds to those of the contexts around it.
static void append_arguments(struct memscope_type_text *text, struct walk *walk, size_t up_to)
{
    if (up_to > walk->parameter_count)
        up_to = walk->parameter_count;
    if (walk->next_parameter >= up_to)
        return;
    const char *separator = "<";
    for (; walk->next_parameter < up_to; walk->next_parameter++) {
        memscope_type_append(text, separator);
        separator = ", ";
        uint8_t parameter = walk->parameters[walk->next_parameter];
        // A parameter fixed by a same-type requirement has no argument of its own.
        if (!(parameter & SWIFT_PARAMETER_HAS_KEY_ARGUMENT)) {
            memscope_type_append(text, "_");
            continue;
        }
        const uintptr_t *argument = &walk->arguments[walk->next_argument++];
        bool is_type = (parameter & SWIFT_PARAMETER_KIND_MASK) == 0;
        if (is_type && memscope_is_readable((uintptr_t)argument, sizeof *argument))
            memscope_type_append_metadata(text, (const void *)*argument);
        else
            memscope_type_append(text, "_");
    }
    memscope_type_append(text, ">");
}

/// Writes `(extension in Module):Extended` for a type that is declared in an extension.
static void append_extension(struct memscope_type_text *text, struct walk *walk, size_t index, size_t parameters)
{
    const struct swift_context_descriptor *extension = walk->contexts[index];
    const struct swift_context_descriptor *module = parent_of(extension);
    memscope_type_append(text, "(extension in ");
    if (module && kind_of(module) == SWIFT_CONTEXT_MODULE)
        append_own_name(text, module);
    memscope_type_append(text, "):");
    const uint8_t *extended = memscope_follow(&extension->name);
    if (memscope_type_append_mangled(text, extended)) {
        // The arguments were all fixed by the extension's own constraints, or there are none.
        for (; walk->next_parameter < parameters && walk->next_parameter < walk->parameter_count; walk->next_parameter++)
            if (walk->parameters[walk->next_parameter] & SWIFT_PARAMETER_HAS_KEY_ARGUMENT)
                walk->next_argument++;
    } else {
        if (!memscope_type_append_mangled_base(text, extended))
            memscope_type_append(text, "_");
        append_arguments(text, walk, parameters);
    }
    memscope_type_append(text, ".");
}

void memscope_type_append_context(
    struct memscope_type_text *text, const struct swift_context_descriptor *context, const void *metadata)
{
    struct walk walk = {0};
    for (const struct swift_context_descriptor *c = context; c && walk.count < CONTEXT_LIMIT; c = parent_of(c)) {
        if (!memscope_in_module((uintptr_t)c, sizeof *c))
            break;
        walk.contexts[walk.count++] = c;
        // An extension's own parent is the module that it is written in.
        if (kind_of(c) == SWIFT_CONTEXT_MODULE || kind_of(c) == SWIFT_CONTEXT_EXTENSION)
            break;
    }
    if (walk.count == 0) {
        memscope_type_append(text, "_");
        return;
    }
    const struct swift_generic_header *header = metadata ? generic_header(context) : NULL;
    if (header && (walk.arguments = memscope_type_arguments(context, metadata))) {
        walk.parameters = (const uint8_t *)(header + 1);
        walk.parameter_count = header->parameters;
        // With parameter packs the arguments start with the lengths of the packs' shapes: not told apart here.
        if (header->flags & SWIFT_GENERIC_HAS_PACKS)
            walk.parameter_count = 0;
    }
    for (size_t i = walk.count; i-- > 0;) {
        const struct swift_context_descriptor *c = walk.contexts[i];
        const struct swift_generic_header *own = generic_header(c);
        switch (kind_of(c)) {
        case SWIFT_CONTEXT_ANONYMOUS:
        case SWIFT_CONTEXT_OPAQUE_TYPE: continue;
        case SWIFT_CONTEXT_EXTENSION: append_extension(text, &walk, i, own ? own->parameters : 0); continue;
        case SWIFT_CONTEXT_MODULE: append_own_name(text, c); break;
        default:
            append_own_name(text, c);
            append_arguments(text, &walk, own ? own->parameters : 0);
        }
        if (i != 0)
            memscope_type_append(text, ".");
    }
    if (metadata && walk.parameter_count == 0 && header && (header->flags & SWIFT_GENERIC_HAS_PACKS))
        memscope_type_append(text, "<_>");
}
