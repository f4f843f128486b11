#define _GNU_SOURCE
#include "mark.h"

#include <string.h>
#include <sys/mman.h>

#include "../Capture/guarded_read.h"
#include "../Lifecycle/mapping.h"
#include "../SwiftRuntime/block_type.h"
#include "../SwiftRuntime/metadata_layout.h"
#include "bit_count.h"
#include "counted_words.h"

enum { PAGE = 4096, SPARSE = 1 << 20, CHUNK = 512, AHEAD = 4, LINES = 12, MORE_ROOTS = 1 << 16 };

bool memscope_mark_start(struct memscope_marking *mark, struct memscope_block_index *index, const struct memscope_memory_map *map,
                         bool keep_roots) {
    *mark = (struct memscope_marking){.index = index, .map = map, .found = MEMSCOPE_BLOCK_MARK};
    mark->pending = memscope_map(((size_t)index->count + 1) * sizeof *mark->pending);
    mark->more_roots = index->count + MORE_ROOTS;
    if (keep_roots) mark->roots = memscope_map(((size_t)index->count + mark->more_roots) * sizeof *mark->roots);
    return mark->pending && (mark->roots || !keep_roots);
}

static inline void note_root(struct memscope_marking *mark, uint64_t place, uint32_t block) {
    mark->roots[mark->root_count++] = (struct memscope_root){
        .place = mark->root_kind == MEMSCOPE_ROOT_REGISTER ? 0 : place, .block = block, .kind = mark->root_kind, .name = mark->root_name};
}

// Each block's first root has its place; of the others as many are kept as there is room for.
static __attribute__((noinline)) void note_another_root(struct memscope_marking *mark, uint64_t place, uint32_t block) {
    if (mark->more_roots == 0) {
        mark->unlisted_roots++;
        return;
    }
    mark->more_roots--;
    note_root(mark, place, block);
}

// The third stage: the entry is there.
static inline void settle(struct memscope_marking *mark, uint64_t candidate, uint64_t place, uint32_t before) {
    uintptr_t address = candidate & ~UINT64_C(1);
    uint32_t found = memscope_block_pointed_to(mark->index, before, address);
    if (found == MEMSCOPE_NO_BLOCK) return;
    struct memscope_block *block = &mark->index->blocks[found];
    if ((candidate & 1) && block->address != address) return;
    if (memscope_block_is_marked(block)) {
        if (mark->roots && mark->root_kind) note_another_root(mark, place, found);
        return;
    }
    block->size_and_mark |= mark->found;
    mark->pending[mark->pending_count] = found;
    // In memory before the next word is read, because that may fault.
    *(volatile uint32_t *)&mark->pending_count = mark->pending_count + 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    __builtin_prefetch((const void *)block->address);
    if (mark->roots && mark->root_kind) note_root(mark, place, found);
}

// The second stage: the line is there.
__attribute__((always_inline)) static inline void look_up(struct memscope_marking *mark, uint64_t candidate, uint64_t place) {
    const struct memscope_page_line *line = memscope_page_line(mark->index, candidate);
    if (!line) return;
    uint32_t before = memscope_block_before(line, candidate);
    if (before == MEMSCOPE_NO_BLOCK) return;
    __builtin_prefetch(&mark->index->blocks[before]);
    uint32_t slot = mark->fetched_turn++ % MEMSCOPE_MARK_RING;
    uint64_t old = mark->fetched[slot], old_place = mark->fetched_places[slot];
    uint32_t old_before = mark->befores[slot];
    mark->fetched[slot] = candidate;
    mark->fetched_places[slot] = place;
    mark->befores[slot] = before;
    if (old) settle(mark, old, old_place, old_before);
}

__attribute__((always_inline)) static inline void offer(struct memscope_marking *mark, uint64_t candidate, uint64_t place) {
    uint32_t slot = mark->turn++ % MEMSCOPE_MARK_RING;
    uint64_t old = mark->candidates[slot], old_place = mark->candidate_places[slot];
    mark->candidates[slot] = candidate;
    mark->candidate_places[slot] = place;
    __builtin_prefetch(memscope_page_line(mark->index, candidate));
    if (old) look_up(mark, old, old_place);
}

__attribute__((always_inline)) static inline void empty_rings(struct memscope_marking *mark) {
    for (uint32_t i = 0; i < MEMSCOPE_MARK_RING; i++) {
        uint64_t candidate = mark->candidates[i];
        mark->candidates[i] = 0;
        if (candidate) look_up(mark, candidate, mark->candidate_places[i]);
    }
    for (uint32_t i = 0; i < MEMSCOPE_MARK_RING; i++) {
        uint64_t candidate = mark->fetched[i];
        mark->fetched[i] = 0;
        if (candidate) settle(mark, candidate, mark->fetched_places[i], mark->befores[i]);
    }
}

__attribute__((always_inline)) static inline void search_word(struct memscope_marking *mark, uint64_t word, uintptr_t at, uintptr_t low,
                                                              uintptr_t span) {
    uint64_t candidate = memscope_pointer_untagged(word);
    if (candidate - low < span) offer(mark, candidate, at);
    if (!memscope_pointer_is_side_table(word)) return;
    uint64_t table = memscope_pointer_side_table(word);
    if (table - low < span) offer(mark, table | 1, at);
}

__attribute__((always_inline)) static inline void search_words(struct memscope_marking *mark, uintptr_t at, uintptr_t end) {
    uintptr_t low = mark->index->low, span = mark->index->high - low;
    for (; end - at >= 32; at += 32) {
        const volatile uint64_t *words = (const volatile uint64_t *)at;
        const uint64_t four[4] = {words[0], words[1], words[2], words[3]};
        if (!memscope_pointer_any_candidate(four, low, span)) continue;
        for (unsigned i = 0; i < 4; i++) search_word(mark, four[i], at + 8 * i, low, span);
    }
    for (; at < end; at += 8) search_word(mark, *(const volatile uint64_t *)at, at, low, span);
}

// The words from every byte on.
__attribute__((always_inline)) static inline void search_bytes(struct memscope_marking *mark, uintptr_t at, uintptr_t end) {
    uintptr_t low = mark->index->low, span = mark->index->high - low;
    for (; at + 8 <= end; at++) {
        uint64_t word = ((const volatile struct memscope_unaligned_word *)at)->word;
        search_word(mark, word, at, low, span);
    }
}

__attribute__((always_inline)) static inline void search_piece(struct memscope_marking *mark, uintptr_t at, uintptr_t end) {
    if (__builtin_expect(mark->is_unaligned, 0)) search_bytes(mark, at, end);
    else search_words(mark, at, end);
}

// Only pages that were ever touched: a program may reserve far more than it uses.
__attribute__((always_inline)) static inline void search_sparsely(struct memscope_marking *mark, uintptr_t end) {
    static unsigned char touched[CHUNK];
    while (mark->at < end) {
        uintptr_t page = mark->at & ~(uintptr_t)(PAGE - 1);
        uint32_t count = end - page > (uintptr_t)CHUNK * PAGE ? CHUNK : (uint32_t)((end - page + PAGE - 1) / PAGE);
        if (!memscope_memory_map_touched(mark->map, page, count, touched)) memset(touched, 1, sizeof touched);
        for (uint32_t i = 0; i < count; i++) {
            uintptr_t next = page + (uintptr_t)(i + 1) * PAGE;
            if (next > end) next = end;
            // A word may begin on one page and end on the next.
            uintptr_t reach = mark->is_unaligned && end - next >= 7 ? next + 7 : next;
            if (touched[i]) search_piece(mark, mark->at, reach);
            *(volatile uintptr_t *)&mark->at = next;
        }
    }
}

// The range that is set, and what is left behind a page of it that could not be read.
__attribute__((always_inline)) static inline void search_range(struct memscope_marking *mark) {
    for (;;) {
        if (mark->end - mark->at > SPARSE) search_sparsely(mark, mark->end);
        else search_piece(mark, mark->at, mark->end);
        if (mark->rest == 0) break;
        mark->end = mark->rest_end;
        mark->at = mark->rest;
        *(volatile uintptr_t *)&mark->rest = 0;
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    }
    mark->at = mark->end = 0;
}

static void set_range(struct memscope_marking *mark, uintptr_t start, uintptr_t end) {
    if (!mark->is_unaligned) {
        start = (start + 7) & ~(uintptr_t)7;
        end &= ~(uintptr_t)7;
    }
    mark->at = start;
    mark->end = end > start ? end : start;
    mark->rest = 0;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

// After a fault: the words before it are searched again, which does no harm, then those behind what cannot be read.
static void pass_over(struct memscope_marking *mark) {
    uintptr_t fault = memscope_guard_address & ~(uintptr_t)(PAGE - 1), next = fault + PAGE;
    // It was what the first word of a block led to: then that is no side table.
    if (fault + PAGE <= mark->at || fault >= mark->end) return;
    const struct memscope_memory_mapping *mapping = memscope_memory_map_at(mark->map, next);
    while (mapping && mapping->start < mark->end && !(mapping->flags & MEMSCOPE_MAPPING_READABLE)) {
        next = mapping->end;
        mapping = memscope_memory_map_at(mark->map, next);
    }
    if (next < mark->end) {
        mark->rest = next;
        mark->rest_end = mark->end;
    }
    mark->end = fault > mark->at ? fault : mark->at;
}

// First cheaply, by what would be its counts: of few blocks they look so.
static inline bool is_dead(const struct memscope_block *block) {
    if (memscope_block_size(block) < 16) return false;
    uint64_t counts = *(const volatile uint64_t *)(block->address + 8);
    bool may_be = ((counts & 1) && (counts & SWIFT_COUNTS_DEINITING)) || memscope_pointer_is_side_table(counts);
    return may_be && memscope_block_is_dead(block->address, memscope_block_size(block));
}

// What will be searched soon if nothing new is found: first its entry, then its first lines.
static inline void fetch_ahead(const struct memscope_marking *mark) {
    const uint32_t *top = &mark->pending[mark->pending_count];
    if (mark->pending_count > 2 * AHEAD) __builtin_prefetch(&mark->index->blocks[top[-2 * AHEAD]]);
    if (mark->pending_count <= AHEAD) return;
    const struct memscope_block *block = &mark->index->blocks[top[-AHEAD]];
    uint64_t size = memscope_block_size(block);
    for (uint64_t at = 0; at < size && at < LINES * 64; at += 64) __builtin_prefetch((const void *)(block->address + at));
}

__attribute__((always_inline)) static inline void drain(struct memscope_marking *mark) {
    search_range(mark);
    for (;;) {
        while (mark->pending_count > 0) {
            fetch_ahead(mark);
            struct memscope_block *block = &mark->index->blocks[mark->pending[--mark->pending_count]];
            // First all of it: what is read to know more may fault.
            set_range(mark, block->address, block->address + memscope_block_size(block));
            if (mark->knows_swift) {
                struct memscope_counted_words counted = memscope_counted_words_of(mark->index, block);
                // What the program ignores is not said to be dead either.
                if (mark->found == MEMSCOPE_BLOCK_MARK && is_dead(block)) block->size_and_mark |= MEMSCOPE_BLOCK_DEAD;
                set_range(mark, block->address + counted.from, block->address + counted.to);
            }
            search_range(mark);
        }
        empty_rings(mark);
        if (mark->pending_count == 0) return;
    }
}

MEMSCOPE_COUNTS_BITS(search_root, struct memscope_marking *, mark, {
    search_range(mark);
    empty_rings(mark);
})
MEMSCOPE_COUNTS_BITS(drain_blocks, struct memscope_marking *, mark, { drain(mark); })

void memscope_mark_range(struct memscope_marking *mark, uintptr_t start, uintptr_t end, enum memscope_root_kind kind, uint32_t name) {
    if (mark->index->count == 0 || end <= start) return;
    mark->root_kind = kind;
    mark->root_name = name;
    mark->root_bytes += end - start;
    set_range(mark, start, end);
    while (!memscope_guard_begin()) pass_over(mark);
    search_root(mark);
}

void memscope_mark_word(struct memscope_marking *mark, uint64_t word, enum memscope_root_kind kind) {
    uint32_t block = memscope_block_at(mark->index, memscope_pointer_untagged(word));
    mark->root_kind = kind;
    mark->root_name = 0;
    if (block != MEMSCOPE_NO_BLOCK) settle(mark, memscope_pointer_untagged(word), 0, block);
}

void memscope_mark_drain(struct memscope_marking *mark) {
    if (mark->index->count == 0) return;
    mark->root_kind = 0;
    mark->at = mark->end = mark->rest = 0;
    if (!memscope_guard_begin()) pass_over(mark);
    drain_blocks(mark);
}
