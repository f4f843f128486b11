// Which blocks a capture's graph has, and where in its section of blocks each is.
#ifndef MEMSCOPE_GRAPH_PLACES_H
#define MEMSCOPE_GRAPH_PLACES_H

#include "block_index.h"

#pragma clang assume_nonnull begin

struct memscope_graph_places {
    const struct memscope_block_index *index;
    /// Of each block its place; null when the graph has all blocks, and a block's place is its index.
    uint32_t *_Nullable of_block;
};

/// Whether the graph has a block: one that nothing leads to, or that is dead, or any if it is the whole graph.
static inline bool memscope_graph_has(const struct memscope_graph_places *places, uint32_t block) {
    uint64_t marks = places->index->blocks[block].size_and_mark & (MEMSCOPE_BLOCK_MARK | MEMSCOPE_BLOCK_DEAD);
    return !places->of_block || marks != MEMSCOPE_BLOCK_MARK;
}

/// The place of a block that the graph has.
static inline uint32_t memscope_graph_place(const struct memscope_graph_places *places, uint32_t block) {
    return places->of_block ? places->of_block[block] : block;
}

/// Has the place of a block fetched, which is asked for soon.
static inline void memscope_graph_prefetch_place(const struct memscope_graph_places *places, uint32_t block) {
    if (places->of_block) __builtin_prefetch(&places->of_block[block]);
}

/// Gives each block that the graph has its place. Returns how many there are.
/// @param room One element for each block; null for the whole graph.
static inline uint32_t memscope_graph_place_all(struct memscope_graph_places *places, const struct memscope_block_index *index,
                                                uint32_t *_Nullable room) {
    *places = (struct memscope_graph_places){.index = index, .of_block = room};
    if (!room) return index->count;
    uint32_t count = 0;
    for (uint32_t i = 0; i < index->count; i++)
        if (memscope_graph_has(places, i)) room[i] = count++;
    return count;
}

#pragma clang assume_nonnull end
#endif
