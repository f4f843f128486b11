#include "block_type.h"

#include "current_task.h"
#include "metadata_layout.h"
#include "type_name.h"

enum { ERROR_TYPE_OFFSET = 0x10, SIDE_TABLE_COUNTS = 0x10 };

static bool available;

bool memscope_block_types_start(void) { return available = memscope_has_swift(); }

bool memscope_block_types_available(void) { return available; }

static uint64_t type_word(uintptr_t block, uint64_t word0, enum memscope_type_kind kind) {
    if (kind == MEMSCOPE_TYPE_NONE) return 0;
    if (kind != MEMSCOPE_TYPE_ERROR_BOX) return word0;
    uint64_t error_type = *(const uint64_t *)(block + ERROR_TYPE_OFFSET);
    return error_type | 1;
}

// Generic metadata lives in pools that the runtime gets from malloc. The pools it filled are known; the one it is
// filling is told by its record {next free byte, bytes left}, read here so that objects of a type made a moment ago are
// recognised too.
static bool is_in_current_pool(uint64_t word) {
    const uintptr_t *record = memscope_swift_runtime.pool_record;
    if (!record || (word & 7) != 0) return false;
    uintptr_t end = __atomic_load_n(&record[0], __ATOMIC_RELAXED) + __atomic_load_n(&record[1], __ATOMIC_RELAXED);
    if (end - word > MEMSCOPE_METADATA_POOL_SIZE) return false;
    memscope_metadata_poll_pool();
    return memscope_metadata_is_plausible(word);
}

static bool can_be_metadata(uint64_t word) {
    return memscope_metadata_is_plausible(word) || memscope_metadata_is_task_slab(word) || is_in_current_pool(word);
}

bool memscope_block_type_is_task(uint64_t type) {
    return (type & 1) == 0 && memscope_metadata_kind(type, SIZE_MAX) == MEMSCOPE_TYPE_TASK;
}

void memscope_block_note_allocation_of_pool_size(void) { memscope_metadata_poll_pool(); }

uint64_t memscope_block_type_at_free(uintptr_t block, struct memscope_leaf *leaf) {
    const uint64_t *words = (const uint64_t *)block;
    // Most raw data ends here. Every allocator we know gives at least 16 bytes for any request, so both words exist.
    if (!can_be_metadata(words[0])) return 0;
    uint64_t usual = __atomic_load_n(&leaf->type, __ATOMIC_RELAXED);
    if (__builtin_expect(words[0] == usual, 1)) return 0;
    if (leaf->size < 16) return 0;
    enum memscope_type_kind kind = memscope_metadata_freed_kind(words[0], words[1], leaf->size);
    uint64_t type = type_word(block, words[0], kind);
    if (type == 0 || type == usual) return 0;
    if (kind == MEMSCOPE_TYPE_TASK) return type;
    uint64_t none = 0;
    if (usual == 0 && (__atomic_compare_exchange_n(&leaf->type, &none, type, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED) ||
                       none == type))
        return 0;
    return type;
}

uint64_t memscope_block_type_live(uintptr_t block, uint64_t size) {
    if (size < 16) return 0;
    const uint64_t *words = (const uint64_t *)block;
    if (!can_be_metadata(words[0])) return 0;
    return type_word(block, words[0], memscope_metadata_live_kind(words[0], words[1], size));
}

bool memscope_block_is_dead(uintptr_t block, uint64_t size) {
    if (size < 16) return false;
    const uint64_t *words = (const uint64_t *)block;
    if (!can_be_metadata(words[0])) return false;
    switch (memscope_metadata_kind(words[0], size)) {
        case MEMSCOPE_TYPE_NONE: case MEMSCOPE_TYPE_TASK_SLAB: case MEMSCOPE_TYPE_JOB: return false;
        default: break;
    }
    uintptr_t side_table = memscope_metadata_side_table(words[1]);
    uint64_t counts = side_table ? *(const uint64_t *)(side_table + SIDE_TABLE_COUNTS) : words[1];
    bool immortal = (counts & SWIFT_COUNTS_IMMORTAL) == SWIFT_COUNTS_IMMORTAL;
    return (counts & 1) && !immortal && (counts & SWIFT_COUNTS_DEINITING);
}

size_t memscope_block_type_name(uint64_t type, char *buffer, size_t capacity, enum memscope_type_kind *kind) {
    size_t length = memscope_type_name((const void *)(uintptr_t)(type & ~UINT64_C(1)), NULL, buffer, capacity, kind);
    if (type & 1) *kind = MEMSCOPE_TYPE_ERROR_BOX;
    return length;
}
