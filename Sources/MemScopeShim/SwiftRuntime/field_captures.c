#include "field_walk.h"

#include "module_ranges.h"
#include "type_text.h"

#define CAPTURE_LIMIT 256
#define OBJECT_HEADER 16u

void memscope_field_walk_captures(struct memscope_field_walk *walk, const struct swift_heap_local_metadata *metadata)
{
    const struct swift_capture_descriptor *captures = metadata->captures;
    if (((uintptr_t)captures & 3) || !memscope_in_module((uintptr_t)captures, sizeof *captures))
        return;
    uint32_t count = captures->types;
    const int32_t *types = (const int32_t *)(captures + 1);
    if (count == 0 || count > CAPTURE_LIMIT || captures->bindings > CAPTURE_LIMIT || !memscope_in_module((uintptr_t)types, count * 4))
        return;
    uint32_t offset = metadata->first_capture >= OBJECT_HEADER ? metadata->first_capture : OBJECT_HEADER;
    offset += 8 * captures->bindings;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *type = memscope_follow(&types[i]);
        struct memscope_extent extent = memscope_mangled_extent(type);
        struct memscope_field field = {
            .kind = count == 1 ? MEMSCOPE_FIELD_VALUE : MEMSCOPE_FIELD_CAPTURE,
            .index = i,
            .offset = extent.known ? memscope_align(offset, extent.alignment) : offset,
            .type = type,
        };
        // A value of unknown extent need not start where the one before it ends, and where it ends is unknown; of the
        // last one neither matters.
        if (!extent.known && i + 1 < count) {
            field.index = MEMSCOPE_FIELD_INDEX_UNKNOWN;
            field.type = NULL;
            memscope_field_emit(walk, &field);
            return;
        }
        memscope_field_walk_mangled(walk, field, type);
        offset = field.offset + extent.size;
    }
}
