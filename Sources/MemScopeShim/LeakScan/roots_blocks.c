#define _GNU_SOURCE
#include "roots.h"

#include "../Capture/guarded_read.h"
#include "../Ring/thread.h"
#include "../SwiftRuntime/module_ranges.h"
#include "counted_words.h"

// A block inside realloc has left the shadow, and the new one is not there yet. Where one ends is not known to us.
static void mark_reallocating(const struct memscope_roots *roots, uintptr_t block) {
    uint64_t size = roots->is_glibc && memscope_guard_begin() ? memscope_glibc_usable_size(block) : 0;
    uintptr_t end = block + size;
    if (size == 0) {
        uint32_t next = memscope_block_index_first_behind(roots->index, block);
        end = block + (1 << 20);
        if (next < roots->index->count && roots->index->blocks[next].address < end) end = roots->index->blocks[next].address;
    }
    memscope_mark_range(roots->mark, block, end, MEMSCOPE_ROOT_EARLIER_BLOCK, 0);
}

// As in blocks that are known, what lies behind the frames of a task does not count: its main one is older than tracking where a program
// starts that itself.
static void mark_earlier(const struct memscope_roots *roots, uintptr_t block, uintptr_t end) {
    uintptr_t slab = roots->mark->knows_swift && memscope_guard_begin() ? memscope_slab_in(block, end - block) : 0;
    if (slab) end = slab + memscope_slab_used_bytes(slab, end - slab);
    memscope_mark_range(roots->mark, block, end, MEMSCOPE_ROOT_EARLIER_BLOCK, 0);
}

void memscope_roots_mark_blocks(struct memscope_roots *roots) {
    for (struct memscope_ring *ring = __atomic_load_n(&memscope_rings, __ATOMIC_ACQUIRE); ring; ring = ring->next) {
        uintptr_t block = ((const struct memscope_thread *)ring)->reallocating;
        if (block) mark_reallocating(roots, block);
    }
    // The Swift runtime never gives back what it makes types from.
    for (size_t i = 0; i < memscope_metadata_pool_count(); i++)
        memscope_mark_word(roots->mark, memscope_metadata_pool(i).start, MEMSCOPE_ROOT_GLOBAL);
    if (!roots->is_glibc) return;
    memscope_glibc_heap_list_earlier(&roots->heap, roots->index);
    const struct memscope_range_list *earlier = &roots->heap.earlier;
    for (uint32_t i = 0; i < earlier->count; i++)
        mark_earlier(roots, earlier->ranges[i].start, earlier->ranges[i].end);
    for (uint32_t i = 0; earlier->is_full && i < roots->heap.count; i++)
        memscope_roots_mark_outside_blocks(roots, roots->heap.regions[i].start, roots->heap.regions[i].end, MEMSCOPE_ROOT_EARLIER_BLOCK, 0);
    if (earlier->is_full || roots->heap.unclear_bytes > 4096)
        memscope_roots_complain(roots, "Part of the heap is not laid out as expected and was searched as a whole: leaks may be hidden.");
    if (!roots->heap.found_caches || !roots->heap.found_arenas || roots->heap.has_other_lists)
        memscope_roots_complain(roots, "Not all lists of the C library's free blocks were found: leaks may be hidden.");
}
