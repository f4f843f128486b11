#include "field_names.h"

#include "type_text.h"

static void append_name(struct memscope_type_text *text, struct memscope_name name)
{
    for (uint32_t i = 0; i < name.length && text->length + 1 < text->capacity; i++)
        text->buffer[text->length++] = name.text[i];
}

/// ` 3`, or nothing for an unknown one.
static void append_index(struct memscope_type_text *text, uint32_t number)
{
    if (number == MEMSCOPE_FIELD_INDEX_UNKNOWN)
        return;
    char digits[11], *at = digits + sizeof digits - 1;
    *at = 0;
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    memscope_type_append(text, " ");
    memscope_type_append(text, at);
}

/// ` (App.User)` for a type that is plain to read.
static void append_type(struct memscope_type_text *text, const struct memscope_field *field)
{
    if (!field->type || field->path_length > 0)
        return;
    size_t before = text->length;
    memscope_type_append(text, " (");
    if (memscope_mangled_is_function(field->type))
        memscope_type_append(text, "closure)");
    else if (memscope_type_append_mangled(text, field->type))
        memscope_type_append(text, ")");
    else
        text->length = before;
}

size_t memscope_field_text(const struct memscope_field *field, char *buffer, size_t capacity)
{
    if (capacity == 0)
        return 0;
    struct memscope_type_text text = {.buffer = buffer, .capacity = capacity};
    switch (field->kind) {
    case MEMSCOPE_FIELD_RUNTIME: break;
    case MEMSCOPE_FIELD_PROPERTY:
        if (field->path_length > 0)
            break;
        memscope_type_append(&text, "property");
        append_index(&text, field->index);
        break;
    case MEMSCOPE_FIELD_CAPTURE:
        memscope_type_append(&text, "capture");
        append_index(&text, field->index);
        append_type(&text, field);
        break;
    case MEMSCOPE_FIELD_VALUE:
        memscope_type_append(&text, "value");
        append_type(&text, field);
        break;
    case MEMSCOPE_FIELD_ELEMENT:
        memscope_type_append(&text, "element");
        append_index(&text, field->index);
        break;
    case MEMSCOPE_FIELD_ENTRY: memscope_type_append(&text, "key or value"); break;
    case MEMSCOPE_FIELD_MEMBER: memscope_type_append(&text, "member"); break;
    case MEMSCOPE_FIELD_TAIL: memscope_type_append(&text, "element"); break;
    }
    for (size_t i = 0; i < field->path_length; i++) {
        if (text.length > 0)
            memscope_type_append(&text, ".");
        append_name(&text, field->path[i]);
    }
    buffer[text.length] = 0;
    return text.length;
}
