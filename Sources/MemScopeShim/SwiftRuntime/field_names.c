#include "field_names.h"

#include "field_walk.h"
#include "metadata.h"
#include "module_ranges.h"
#include "swift_runtime.h"
#include "type_text.h"

#define CHAIN_LIMIT 32
#define OBJECT_HEADER 16u
#define ERROR_VALUE_OFFSET 0x20u
#define STORAGE_HEADER 0x40u

/// The nominal type of class metadata, or NULL.
static const struct swift_type_descriptor *_Nullable class_type(const struct swift_class_metadata *class)
{
    if (((uintptr_t)class & 7) || !memscope_is_readable((uintptr_t)class, sizeof *class) || class->kind != SWIFT_METADATA_CLASS)
        return NULL;
    const struct swift_context_descriptor *context = class->descriptor;
    if (!memscope_in_module((uintptr_t)context, sizeof(struct swift_type_descriptor))
        || (context->flags & SWIFT_CONTEXT_KIND_MASK) != SWIFT_CONTEXT_CLASS)
        return NULL;
    return (const struct swift_type_descriptor *)context;
}

/// The offsets of the properties that a class adds to those of its superclass, one word each, or NULL.
static const uint64_t *_Nullable property_offsets(const struct swift_class_metadata *class, const struct swift_type_descriptor *type)
{
    intptr_t words = 0;
    if (type->field_count == 0 || type->field_offset_vector == 0)
        return NULL;
    if ((type->context.flags & SWIFT_CLASS_RESILIENT_SUPERCLASS) && !memscope_class_resilient_words(type, &words))
        return NULL;
    const uint64_t *offsets = (const uint64_t *)class + words + type->field_offset_vector;
    return memscope_is_readable((uintptr_t)offsets, type->field_count * 8ull) ? offsets : NULL;
}

static void walk_properties(
    struct memscope_field_walk *walk, const struct swift_class_metadata *class, const struct swift_type_descriptor *type)
{
    const uint64_t *offsets = property_offsets(class, type);
    size_t count = memscope_field_record_count(&type->context);
    // Where a program was compiled without reflection metadata the offsets are there, and no names.
    if (!offsets || (count != type->field_count && count != 0))
        return;
    for (uint32_t i = 0; i < type->field_count; i++) {
        // The runtime fills the offsets of some classes in when it first makes an instance.
        if (offsets[i] < OBJECT_HEADER || offsets[i] > class->instance_size)
            continue;
        struct memscope_field field = {.kind = MEMSCOPE_FIELD_PROPERTY, .index = i, .offset = (uint32_t)offsets[i]};
        struct memscope_field_record record = memscope_field_record(&type->context, i);
        if (record.name.length > 0)
            field.path[field.path_length++] = record.name;
        memscope_field_walk_mangled(walk, field, record.type);
    }
}

static void walk_elements(struct memscope_field_walk *walk, const struct swift_class_metadata *class)
{
    const uintptr_t *argument = memscope_type_arguments(class->descriptor, class);
    const void *element = argument ? (const void *)*argument : NULL;
    const struct swift_value_witnesses *witnesses = memscope_value_witnesses(element);
    if (!witnesses)
        return;
    struct memscope_field field = {
        .kind = MEMSCOPE_FIELD_ELEMENT, .offset = MEMSCOPE_ARRAY_HEADER, .stride = (uint32_t)witnesses->stride};
    memscope_field_walk_value(walk, field, element);
}

/// What the standard library's storage classes keep behind their properties.
static void walk_tail(struct memscope_field_walk *walk, const struct swift_class_metadata *class, const struct swift_type_descriptor *type)
{
    const struct swift_context_descriptor *context = &type->context;
    struct memscope_field field = {.offset = class->instance_size};
    if (memscope_context_is_standard(context, "_ContiguousArrayStorage")) {
        walk_elements(walk, class);
        return;
    }
    if (memscope_context_is_standard(context, "_DictionaryStorage"))
        field.kind = MEMSCOPE_FIELD_ENTRY;
    else if (memscope_context_is_standard(context, "_SetStorage"))
        field.kind = MEMSCOPE_FIELD_MEMBER;
    else if (memscope_context_is_standard(context, "ManagedBuffer"))
        field.kind = MEMSCOPE_FIELD_TAIL;
    else
        return;
    if (field.kind != MEMSCOPE_FIELD_TAIL)
        field.offset = STORAGE_HEADER;
    memscope_field_emit(walk, &field);
}

static void walk_class(struct memscope_field_walk *walk, const struct swift_class_metadata *class)
{
    struct { const struct swift_class_metadata *class; const struct swift_type_descriptor *type; } chain[CHAIN_LIMIT];
    size_t count = 0;
    for (const struct swift_class_metadata *c = class; c && count < CHAIN_LIMIT; c = c->superclass) {
        const struct swift_type_descriptor *type = class_type(c);
        if (!type)
            break;
        chain[count].class = c;
        chain[count++].type = type;
    }
    for (size_t i = count; i-- > 0;)
        walk_properties(walk, chain[i].class, chain[i].type);
    for (size_t i = 0; i < count; i++)
        walk_tail(walk, chain[i].class, chain[i].type);
}

static void walk_box(struct memscope_field_walk *walk, const void *metadata, uint32_t offset)
{
    const struct swift_value_witnesses *witnesses = memscope_value_witnesses(metadata);
    struct memscope_field field = {.kind = MEMSCOPE_FIELD_VALUE, .offset = offset};
    if (witnesses)
        field.offset = memscope_align(offset, (witnesses->flags & SWIFT_VALUE_ALIGNMENT_MASK) + 1);
    memscope_field_walk_value(walk, field, metadata);
}

#define RUNTIME_NAME(literal) {.text = literal, .length = sizeof literal - 1}

/// Words of the runtime's own, as Docs/swift-runtime.md lists them.
static void walk_runtime(struct memscope_field_walk *walk, const struct memscope_field *fields, size_t count)
{
    if (memscope_swift_runtime.unavailable)
        return;
    for (size_t i = 0; i < count; i++) {
        struct memscope_field field = fields[i];
        field.kind = MEMSCOPE_FIELD_RUNTIME;
        field.path_length = 1;
        memscope_field_emit(walk, &field);
    }
}

static void walk_task(struct memscope_field_walk *walk)
{
    static const struct memscope_field fields[] = {
        {.offset = 0x10, .path = {RUNTIME_NAME("scheduling")}},
        {.offset = 0x38, .path = {RUNTIME_NAME("resume function")}},
        {.offset = 0x40, .path = {RUNTIME_NAME("resume context")}},
        {.offset = 0x50, .path = {RUNTIME_NAME("status")}},
        {.offset = 0x70, .path = {RUNTIME_NAME("slabs")}},
        {.offset = 0x88, .path = {RUNTIME_NAME("task-locals")}},
        {.offset = 0x90, .path = {RUNTIME_NAME("status")}},
        {.offset = 0xd0, .path = {RUNTIME_NAME("result and variables")}},
    };
    walk_runtime(walk, fields, sizeof fields / sizeof fields[0]);
}

static void walk_slab(struct memscope_field_walk *walk)
{
    static const struct memscope_field fields[] = {
        {.offset = 0x08, .path = {RUNTIME_NAME("next slab")}},
        {.offset = 0x20, .path = {RUNTIME_NAME("variables")}},
    };
    walk_runtime(walk, fields, sizeof fields / sizeof fields[0]);
}

size_t memscope_fields(uint64_t type, void (*each)(void *info, const struct memscope_field *field), void *info)
{
    struct memscope_field_walk walk = {.each = each, .info = info};
    uintptr_t address = (uintptr_t)(type & ~UINT64_C(1));
    const void *metadata = (const void *)address;
    if (type & 1) {
        walk_box(&walk, metadata, ERROR_VALUE_OFFSET);
        return walk.count;
    }
    switch (memscope_metadata_kind_uncached(type, SIZE_MAX)) {
    case MEMSCOPE_TYPE_CLASS:
    case MEMSCOPE_TYPE_ACTOR: walk_class(&walk, metadata); break;
    case MEMSCOPE_TYPE_CLOSURE_CONTEXT:
        if (memscope_is_readable(address, sizeof(struct swift_heap_local_metadata)))
            memscope_field_walk_captures(&walk, metadata);
        break;
    case MEMSCOPE_TYPE_BOX: {
        const struct swift_box_metadata *box = metadata;
        if (memscope_is_readable(address, sizeof *box) && box->value_offset >= OBJECT_HEADER && box->value_offset < 4096)
            walk_box(&walk, box->type, box->value_offset);
        break;
    }
    case MEMSCOPE_TYPE_TASK: walk_task(&walk); break;
    case MEMSCOPE_TYPE_TASK_SLAB: walk_slab(&walk); break;
    case MEMSCOPE_TYPE_ERROR_BOX:
    case MEMSCOPE_TYPE_JOB:
    case MEMSCOPE_TYPE_CXX_OBJECT:
    case MEMSCOPE_TYPE_SIDE_TABLE:
    case MEMSCOPE_TYPE_METADATA_POOL:
    case MEMSCOPE_TYPE_NONE: break;
    }
    return walk.count;
}

/// The field with the least way from its start to what is asked for.
struct nearest {
    uint64_t offset;
    uint64_t distance;
    bool found;
    struct memscope_field field;
};

static void compare(void *info, const struct memscope_field *field)
{
    struct nearest *nearest = info;
    if (field->offset > nearest->offset)
        return;
    uint64_t distance = nearest->offset - field->offset, index = 0;
    if (field->stride) {
        index = distance / field->stride;
        distance %= field->stride;
    }
    // Of two at the same place the first has no size.
    if (nearest->found && distance > nearest->distance)
        return;
    nearest->found = true;
    nearest->distance = distance;
    nearest->field = *field;
    if (field->stride) {
        nearest->field.index = (uint32_t)index;
        nearest->field.offset += (uint32_t)index * field->stride;
    }
}

bool memscope_field_at(uint64_t type, uint64_t offset, struct memscope_field *field)
{
    struct nearest nearest = {.offset = offset};
    memscope_fields(type, compare, &nearest);
    if (!nearest.found)
        return false;
    const struct swift_class_metadata *class = (const void *)(uintptr_t)type;
    // Behind a class's last property only what the block was rounded up by is left.
    if (nearest.field.kind == MEMSCOPE_FIELD_PROPERTY && offset >= class->instance_size)
        return false;
    *field = nearest.field;
    return true;
}

/// An async closure's first word leads to {relative address of its code, size of its context}.
static uint64_t async_code(uintptr_t record)
{
    if ((record & 3) || !memscope_in_module(record, 8))
        return 0;
    int32_t relative = ((const int32_t *)record)[0];
    uint32_t size = ((const uint32_t *)record)[1];
    // Code taken for such a record gives neither a near address nor a small multiple of eight.
    if (size < 16 || size > 1u << 20 || size % 8 || relative == 0)
        return 0;
    uintptr_t code = record + (uintptr_t)(intptr_t)relative;
    return memscope_is_code(code) ? code : 0;
}

uint64_t memscope_closure_code(uint64_t word)
{
    if (!memscope_page_filter_passes(word))
        return 0;
    uint64_t code = async_code(word);
    return code ? code : memscope_is_code(word) ? word : 0;
}
