#define _GNU_SOURCE
#include "graph.h"

#include "../Attribution/scope.h"
#include "../Capture/closure_table.h"
#include "../Capture/content.h"
#include "../Capture/census_type.h"
#include "../Capture/guarded_read.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"
#include "../Shadow/shadow.h"
#include "../SwiftRuntime/block_type.h"
#include "../SwiftRuntime/field_names.h"
#include "bit_count.h"
#include "counted_words.h"
#include "graph_places.h"
#include "graph_tasks.h"
#include "object_counts.h"

struct block_element {
    uint64_t address, size;
    uint32_t site, context, type, flags, first_edge, edge_count;
};
_Static_assert(sizeof(struct block_element) == 40, "as Docs/capture-format.md says");

struct edge_element { uint32_t to, offset, kind, closure; };
_Static_assert(sizeof(struct edge_element) == 16, "as Docs/capture-format.md says");
_Static_assert(sizeof(struct memscope_root) == 24, "as Docs/capture-format.md says");

// How many blocks ahead of the one that is read are fetched.
enum { AHEAD = 8 };

enum edge_kind : uint32_t { EDGE_STRONG = 0, EDGE_WEAK = 1 };

// A word on its way, as in mark.c; what passes both rings comes out in the order in which it went in.
struct edge {
    uint64_t candidate;
    /// The word before it, which is the code if this is a closure.
    uint64_t beside;
    uint32_t holder, offset, before;
    enum edge_kind kind;
};

struct graph {
    struct memscope_writer *writer;
    const struct memscope_marking *mark;
    const struct memscope_block_index *index;
    struct memscope_graph_places places;
    struct memscope_closure_table closures;
    /// Of each block in the section, how many edges it has.
    uint32_t *edge_counts;
    struct edge offered[MEMSCOPE_MARK_RING], fetched[MEMSCOPE_MARK_RING];
    uint32_t turn, fetched_turn;
    /// What is being searched: a block, and from which of its bytes on.
    uint32_t holder;
    uint64_t from;
};

static inline void settle(struct graph *graph, const struct edge *edge) {
    uintptr_t address = edge->candidate & ~UINT64_C(1);
    uint32_t to = memscope_block_pointed_to(graph->index, edge->before, address);
    if (to == MEMSCOPE_NO_BLOCK || !memscope_graph_has(&graph->places, to)) return;
    // A pointer of a block into itself says nothing; one to its start may be an object's reference to itself.
    if (to == edge->holder && graph->index->blocks[to].address != address) return;
    if ((edge->candidate & 1) && graph->index->blocks[to].address != address) return;
    struct edge_element element = {.to = memscope_graph_place(&graph->places, to), .offset = edge->offset, .kind = edge->kind};
    if (graph->mark->knows_swift && graph->index->blocks[to].address == address)
        element.closure = memscope_closure_index(&graph->closures, memscope_closure_code(edge->beside));
    memscope_writer_add_sized(graph->writer, &element, sizeof element);
    graph->edge_counts[memscope_graph_place(&graph->places, edge->holder)]++;
}

// In memory before the next word is read, because that may fault, and the order must hold.
static inline struct edge put(struct edge *ring, uint32_t *turn, struct edge edge) {
    struct edge *slot = &ring[*turn % MEMSCOPE_MARK_RING], old = *slot;
    *slot = edge;
    *turn += 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return old;
}

__attribute__((always_inline)) static inline void look_up(struct graph *graph, struct edge edge) {
    const struct memscope_page_line *line = memscope_page_line(graph->index, edge.candidate);
    if (!line || (edge.before = memscope_block_before(line, edge.candidate)) == MEMSCOPE_NO_BLOCK) return;
    __builtin_prefetch(&graph->index->blocks[edge.before]);
    memscope_graph_prefetch_place(&graph->places, edge.before);
    struct edge old = put(graph->fetched, &graph->fetched_turn, edge);
    if (old.candidate) settle(graph, &old);
}

__attribute__((always_inline)) static inline void offer(struct graph *graph, struct edge edge) {
    struct edge old = put(graph->offered, &graph->turn, edge);
    __builtin_prefetch(memscope_page_line(graph->index, edge.candidate));
    if (old.candidate) look_up(graph, old);
}

// From the oldest on.
__attribute__((always_inline)) static inline void empty_rings(struct graph *graph) {
    for (uint32_t i = 0; i < MEMSCOPE_MARK_RING; i++) {
        struct edge old = put(graph->offered, &graph->turn, (struct edge){0});
        if (old.candidate) look_up(graph, old);
    }
    for (uint32_t i = 0; i < MEMSCOPE_MARK_RING; i++) {
        struct edge old = put(graph->fetched, &graph->fetched_turn, (struct edge){0});
        if (old.candidate) settle(graph, &old);
    }
}

static inline uint64_t word_at(const struct memscope_block *block, uint64_t at) {
    return ((const volatile struct memscope_unaligned_word *)(block->address + at))->word;
}

__attribute__((always_inline)) static inline void search_word(struct graph *graph, uint64_t word, const struct memscope_block *block,
                                                              uint64_t at, uint64_t counted_from) {
    uintptr_t low = graph->index->low, span = graph->index->high - low;
    struct edge edge = {.candidate = memscope_pointer_untagged(word), .holder = graph->holder, .offset = (uint32_t)at};
    if (edge.candidate - low < span) {
        // Only what was read before it can be read.
        if (at >= graph->from + 8) edge.beside = word_at(block, at - 8);
        if (at < counted_from) edge.kind = EDGE_WEAK;
        offer(graph, edge);
    }
    if (!memscope_pointer_is_side_table(word)) return;
    edge.candidate = memscope_pointer_side_table(word) | 1;
    if ((edge.candidate & ~UINT64_C(1)) - low < span) offer(graph, edge);
}

// The words from every byte on.
static void search_bytes(struct graph *graph, const struct memscope_block *block) {
    uint64_t size = memscope_block_size(block);
    if (size > UINT32_MAX) size = UINT32_MAX;
    for (uint64_t at = graph->from; at + 8 <= size; at++) search_word(graph, word_at(block, at), block, at, 0);
}

__attribute__((always_inline)) static inline void search(struct graph *graph, uint32_t holder) {
    const struct memscope_block_index *index = graph->index;
    const struct memscope_block *block = &index->blocks[holder];
    uintptr_t low = index->low, span = index->high - low;
    if (__builtin_expect(graph->mark->is_unaligned, 0)) {
        search_bytes(graph, block);
        return;
    }
    uint64_t size = memscope_block_size(block) & ~UINT64_C(7), at = graph->from;
    // A block may have more bytes than an edge can say; what lies beyond is not looked at.
    if (size > UINT32_MAX) size = UINT32_MAX & ~UINT64_C(7);
    struct memscope_counted_words counted = {.from = 0, .to = size};
    // Behind a fault the block is taken as it is.
    if (graph->mark->knows_swift && at == 0) counted = memscope_counted_words_of(index, block);
    if (counted.to < size) size = counted.to & ~UINT64_C(7);
    const volatile uint64_t *words = (const volatile uint64_t *)block->address;
    // Four words together lie in one page: when that cannot be read, nothing before it is lost.
    for (; at < size && (block->address + at) % 32 != 0; at += 8) search_word(graph, words[at / 8], block, at, counted.from);
    for (; at + 32 <= size; at += 32) {
        const uint64_t four[4] = {words[at / 8], words[at / 8 + 1], words[at / 8 + 2], words[at / 8 + 3]};
        if (!memscope_pointer_any_candidate(four, low, span)) continue;
        for (unsigned i = 0; i < 4; i++) search_word(graph, four[i], block, at + 8 * i, counted.from);
    }
    for (; at < size; at += 8) search_word(graph, words[at / 8], block, at, counted.from);
}

__attribute__((always_inline)) static inline void search_all(struct graph *graph) {
    const struct memscope_block_index *index = graph->index;
    for (; graph->holder < index->count; graph->holder++) {
        if (graph->holder + AHEAD < index->count)
            __builtin_prefetch((const void *)index->blocks[graph->holder + AHEAD].address);
        if (memscope_graph_has(&graph->places, graph->holder)) search(graph, graph->holder);
        graph->from = 0;
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    }
    empty_rings(graph);
}

// After a fault: the block goes on with the next page. What faulted outside of it is what its first word leads to.
static void pass_over(struct graph *graph) {
    const struct memscope_block *block = &graph->index->blocks[graph->holder];
    uintptr_t next = (memscope_guard_address | 4095) + 1;
    bool is_inside = memscope_guard_address - block->address < memscope_block_size(block);
    graph->from = is_inside ? (next - block->address + 7) & ~UINT64_C(7) : graph->from + 8;
}

MEMSCOPE_COUNTS_BITS(search_blocks, struct graph *, graph, { search_all(graph); })

static uint32_t type_of(const struct memscope_block *block, struct memscope_type_table *types, uint32_t *flags, uint64_t usual) {
    if (!memscope_guard_begin()) return memscope_type_index(types, usual);
    uint64_t size = memscope_block_size(block);
    if (memscope_block_types_available() && memscope_block_is_dead(block->address, size)) *flags |= MEMSCOPE_GRAPH_DEAD;
    return memscope_type_index(types, memscope_census_type(block->address, size));
}

static void write_blocks(const struct graph *graph, const struct memscope_context_table *contexts, struct memscope_type_table *types) {
    struct block_element element = {0};
    memscope_writer_section(graph->writer, MEMSCOPE_SECTION_GRAPH_BLOCKS, sizeof element);
    uint32_t edges = 0;
    for (uint32_t i = 0; i < graph->index->count; i++) {
        if (i + AHEAD < graph->index->count) __builtin_prefetch((const void *)graph->index->blocks[i + AHEAD].address);
        if (!memscope_graph_has(&graph->places, i)) continue;
        const struct memscope_block *block = &graph->index->blocks[i];
        const uint64_t *entry = memscope_shadow_find(block->address);
        uint32_t site = entry ? (uint32_t)(*entry >> MEMSCOPE_LEAF_SHIFT) & MEMSCOPE_LEAF_INDEX_MASK : 0;
        uint32_t context = entry ? (uint32_t)(*entry >> MEMSCOPE_CONTEXT_SHIFT) & MEMSCOPE_CONTEXT_MASK : 0;
        uint32_t row = context < contexts->context_count ? contexts->row_of[context] : 0;
        element.address = ~block->address;  // else whoever reads the file in this process has a reference to the block
        element.size = memscope_block_size(block);
        element.site = site < memscope_cut.leaves ? site : 0;
        element.context = row ? row - 1 : 0;
        bool is_held_by_ignored = block->size_and_mark & MEMSCOPE_BLOCK_HELD_BY_IGNORED;
        element.flags = memscope_block_is_marked(block) && !is_held_by_ignored ? MEMSCOPE_GRAPH_REACHABLE : 0;
        if (is_held_by_ignored) element.flags |= MEMSCOPE_GRAPH_IGNORED;
        if (memscope_cut.run && memscope_run_has_context(memscope_cut.run, context)) element.flags |= MEMSCOPE_GRAPH_OF_RUN;
        element.type = type_of(block, types, &element.flags, memscope_engine.leaves[site].type);
        element.first_edge = edges;
        element.edge_count = graph->edge_counts[memscope_graph_place(&graph->places, i)];
        edges += element.edge_count;
        memscope_writer_add_sized(graph->writer, &element, sizeof element);
    }
}

bool memscope_graph_write(struct memscope_writer *writer, const struct memscope_marking *mark, bool whole,
                          const struct memscope_context_table *contexts, const struct memscope_task_table *tasks,
                          struct memscope_type_table *types) {
    // Addresses of blocks are in it: see leak_scan.c.
    struct graph *graph = memscope_map(sizeof *graph);
    if (!graph) return false;
    *graph = (struct graph){.writer = writer, .mark = mark, .index = mark->index};
    // Nothing is pending any more.
    uint32_t count = memscope_graph_place_all(&graph->places, mark->index, whole ? NULL : mark->pending);
    graph->edge_counts = memscope_map(((size_t)count + 1) * sizeof *graph->edge_counts);
    if (!graph->edge_counts || !memscope_closure_table_start(&graph->closures)) return false;
    memscope_writer_section(writer, MEMSCOPE_SECTION_GRAPH_EDGES, sizeof(struct edge_element));
    if (!memscope_guard_begin()) pass_over(graph);
    search_blocks(graph);
    memscope_closure_table_write(&graph->closures, writer, MEMSCOPE_SECTION_CLOSURES);
    write_blocks(graph, contexts, types);
    memscope_graph_tasks_write(writer, &graph->places, tasks);
    if (whole) {
        memscope_writer_section(writer, MEMSCOPE_SECTION_ROOTS, sizeof(struct memscope_root));
        for (uint32_t i = 0; i < mark->root_count; i++) memscope_writer_add(writer, &mark->roots[i]);
        memscope_object_counts_write(writer, mark->index);
    }
    return true;
}
