// The live blocks in address order, and which block an address lies in.
//
// For each page of 4 KiB there is a line: one bit for each granule that a block starts in, and how many blocks start before
// the page. So the block that an address may lie in is found by counting bits, without a search:
//
//     blocks[line.before + bits of the line up to the address - 1]
//
// 16 bytes a block, and 32 for each page that a block touches.
#ifndef MEMSCOPE_BLOCK_INDEX_H
#define MEMSCOPE_BLOCK_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

#define MEMSCOPE_NO_BLOCK UINT32_MAX
#define MEMSCOPE_BLOCK_MARK (UINT64_C(1) << 63)
/// It looks like an object that was deinitialised.
#define MEMSCOPE_BLOCK_LOOKS_DEAD (UINT64_C(1) << 62)
/// The program said that it is no leak.
#define MEMSCOPE_BLOCK_IGNORED (UINT64_C(1) << 61)
/// It is such a block, or one leads to it; no root does.
#define MEMSCOPE_BLOCK_HELD_BY_IGNORED (UINT64_C(1) << 60)
#define MEMSCOPE_BLOCK_SIZE_MASK (MEMSCOPE_BLOCK_HELD_BY_IGNORED - 1)

struct memscope_block {
    uintptr_t address;
    /// The size that was asked for; the top bits are the four above.
    uint64_t size_and_mark;
};

struct memscope_page_line {
    uint64_t starts[2];
    uint32_t before;
    uint32_t unused[3];
};

struct memscope_block_index {
    struct memscope_block *blocks;
    uint32_t count, capacity;
    /// One pointer for each GiB of address space.
    struct memscope_page_line *_Nullable *_Nonnull pages;
    /// Every pointer to a block is in [low, high).
    uintptr_t low, high;
    /// Sum of the sizes of all blocks.
    uint64_t bytes;
    /// Whether the program said of any block that it is no leak.
    bool has_ignored;
};

enum { MEMSCOPE_PAGES_SHIFT = 30, MEMSCOPE_LINES_PER_GIB = 1 << 18 };

/// Reads the shadow. In a frozen copy only. False when there is no memory for it.
bool memscope_block_index_make(struct memscope_block_index *index);

/// The first block that ends behind `address`, or `count`. A binary search.
uint32_t memscope_block_index_first_behind(const struct memscope_block_index *index, uintptr_t address);

static inline uint64_t memscope_block_size(const struct memscope_block *block) {
    return block->size_and_mark & MEMSCOPE_BLOCK_SIZE_MASK;
}

static inline bool memscope_block_is_marked(const struct memscope_block *block) {
    return (block->size_and_mark & MEMSCOPE_BLOCK_MARK) != 0;
}

/// The line of an address below 2^47; null when no block is near.
static inline const struct memscope_page_line *_Nullable memscope_page_line(const struct memscope_block_index *index,
                                                                            uintptr_t address) {
    struct memscope_page_line *lines = index->pages[address >> MEMSCOPE_PAGES_SHIFT];
    return lines ? &lines[address >> 12 & (MEMSCOPE_LINES_PER_GIB - 1)] : lines;
}

/// The index of the last block that starts in the granule of `address` or before it. Always inline, so that it counts bits by
/// whatever instruction its caller may use.
__attribute__((always_inline)) static inline uint32_t memscope_block_before(const struct memscope_page_line *line,
                                                                            uintptr_t address) {
    unsigned granule = address >> 5 & 127;
    uint64_t low = granule < 64 ? ~UINT64_C(0) >> (63 - granule) : ~UINT64_C(0);
    uint64_t high = granule < 64 ? 0 : ~UINT64_C(0) >> (127 - granule);
    unsigned started = (unsigned)(__builtin_popcountll(line->starts[0] & low) + __builtin_popcountll(line->starts[1] & high));
    return line->before + started - 1;  // MEMSCOPE_NO_BLOCK when there is none
}

/// Whether a pointer to `address` points to the block: anywhere into it, for one of 8 bytes also just behind it, which is
/// where `new T[0]` with a cookie points.
static inline bool memscope_block_holds(const struct memscope_block *block, uintptr_t address) {
    uint64_t size = memscope_block_size(block);
    uint64_t reach = size == 8 ? 9 : size == 0 ? 1 : size;
    return address - block->address < reach;
}

/// The block that `address`, between `low` and `high`, points to, or MEMSCOPE_NO_BLOCK; `before` is what memscope_block_before gave.
static inline uint32_t memscope_block_pointed_to(const struct memscope_block_index *index, uint32_t before, uintptr_t address) {
    if (before == MEMSCOPE_NO_BLOCK) return before;
    // The block of the same granule may start behind the address.
    if (index->blocks[before].address > address && before-- == 0) return MEMSCOPE_NO_BLOCK;
    return memscope_block_holds(&index->blocks[before], address) ? before : MEMSCOPE_NO_BLOCK;
}

/// As above, from the address alone.
__attribute__((always_inline)) static inline uint32_t memscope_block_at(const struct memscope_block_index *index,
                                                                        uintptr_t address) {
    if (address - index->low >= index->high - index->low) return MEMSCOPE_NO_BLOCK;
    const struct memscope_page_line *line = memscope_page_line(index, address);
    return line ? memscope_block_pointed_to(index, memscope_block_before(line, address), address) : MEMSCOPE_NO_BLOCK;
}

#pragma clang assume_nonnull end
#endif
