#define _GNU_SOURCE
#include "glibc_heap.h"

#include "../Capture/guarded_read.h"
#include "../Interpose/next_allocator.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/modules.h"

// Of GLIBC 2.32 to 2.41. Each is tested where it is used; what fails the test becomes a root.
enum {
    // struct malloc_state
    STATE_FAST_BINS = 16, FAST_BINS = 10, STATE_TOP = 96, STATE_BINS = 112, BINS = 127, STATE_BYTES = 2200,
    // A chunk's header is the size of the chunk before it, if that is free, and its own with three flags.
    CHUNK_HEADER = 16, SMALLEST_CHUNK = 32,
    // struct tcache_perthread_struct: counts of 2 bytes, then heads of lists.
    CACHE_CHUNK = 0x290, CACHE_BINS = 64, CACHE_HEADS = 128,
};
static const uintptr_t heap_bytes = (uintptr_t)64 << 20;

static uint64_t word(uintptr_t address) { return *(const volatile uint64_t *)address; }

uint64_t memscope_glibc_usable_size(uintptr_t block) {
    uint64_t size = word(block - 8), bytes = size & ~UINT64_C(7);
    if (bytes < SMALLEST_CHUNK || (bytes & 15) != 0 || bytes >> 40 != 0) return 0;
    return (size & 2) ? bytes - CHUNK_HEADER : bytes - 8;
}

static bool is_empty_bin(uintptr_t bin) { return word(bin) == bin - 16 && word(bin + 8) == bin - 16; }

// The main arena has no symbol. Most of its bins are empty, and an empty bin points to itself. The same holds a few bins before
// or behind it; so the last one, of the largest blocks, must be empty, or else the top chunk must be the end of the heap.
static bool is_arena(uintptr_t at, uintptr_t heap, uintptr_t heap_end) {
    uint64_t top = word(at + STATE_TOP);
    if (top < heap || top > heap_end - CHUNK_HEADER || (top & 15) != 0) return false;
    uintptr_t first = at + STATE_BINS, behind = first + 16 * BINS;
    unsigned empty = 0;
    for (uintptr_t bin = first; bin < behind; bin += 16) empty += is_empty_bin(bin);
    if (empty < 60 || is_empty_bin(behind)) return false;
    return is_empty_bin(behind - 16) || top + (word(top + 8) & ~UINT64_C(7)) == heap_end;
}

static uintptr_t find_main_arena(uintptr_t heap, uintptr_t heap_end) {
    uintptr_t code = (uintptr_t)memscope_next.malloc;
    for (uint32_t i = 0; i < memscope_module_count; i++) {
        const struct memscope_module *module = &memscope_modules[i];
        if (module->generation != 0 || code < module->start || code >= module->end) continue;
        for (uint32_t s = 0; s < module->segment_count; s++) {
            if (!(module->segments[s].flags & 2 /* PF_W */)) continue;
            uintptr_t end = module->segments[s].end;
            for (uintptr_t at = (module->segments[s].start + 7) & ~(uintptr_t)7; at + STATE_BYTES <= end; at += 8)
                if (is_arena(at, heap, heap_end)) return at;
        }
    }
    return 0;
}

// What finds no room stays a root as a whole.
static bool add_region(struct memscope_glibc_heap *heap, struct memscope_glibc_region region) {
    if (heap->count == MEMSCOPE_HEAPS) {
        heap->unclear_bytes += region.end - region.start;
        return false;
    }
    heap->regions[heap->count++] = region;
    return true;
}

// The mapping may have been split by whoever changed the protection of a page of a block.
static void find_main_heap(struct memscope_glibc_heap *heap, const struct memscope_memory_map *map,
                           struct memscope_range_list *excluded) {
    uintptr_t start = 0, end = 0;
    for (uint32_t i = 0; i < map->count; i++) {
        if (!(map->mappings[i].flags & MEMSCOPE_MAPPING_HEAP)) continue;
        if (start == 0) start = map->mappings[i].start;
        end = map->mappings[i].end;
    }
    if (start == 0) return;
    // Without randomised addresses it begins in the executable's last page.
    for (uint32_t i = 0; i < memscope_module_count; i++)
        if (memscope_modules[i].generation == 0 && memscope_modules[i].end > start && memscope_modules[i].end <= end)
            start = (memscope_modules[i].end + 4095) & ~(uintptr_t)4095;
    uintptr_t arena = memscope_guard_begin() ? find_main_arena(start, end) : 0;
    heap->found_arenas = arena != 0;
    if (add_region(heap, (struct memscope_glibc_region){start, end, start, arena})) memscope_range_list_add(excluded, start, end);
    if (arena) memscope_range_list_add(excluded, arena, arena + STATE_BYTES);
}

// A thread arena's heap is aligned to its largest size, and begins with a heap_info: the arena, the heap before it, its size,
// and how much of it can be read and written. The first one of an arena has the malloc_state right behind that.
static void look_for_heap(struct memscope_glibc_heap *heap, const struct memscope_memory_map *map, uintptr_t at,
                          struct memscope_range_list *excluded) {
    if (!memscope_guard_begin()) return;
    uint64_t arena = word(at), size = word(at + 16), accessible = word(at + 24), header = arena & (heap_bytes - 1);
    if ((header != 0x20 && header != 0x30) || size < 4096 || size > accessible || accessible > heap_bytes) return;
    const struct memscope_memory_mapping *mapping = memscope_memory_map_at(map, arena);
    if (!mapping || mapping->start > arena || !(mapping->flags & MEMSCOPE_MAPPING_WRITABLE)) return;
    uintptr_t first = at + header;
    if (arena == first) first = ((arena + STATE_BYTES + 15) & ~(uintptr_t)15);
    if (add_region(heap, (struct memscope_glibc_region){at, at + size, first, arena}))
        memscope_range_list_add(excluded, at, at + accessible);
}

bool memscope_glibc_heap_find(struct memscope_glibc_heap *heap, const struct memscope_memory_map *map,
                              struct memscope_range_list *excluded) {
    *heap = (struct memscope_glibc_heap){.regions = memscope_map(MEMSCOPE_HEAPS * sizeof *heap->regions)};
    if (!heap->regions || !memscope_range_list_start(&heap->earlier, 1 << 26)) return false;
    find_main_heap(heap, map, excluded);
    const uint32_t usual = MEMSCOPE_MAPPING_READABLE | MEMSCOPE_MAPPING_WRITABLE;
    for (uint32_t i = 0; i < map->count; i++) {
        if (map->mappings[i].flags != usual) continue;
        uintptr_t at = (map->mappings[i].start + heap_bytes - 1) & ~(heap_bytes - 1);
        for (; at + 4096 <= map->mappings[i].end; at += heap_bytes) look_for_heap(heap, map, at, excluded);
    }
    return true;
}

static void note_unclear(struct memscope_glibc_heap *heap, uintptr_t start, uintptr_t end) {
    memscope_range_list_add(&heap->earlier, start, end);
    if (end > start) heap->unclear_bytes += end - start;
}

// The chunks of [chunk, limit), none of which is known.
static void walk_gap(struct memscope_glibc_heap *heap, const struct memscope_glibc_region *region, uintptr_t top,
                     uintptr_t chunk, uintptr_t limit) {
    while (chunk + SMALLEST_CHUNK <= limit && chunk != top) {
        uint64_t size = word(chunk + 8) & ~UINT64_C(7);
        // What ends a heap that could not grow further.
        if (size <= CHUNK_HEADER && region->end - chunk <= 64) return;
        if (size < SMALLEST_CHUNK || (size & 15) != 0 || size > limit - chunk) {
            note_unclear(heap, chunk, limit);
            return;
        }
        uintptr_t next = chunk + size;
        // The end of a heap is the end of its last chunk, which is free.
        if (next + CHUNK_HEADER > region->end) return;
        if (word(next + 8) & 1) memscope_range_list_add(&heap->earlier, chunk + CHUNK_HEADER, next + 8);
        chunk = next;
    }
}

// Between two known blocks there is a chunk only if they are 32 bytes further apart than the first one's request explains.
static void walk_region(struct memscope_glibc_heap *heap, const struct memscope_block_index *index,
                        const struct memscope_glibc_region *region) {
    uintptr_t top = region->arena ? word(region->arena + STATE_TOP) : 0;
    if (top < region->start || top >= region->end) top = 0;
    uint32_t block = memscope_block_index_first_behind(index, region->start);
    uintptr_t known = 0, certain_end = region->first_chunk;
    for (;; block++) {
        bool is_last = block == index->count || index->blocks[block].address >= region->end;
        uintptr_t limit = is_last ? region->end : index->blocks[block].address - CHUNK_HEADER;
        if (limit >= certain_end + SMALLEST_CHUNK) {
            uintptr_t chunk = known ? known - CHUNK_HEADER + (word(known - 8) & ~UINT64_C(7)) : region->first_chunk;
            if (chunk < certain_end || chunk > limit) note_unclear(heap, certain_end, limit);
            else walk_gap(heap, region, top, chunk, limit);
        }
        if (is_last) return;
        known = index->blocks[block].address;
        uint64_t size = (memscope_block_size(&index->blocks[block]) + 8 + 15) & ~UINT64_C(15);
        certain_end = known - CHUNK_HEADER + (size < SMALLEST_CHUNK ? SMALLEST_CHUNK : size);
    }
}

// Drops a free block from the list of those in use. False when it is not there.
static bool drop(struct memscope_range_list *list, uintptr_t block) {
    uint32_t i = memscope_range_list_first_behind(list, block);
    if (i == list->count || list->ranges[i].start != block) return false;
    // Empty, but in its place: the list stays sorted.
    list->ranges[i].start = list->ranges[i].end - 1;
    return true;
}

// False when something in the list is no free block: its links are not mangled as we take them to be.
static bool drop_list(struct memscope_range_list *list, uintptr_t block, uint64_t most) {
    for (; block && most > 0; most--, block = word(block) ^ block >> 12)
        if ((block & 15) != 0 || !drop(list, block)) return false;
    return true;
}

// A thread's cache of free blocks, which lie in the heap as if they were in use.
static bool is_cache(const struct memscope_address_range *range) {
    if (range->end - range->start != CACHE_CHUNK - 8) return false;
    for (unsigned i = 0; i < CACHE_BINS; i++) {
        uint16_t blocks = *(const volatile uint16_t *)(range->start + 2 * i);
        uint64_t head = word(range->start + CACHE_HEADS + 8 * i);
        if ((blocks == 0) != (head == 0) || (head & 15) != 0) return false;
    }
    return true;
}

static void drop_free_blocks(struct memscope_glibc_heap *heap) {
    struct memscope_range_list *list = &heap->earlier;
    for (uint32_t i = 0; i < list->count; i++) {
        struct memscope_address_range range = list->ranges[i];
        if (!is_cache(&range)) continue;
        heap->found_caches = true;
        for (unsigned bin = 0; bin < CACHE_BINS; bin++)
            if (!drop_list(list, word(range.start + CACHE_HEADS + 8 * bin), *(const volatile uint16_t *)(range.start + 2 * bin)))
                heap->has_other_lists = true;
    }
    for (uint32_t i = 0; i < heap->count; i++) {
        if (!heap->regions[i].arena) continue;
        for (unsigned bin = 0; bin < FAST_BINS; bin++) {
            uint64_t chunk = word(heap->regions[i].arena + STATE_FAST_BINS + 8 * bin);
            // Heads and links are chunks here; the link is in the chunk's first word that can be used.
            while (chunk && (chunk & 15) == 0 && drop(list, chunk + CHUNK_HEADER))
                chunk = word(chunk + CHUNK_HEADER) ^ (chunk + CHUNK_HEADER) >> 12;
        }
    }
}

void memscope_glibc_heap_list_earlier(struct memscope_glibc_heap *heap, const struct memscope_block_index *index) {
    for (volatile uint32_t i = 0; i < heap->count; i++) {
        uint32_t before = heap->earlier.count;
        if (memscope_guard_begin()) {
            walk_region(heap, index, &heap->regions[i]);
        } else {
            // A page of it cannot be read: whatever is no known block may be one in use.
            heap->earlier.count = before;
            note_unclear(heap, heap->regions[i].start, heap->regions[i].end);
        }
    }
    // Regions are in address order, and so are the chunks of each, unless one was given up.
    memscope_range_list_sort(&heap->earlier);
    if (memscope_guard_begin()) drop_free_blocks(heap);
}
