#define _GNU_SOURCE
#include "object_counts.h"

#include "../Capture/guarded_read.h"
#include "../SwiftRuntime/block_type.h"
#include "../SwiftRuntime/metadata_layout.h"

enum { STRONG_SHIFT = 33, STRONG_MASK = 0x3fffffff, UNOWNED_MASK = 0x7fffffff, TABLE_COUNTS = 2, TABLE_WEAK = 3 };

struct counts_element { uint32_t block, strong, unowned, weak; };
_Static_assert(sizeof(struct counts_element) == 16, "as Docs/capture-format.md says");

// False for what is no object, or lives for ever.
static bool read_counts(const struct memscope_block *block, struct counts_element *element) {
    uint64_t size = memscope_block_size(block);
    if (size < 16 || memscope_block_type_live(block->address, size) == 0) return false;
    const uint64_t *words = (const uint64_t *)block->address;
    if (memscope_metadata_is_task_slab(words[0])) return false;
    uint64_t counts = words[1];
    if ((counts & SWIFT_COUNTS_IMMORTAL) == SWIFT_COUNTS_IMMORTAL) return false;
    element->weak = 0;
    const uint64_t *table = (const uint64_t *)memscope_metadata_side_table(counts);
    if (table) {
        counts = table[TABLE_COUNTS];
        element->weak = (uint32_t)table[TABLE_WEAK];
        // One is the object's own.
        if (element->weak > 0) element->weak--;
    }
    element->strong = (uint32_t)(counts >> STRONG_SHIFT & STRONG_MASK) + 1;
    element->unowned = (uint32_t)(counts >> 1 & UNOWNED_MASK);
    if (element->unowned > 0) element->unowned--;
    return true;
}

void memscope_object_counts_write(struct memscope_writer *writer, const struct memscope_block_index *index) {
    static struct counts_element element;
    memscope_writer_section(writer, MEMSCOPE_SECTION_OBJECT_COUNTS, sizeof element);
    if (!memscope_block_types_available()) return;
    for (volatile uint32_t i = 0; i < index->count; i++) {
        if (!memscope_guard_begin() || !read_counts(&index->blocks[i], &element)) continue;
        element.block = i;
        memscope_writer_add(writer, &element);
    }
}
