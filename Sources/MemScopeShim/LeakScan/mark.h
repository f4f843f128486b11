// Marking what can be reached.
//
// Roots are searched first, then the contents of what was marked, until nothing is left:
//
//     word ─▶ candidate ─▶ ring: its page's line is fetched ─▶ ring: its block's entry is fetched ─▶ marked, pending
//
// Each word passes two rings of 32, in which memory that it needs is on its way, because nearly all of the time of a scan is
// waiting for memory. What is in the rings is there in memory, so that a read that faults loses nothing.
#ifndef MEMSCOPE_MARK_H
#define MEMSCOPE_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "block_index.h"
#include "memory_map.h"
#include "pointer_word.h"

#pragma clang assume_nonnull begin

/// What a root is. The values are those of the capture file.
enum memscope_root_kind : uint32_t {
    MEMSCOPE_ROOT_GLOBAL = 1,
    MEMSCOPE_ROOT_STACK = 2,
    MEMSCOPE_ROOT_REGISTER = 3,
    MEMSCOPE_ROOT_THREAD_LOCAL = 4,
    MEMSCOPE_ROOT_MAPPING = 5,
    MEMSCOPE_ROOT_TASK = 6,
    MEMSCOPE_ROOT_ADDED = 7,
    MEMSCOPE_ROOT_EARLIER_BLOCK = 8,
};

/// A root that leads to a block. An element of the capture's section of roots.
struct memscope_root {
    /// Where the pointer is; 0 for a register, and for what is not in memory.
    uint64_t place;
    uint32_t block;
    enum memscope_root_kind kind;
    /// Offset of the module's or the thread's name.
    uint32_t name;
    /// On a stack or in a register: the index + 1 of the running function that it belongs to, or why there is none
    /// (stack_owners.h). Else 0.
    uint32_t function;
};

enum { MEMSCOPE_MARK_RING = 32 };

struct memscope_marking {
    struct memscope_block_index *index;
    const struct memscope_memory_map *map;
    /// Marked, but not searched yet.
    uint32_t *pending;
    uint32_t pending_count;
    /// 0 for an empty place. The lowest bit says that only a block's very start counts.
    uint64_t candidates[MEMSCOPE_MARK_RING], candidate_places[MEMSCOPE_MARK_RING];
    uint64_t fetched[MEMSCOPE_MARK_RING], fetched_places[MEMSCOPE_MARK_RING];
    uint32_t befores[MEMSCOPE_MARK_RING];
    uint32_t turn, fetched_turn;
    /// What is being searched, and what is left of it behind a page that cannot be read.
    uintptr_t at, end, rest, rest_end;
    /// Words of roots looked at, in bytes.
    uint64_t root_bytes;
    /// Whether dead objects are marked as such, and only words that count (counted_words.h) are searched.
    bool knows_swift;
    /// Whether words at addresses that are no multiple of 8 count, too.
    bool is_unaligned;
    /// The bits that a block gets when something leads to it.
    uint64_t found;
    /// For the whole graph: the roots found. Null otherwise.
    struct memscope_root *_Nullable roots;
    uint32_t root_count;
    /// How many may still be kept that were not the first to lead to their block, and how many were not.
    uint32_t more_roots;
    uint64_t unlisted_roots;
    /// Of what is being searched.
    enum memscope_root_kind root_kind;
    uint32_t root_name;
};

/// Maps what marking needs. False when there is no memory for it.
bool memscope_mark_start(struct memscope_marking *mark, struct memscope_block_index *index, const struct memscope_memory_map *map,
                         bool keep_roots);

/// Marks what the words of [start, end) point to. Pages that cannot be read, or were never touched, are passed over.
void memscope_mark_range(struct memscope_marking *mark, uintptr_t start, uintptr_t end, enum memscope_root_kind kind, uint32_t name);

/// Marks what one word points to that lies nowhere in the program's memory.
void memscope_mark_word(struct memscope_marking *mark, uint64_t word, enum memscope_root_kind kind);

/// Marks what is pointed to from the marked blocks, and so on. After all roots.
void memscope_mark_drain(struct memscope_marking *mark);

#pragma clang assume_nonnull end
#endif
