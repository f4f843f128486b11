#include "extent.h"

#include <string.h>

#include "module_ranges.h"
#include "type_text.h"

// Mangled types are written in reverse Polish notation: operands first, then what is made of them. So they are read
// with a stack. What is not known here makes the whole extent unknown.

#define STACK_LIMIT 24
#define NAME_LIMIT 512
#define DEPTH_LIMIT 6
#define TYPE_LIMIT 2048
#define MANY_OF_WITNESS_TABLES 0x7fffffffu

enum item_kind : uint8_t { ITEM_VALUE, ITEM_EMPTY_LIST, ITEM_PROTOCOL };

struct item {
    enum item_kind kind;
    /// `_` follows: the first of a list.
    bool first;
    struct memscope_extent extent;
    uint32_t protocol_flags;
};

struct reader {
    struct item items[STACK_LIMIT];
    size_t count;
    bool failed;
    struct memscope_extent_budget *budget;
};

static void push(struct reader *reader, struct item item)
{
    if (reader->count == STACK_LIMIT)
        reader->failed = true;
    else
        reader->items[reader->count++] = item;
}

static void push_value(struct reader *reader, struct memscope_extent value)
{
    push(reader, (struct item){.kind = ITEM_VALUE, .extent = value});
}

static struct item *_Nullable top(struct reader *reader)
{
    if (reader->count == 0)
        reader->failed = true;
    return reader->count ? &reader->items[reader->count - 1] : NULL;
}

/// The index of the first item of the list on top; the mark of an empty list goes.
static size_t list_start(struct reader *reader)
{
    size_t at = reader->count;
    if (at > 0 && reader->items[at - 1].kind == ITEM_EMPTY_LIST) {
        reader->count--;
        return reader->count;
    }
    while (at > 0 && reader->items[at - 1].kind != ITEM_EMPTY_LIST) {
        at--;
        if (reader->items[at].first)
            return at;
    }
    reader->failed = true;
    return reader->count;
}

static void push_context(struct reader *reader, const uint8_t *at)
{
    const struct swift_context_descriptor *context = memscope_mangled_context(at);
    if (!context)
        reader->failed = true;
    else if ((context->flags & SWIFT_CONTEXT_KIND_MASK) == SWIFT_CONTEXT_PROTOCOL)
        push(reader, (struct item){.kind = ITEM_PROTOCOL, .protocol_flags = context->flags});
    else
        push_value(reader, memscope_extent_of_nominal(context, reader->budget));
}

/// `Bo`, `Bp`, `Bi64_`: what the standard library's own types are made of. Returns what follows.
static const uint8_t *read_builtin(struct reader *reader, const uint8_t *at)
{
    switch (at[1]) {
    case 'o':
    case 'b': push_value(reader, memscope_extent_pointer()); return at + 2;
    case 'p': push_value(reader, memscope_extent(8, 8, 1)); return at + 2;
    case 'D': push_value(reader, memscope_extent(96, 16, 0)); return at + 2;
    case 'i':
    case 'f': {
        uint32_t bits = 0;
        for (at += 2; *at >= '0' && *at <= '9' && bits < 1000; at++)
            bits = bits * 10 + (uint32_t)(*at - '0');
        if (*at == '_' && (bits == 8 || bits == 16 || bits == 32 || bits == 64)) {
            push_value(reader, memscope_extent(bits / 8, bits / 8, 0));
            return at + 1;
        }
    }
    }
    reader->failed = true;
    return at;
}

/// A list of protocols becomes `any` of them. For classes only: a reference instead of the buffer of three words.
static void make_existential(struct reader *reader, bool class_only)
{
    size_t start = list_start(reader), count = reader->count - start;
    bool error = false;
    for (size_t i = start; i < reader->count; i++) {
        uint32_t flags = reader->items[i].protocol_flags;
        if (reader->items[i].kind != ITEM_PROTOCOL)
            reader->failed = true;
        class_only |= !(flags & SWIFT_PROTOCOL_FOR_ANY);
        error |= (flags & SWIFT_PROTOCOL_SPECIAL_MASK) == SWIFT_PROTOCOL_IS_ERROR;
    }
    reader->count = start;
    if (error && count == 1)
        push_value(reader, memscope_extent_pointer());
    else if (class_only)
        push_value(reader, memscope_extent(8 + 8 * (uint32_t)count, 8, MEMSCOPE_SPARE_MANY));
    else
        push_value(reader, memscope_extent(32 + 8 * (uint32_t)count, 8, MEMSCOPE_SPARE_MANY));
}

static void make_tuple(struct reader *reader)
{
    size_t start = list_start(reader);
    struct memscope_extent whole = memscope_extent(0, 1, 0);
    for (size_t i = start; i < reader->count; i++) {
        if (reader->items[i].kind != ITEM_VALUE)
            reader->failed = true;
        memscope_extent_add(&whole, reader->items[i].extent);
    }
    reader->count = start;
    push_value(reader, whole);
}

/// Parameters and result go, a code pointer and a context come.
static void make_function(struct reader *reader)
{
    if (reader->count < 2) {
        reader->failed = true;
        return;
    }
    reader->count -= 2;
    push_value(reader, memscope_extent(16, 8, MEMSCOPE_SPARE_MANY));
}

/// The arguments of a generic type go; how large it is was found without them, or not at all.
static void drop_arguments(struct reader *reader)
{
    while (reader->count > 0 && reader->items[reader->count - 1].kind != ITEM_EMPTY_LIST)
        reader->count--;
    if (reader->count < 2)
        reader->failed = true;
    else
        reader->count--;
}

/// What starts with `X`. Returns what follows.
static const uint8_t *read_extension(struct reader *reader, const uint8_t *at)
{
    struct item *item = top(reader);
    if (!item)
        return at;
    switch (at[1]) {
    case 'w':
        // The word of a weak reference has none; a witness table's that follows has.
        item->extent.spare = item->extent.size > 8 ? MANY_OF_WITNESS_TABLES : 0;
        return at + 2;
    case 'o':
    case 'u': return at + 2;
    case 'x': item->extent = memscope_extent_pointer(); return at + 2;
    case 'l': make_existential(reader, true); return at + 2;
    case 'E': make_function(reader); return at + 2;
    default: reader->failed = true; return at;
    }
}

/// Reads one operand or operator and returns what follows it.
static const uint8_t *read_step(struct reader *reader, const uint8_t *at, const uint8_t *end)
{
    switch (*at) {
    case 1:
    case 2: push_context(reader, at); return at + 5;
    case 'B': return read_builtin(reader, at);
    case 'S':
        if (at[1] == 'g') {
            struct item *item = top(reader);
            if (item)
                item->extent = memscope_extent_with_cases(item->extent, 1);
        } else {
            push_value(reader, memscope_extent_of_standard(at[1]));
        }
        return at + 2;
    case 'X': return read_extension(reader, at);
    case 'y': push(reader, (struct item){.kind = ITEM_EMPTY_LIST}); return at + 1;
    case '_': {
        struct item *item = top(reader);
        if (item)
            item->first = true;
        return at + 1;
    }
    case 'p': make_existential(reader, false); return at + 1;
    case 't': make_tuple(reader); return at + 1;
    case 'c': make_function(reader); return at + 1;
    case 'G': drop_arguments(reader); return at + 1;
    case 'K': return at + 1;
    case 'Y':
        if (at[1] == 'c' && reader->count > 0)
            reader->count--; // the global actor of a function
        else if (at[1] != 'a' && at[1] != 'b' && at[1] != 'A')
            reader->failed = true;
        return at + 2;
    case 'z':
        // A box: `z_Xx` is said of the variable in it.
        return at[1] == '_' && at[2] == 'X' ? at + 2 : (reader->failed = true, at);
    case 'x': push_value(reader, (struct memscope_extent){0}); return at + 1;
    case 'q':
        if (at[1] == '_' || (at[1] >= '0' && at[1] <= '9' && at[2] == '_')) {
            push_value(reader, (struct memscope_extent){0});
            return at[1] == '_' ? at + 2 : at + 3;
        }
        break;
    case 'I':
        if (!memscope_mangled_is_function(at))
            break;
        reader->count = 0;
        push_value(reader, memscope_extent(16, 8, MEMSCOPE_SPARE_MANY));
        return memchr(at, 0, (size_t)(end - at)) ?: end;
    default:
        // The label of a tuple's element: digits, then as many letters.
        if (*at >= '1' && *at <= '9') {
            size_t length = 0;
            for (; at < end && *at >= '0' && *at <= '9' && length < NAME_LIMIT; at++)
                length = length * 10 + (size_t)(*at - '0');
            if (length < (size_t)(end - at) && reader->count > 0 && reader->items[reader->count - 1].kind == ITEM_VALUE)
                return at + length;
        }
    }
    reader->failed = true;
    return at;
}

struct memscope_extent memscope_extent_of_mangled(const uint8_t *mangled, struct memscope_extent_budget *budget)
{
    struct memscope_range range = memscope_range_of((uintptr_t)mangled);
    if (!mangled || range.end == 0 || budget->depth == 0 || budget->types == 0)
        return (struct memscope_extent){0};
    // No step looks further than eight bytes ahead.
    const uint8_t *end = (const uint8_t *)range.end - 8;
    struct reader reader = {.budget = budget};
    const uint8_t *at = mangled;
    budget->types--;
    budget->depth--;
    while (at < end && *at && !reader.failed)
        at = read_step(&reader, at, end);
    budget->depth++;
    bool whole = at < end && *at == 0 && !reader.failed && reader.count == 1 && reader.items[0].kind == ITEM_VALUE;
    return whole ? reader.items[0].extent : (struct memscope_extent){0};
}

struct memscope_extent memscope_mangled_extent(const uint8_t *mangled)
{
    struct memscope_extent_budget budget = {.types = TYPE_LIMIT, .depth = DEPTH_LIMIT};
    return memscope_extent_of_mangled(mangled, &budget);
}
