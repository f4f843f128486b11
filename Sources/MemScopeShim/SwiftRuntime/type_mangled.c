#include "type_text.h"

#include "module_ranges.h"

// Mangled names are a language of their own; what stands in capture descriptors and extension contexts is
// nearly always one of a few plain forms. Those are read, the rest is left alone.

/// A reference to a context stands in the name as one of these bytes and a relative offset.
#define REFERENCE_DIRECT 1
#define REFERENCE_INDIRECT 2

/// The standard library's types that have a letter of their own, after `S`.
static const char *_Nullable standard_type(uint8_t letter)
{
    switch (letter) {
    case 'a': return "Swift.Array";
    case 'b': return "Swift.Bool";
    case 'D': return "Swift.Dictionary";
    case 'd': return "Swift.Double";
    case 'f': return "Swift.Float";
    case 'h': return "Swift.Set";
    case 'i': return "Swift.Int";
    case 'J': return "Swift.Character";
    case 'O': return "Swift.ObjectIdentifier";
    case 'q': return "Swift.Optional";
    case 'S': return "Swift.String";
    case 's': return "Swift.Substring";
    case 'u': return "Swift.UInt";
    case 'P': return "Swift.UnsafePointer";
    case 'p': return "Swift.UnsafeMutablePointer";
    case 'V': return "Swift.UnsafeRawPointer";
    case 'v': return "Swift.UnsafeMutableRawPointer";
    default: return NULL;
    }
}

const struct swift_context_descriptor *memscope_mangled_context(const uint8_t *at)
{
    if ((*at != REFERENCE_DIRECT && *at != REFERENCE_INDIRECT) || !memscope_in_module((uintptr_t)at, 5))
        return NULL;
    int32_t offset;
    __builtin_memcpy(&offset, at + 1, sizeof offset);
    uintptr_t target = (uintptr_t)(at + 1) + (intptr_t)offset;
    if (*at == REFERENCE_INDIRECT) {
        if (!memscope_in_module(target, sizeof target))
            return NULL;
        __builtin_memcpy(&target, (const void *)target, sizeof target);
    }
    return memscope_in_module(target, sizeof(struct swift_context_descriptor)) ? (const void *)target : NULL;
}

/// Reads a nominal type, or a protocol, and returns what follows it, or NULL.
static const uint8_t *_Nullable append_base(struct memscope_type_text *text, const uint8_t *at)
{
    if (!memscope_in_module((uintptr_t)at, 6))
        return NULL;
    if (*at == REFERENCE_DIRECT || *at == REFERENCE_INDIRECT) {
        const struct swift_context_descriptor *context = memscope_mangled_context(at);
        if (!context)
            return NULL;
        memscope_type_append_context(text, context, NULL);
        // `_p`: the type is "any" of the protocol just named.
        return at[5] == '_' && at[6] == 'p' ? at + 7 : at + 5;
    }
    if (at[0] == 'S' && standard_type(at[1])) {
        memscope_type_append(text, standard_type(at[1]));
        return at + 2;
    }
    return NULL;
}

/// Reads one plain type at `at` and returns what follows it, or NULL.
static const uint8_t *_Nullable append_one(struct memscope_type_text *text, const uint8_t *at, int depth)
{
    if (depth > 4 || !memscope_in_module((uintptr_t)at, 3))
        return NULL;
    if (at[0] == 'y' && (at[1] == 'p' || at[1] == 't')) {
        memscope_type_append(text, at[1] == 'p' ? "Any" : "()");
        return at + 2;
    }
    at = append_base(text, at);
    if (!at)
        return NULL;
    // `y` arguments `G`: a generic type bound to plain arguments.
    if (at[0] == 'y') {
        const uint8_t *argument = at + 1;
        memscope_type_append(text, "<");
        for (int i = 0; argument && i < 4 && *argument != 'G'; i++) {
            if (i > 0)
                memscope_type_append(text, ", ");
            argument = append_one(text, argument, depth + 1);
        }
        if (!argument || *argument != 'G')
            return NULL;
        memscope_type_append(text, ">");
        at = argument + 1;
    }
    return at;
}

bool memscope_type_append_mangled(struct memscope_type_text *text, const uint8_t *mangled)
{
    size_t before = text->length;
    const uint8_t *at = mangled ? append_one(text, mangled, 0) : NULL;
    while (at && at[0] == 'S' && at[1] == 'g') {
        memscope_type_append(text, "?");
        at += 2;
    }
    // Captured weakly, unowned, or unowned(unsafe).
    if (at && at[0] == 'X' && (at[1] == 'w' || at[1] == 'o' || at[1] == 'u')) {
        memscope_type_append(text, at[1] == 'w' ? " weak" : " unowned");
        at += 2;
    }
    if (at && at[0] == 'z' && at[1] == '_' && at[2] == 'X' && at[3] == 'x') {
        // A captured variable: the capture is a box that holds it.
        memscope_type_append(text, " var");
        at += 4;
    }
    if (!at || *at != 0) {
        text->length = before;
        return false;
    }
    return true;
}

bool memscope_type_append_mangled_base(struct memscope_type_text *text, const uint8_t *mangled)
{
    return mangled && append_base(text, mangled);
}
