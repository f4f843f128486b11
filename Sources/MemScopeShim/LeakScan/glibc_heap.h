// The GNU C library's heap: which memory belongs to it, and which of its blocks are in use though we do not know them,
// because they were allocated before tracking began, or are between the allocator's hands and ours.
//
// Such a block is a root: it may hold what is tracked. What looks unlike expected is one as well.
#ifndef MEMSCOPE_GLIBC_HEAP_H
#define MEMSCOPE_GLIBC_HEAP_H

#include <stdbool.h>
#include <stdint.h>

#include "block_index.h"
#include "memory_map.h"
#include "range_list.h"

#pragma clang assume_nonnull begin

enum { MEMSCOPE_HEAPS = 4096 };

/// A stretch of chunks, and the `malloc_state` of its arena, 0 when that was not found.
struct memscope_glibc_region {
    uintptr_t start, end, first_chunk, arena;
};

struct memscope_glibc_heap {
    struct memscope_glibc_region *regions;
    uint32_t count;
    /// Blocks in use that are unknown.
    struct memscope_range_list earlier;
    /// Bytes that are no chunks.
    uint64_t unclear_bytes;
    /// Whether a thread's cache of free blocks was found, and the main arena.
    bool found_caches, found_arenas;
    /// Whether a list of free blocks leads to something else.
    bool has_other_lists;
};

/// Finds the heap and the arenas. In a frozen copy only. False when there is no memory for it.
/// @param excluded Gets the heap's memory: it is no root as such.
bool memscope_glibc_heap_find(struct memscope_glibc_heap *heap, const struct memscope_memory_map *map,
                              struct memscope_range_list *excluded);

/// Lists the blocks in use that are not in the index. The cost is that of the gaps between known blocks.
void memscope_glibc_heap_list_earlier(struct memscope_glibc_heap *heap, const struct memscope_block_index *index);

/// The bytes that can be used of a block, 0 when its header looks unlike one. The block must be readable.
uint64_t memscope_glibc_usable_size(uintptr_t block);

#pragma clang assume_nonnull end
#endif
