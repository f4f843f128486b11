#define _GNU_SOURCE
#include "block_index.h"

#include <sys/mman.h>

#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"
#include "../Shadow/shadow.h"
#include "ignored.h"

struct building {
    struct memscope_block_index *index;
    bool failed;
};

static struct memscope_page_line *line_at(struct building *building, uintptr_t address) {
    struct memscope_page_line **lines = &building->index->pages[address >> MEMSCOPE_PAGES_SHIFT];
    if (!*lines) *lines = memscope_map(MEMSCOPE_LINES_PER_GIB * sizeof **lines);
    if (!*lines) {
        building->failed = true;
        return NULL;
    }
    return &(*lines)[address >> 12 & (MEMSCOPE_LINES_PER_GIB - 1)];
}

// Blocks come in address order. A line's `before` is set when the first block of the page is met; those of the pages that a
// block reaches into, when that block is met.
static void add(struct building *building, uintptr_t address, uint64_t size, bool is_ignored) {
    struct memscope_block_index *index = building->index;
    if (index->count == index->capacity) building->failed = true;
    if (building->failed) return;
    struct memscope_page_line *line = line_at(building, address);
    if (!line) return;
    if ((line->starts[0] | line->starts[1]) == 0) line->before = index->count;
    line->starts[address >> 11 & 1] |= UINT64_C(1) << (address >> 5 & 63);
    index->blocks[index->count++] = (struct memscope_block){.address = address, .size_and_mark = size | (is_ignored ? MEMSCOPE_BLOCK_IGNORED : 0)};
    index->has_ignored |= is_ignored;
    index->bytes += size;
    uintptr_t last = address + (size > 8 ? size - 1 : 8);
    for (uintptr_t page = (address | 4095) + 1; page <= last; page += 4096) {
        if (!(line = line_at(building, page))) return;
        line->before = index->count;
    }
    if (last >= index->high) index->high = last + 1;
}

static uint32_t see(void *info, uintptr_t block, uint64_t entry) {
    struct building *building = info;
    uint32_t number = (uint32_t)(entry >> MEMSCOPE_LEAF_SHIFT), leaf = number & MEMSCOPE_LEAF_INDEX_MASK;
    if (leaf == 0 || leaf >= memscope_engine.leaf_count) return 0;
    if (!(number & MEMSCOPE_LEAF_MIXED_BIT)) {
        add(building, block, memscope_engine.leaves[leaf].size, memscope_is_ignored(entry));
        return 0;
    }
    uint64_t *exact = memscope_shadow_find(block + (UINT64_C(1) << MEMSCOPE_GRANULE_SHIFT));
    add(building, block, exact ? *exact & MEMSCOPE_BLOCK_SIZE_MASK : 0, memscope_is_ignored(entry));
    return 1;
}

bool memscope_block_index_make(struct memscope_block_index *index) {
    *index = (struct memscope_block_index){0};
    // Room for those that were not counted yet.
    uint64_t most = (memscope_engine.allocations - memscope_engine.frees) * 2 + (1 << 22);
    if (most >= MEMSCOPE_NO_BLOCK) return false;
    index->capacity = (uint32_t)most;
    index->blocks = memscope_map(most * sizeof *index->blocks);
    index->pages = memscope_map((UINT64_C(1) << (47 - MEMSCOPE_PAGES_SHIFT)) * sizeof *index->pages);
    if (!index->blocks || !index->pages || !memscope_ignored_prepare()) return false;
    madvise(index->blocks, most * sizeof *index->blocks, MADV_HUGEPAGE);
    struct building building = {.index = index};
    memscope_shadow_visit(see, &building);
    index->low = index->count ? index->blocks[0].address : 0;
    return !building.failed;
}

uint32_t memscope_block_index_first_behind(const struct memscope_block_index *index, uintptr_t address) {
    uint32_t low = 0, high = index->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct memscope_block *block = &index->blocks[middle];
        if (block->address + memscope_block_size(block) > address) high = middle;
        else low = middle + 1;
    }
    return low;
}
