#include "census_type.h"

#include <string.h>

#include "../Shadow/shadow.h"
#include "../SwiftRuntime/block_type.h"
#include "cxx_object.h"

enum { SIDE_TABLE_BYTES = 32, SIDE_TABLE_COUNTS = 2, SIDE_TABLE_WEAK = 3 };

// Whether there is a block of the tracked program at the very address.
static bool is_block(uintptr_t address) {
    const uint64_t *place = memscope_shadow_find(address);
    return place && *place >> MEMSCOPE_LEAF_SHIFT != 0 && (*place & 3) == memscope_shadow_start_bits(address);
}

// A side table is {object, unused, counts, weak count}. While the object's block is there its second word leads back; after
// that the counts say that it was destroyed, and nothing else looks like that.
static bool is_side_table(uintptr_t block, uint64_t size) {
    const uint64_t *words = (const uint64_t *)block;
    if (size != SIDE_TABLE_BYTES || (words[0] & 7) != 0 || words[0] < 0x10000 || words[0] >> 47 != 0) return false;
    if (is_block(words[0])) {
        uintptr_t table = memscope_metadata_side_table(((const uint64_t *)(uintptr_t)words[0])[1]);
        if (table == block) return true;
    }
    uint64_t counts = words[SIDE_TABLE_COUNTS];
    bool was_destroyed = counts >> 32 == 1 && (counts & 1) != 0 && (uint32_t)counts < 16;
    return was_destroyed && memscope_shadow_find(words[0]) && (uint32_t)words[SIDE_TABLE_WEAK] != 0;
}

static bool is_metadata_pool(uintptr_t block, uint64_t size) {
    if (size != MEMSCOPE_METADATA_POOL_SIZE) return false;
    size_t count = memscope_metadata_pool_count();
    for (size_t i = 0; i < count; i++)
        if (memscope_metadata_pool(i).start == block) return true;
    return false;
}

uint64_t memscope_census_type(uintptr_t block, uint64_t size) {
    if (size < 8) return 0;
    uint64_t first = *(const uint64_t *)block;
    if (memscope_block_types_available()) {
        uint64_t type = memscope_block_type_live(block, size);
        if (type) return type;
        // Its memory is there for unowned references only; what it was it still is.
        if (memscope_block_is_dead(block, size)) return first;
        if (is_side_table(block, size)) return MEMSCOPE_TYPE_WORD_SIDE_TABLE;
        if (is_metadata_pool(block, size)) return MEMSCOPE_TYPE_WORD_METADATA;
    }
    return memscope_cxx_is_vtable(first) ? first | MEMSCOPE_TYPE_WORD_CXX : 0;
}

static size_t plain_name(const char *name, char *buffer, size_t capacity) {
    size_t length = strlen(name);
    if (length >= capacity) return 0;
    memcpy(buffer, name, length + 1);
    return length;
}

size_t memscope_census_type_name(uint64_t type, char *buffer, size_t capacity, enum memscope_type_kind *kind) {
    if (type == MEMSCOPE_TYPE_WORD_SIDE_TABLE) {
        *kind = MEMSCOPE_TYPE_SIDE_TABLE;
        return plain_name("side table of weak references", buffer, capacity);
    }
    if (type == MEMSCOPE_TYPE_WORD_METADATA) {
        *kind = MEMSCOPE_TYPE_METADATA_POOL;
        return plain_name("metadata of the Swift runtime", buffer, capacity);
    }
    if (type & MEMSCOPE_TYPE_WORD_CXX) {
        *kind = MEMSCOPE_TYPE_CXX_OBJECT;
        return memscope_cxx_type_name(type & ~MEMSCOPE_TYPE_WORD_CXX, buffer, capacity);
    }
    size_t length = memscope_block_type_name(type, buffer, capacity, kind);
    if (*kind == MEMSCOPE_TYPE_CLASS && memscope_metadata_is_actor(type)) *kind = MEMSCOPE_TYPE_ACTOR;
    return length;
}
