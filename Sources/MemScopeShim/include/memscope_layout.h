// The memory that the hooks, the engine and the capture writer share.
//
// Nouns. A *block* is what malloc returned. A *stack* is a list of code addresses, interned as a *node* of the call
// trie. A *leaf* is a (stack, size). A *context* says on whose behalf: thread and scope. The *shadow* holds one *entry*
// per live block; a *record* is what a hook tells the engine. Entry and record are one 64-bit word:
//
//      63                    36 35                  10 9      2 1    0
//     +------------------------+----------------------+--------+------+
//     |  leaf (28), 0 = none   |  context (26)        | birth  | low  |
//     +------------------------+----------------------+--------+------+
//
// entry:  low = which 8-byte step of its 32-byte granule the block starts at, so that the address can be recovered.
// record: low = kind (alloc, free, temporary free, control). A record with leaf 0 is a control record.
// birth is a generation that the engine advances; ages have that resolution.
//
// Who writes what:
//   - shadow: the thread that allocates or frees the block. A block has one owner, and whatever hands it to another
//     thread orders the shadow too; relaxed atomics suffice.
//   - leaves, nodes, contexts: appended under the intern lock, read by anyone; an index is published only after its
//     element is complete.
//   - totals and everything in memscope_engine below `totals`: the drain thread alone.
//   - a segment's words: its thread, up to `published`; then the drain thread.
#ifndef MEMSCOPE_LAYOUT_H
#define MEMSCOPE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Tells the Swift compiler what it cannot see for itself: the function takes no lock and allocates nothing, so the drain
/// path may call it.
#if defined(__clang__)
#define MEMSCOPE_DRAIN_SAFE __attribute__((swift_attr("@_noLocks"), swift_attr("@_noAllocation")))
#else
#define MEMSCOPE_DRAIN_SAFE
#endif

#define MEMSCOPE_LEAF_BITS 28
#define MEMSCOPE_CONTEXT_BITS 26
#define MEMSCOPE_BIRTH_BITS 8
#define MEMSCOPE_LEAF_SHIFT 36
#define MEMSCOPE_CONTEXT_SHIFT 10
#define MEMSCOPE_BIRTH_SHIFT 2
/// Top bit of a leaf number in entries and records: blocks of several sizes share the leaf, and the exact size follows.
#define MEMSCOPE_LEAF_MIXED_BIT (1u << 27)
#define MEMSCOPE_LEAF_INDEX_MASK (MEMSCOPE_LEAF_MIXED_BIT - 1)
#define MEMSCOPE_CONTEXT_MASK ((UINT64_C(1) << MEMSCOPE_CONTEXT_BITS) - 1)
#define MEMSCOPE_BIRTH_MASK ((UINT64_C(1) << MEMSCOPE_BIRTH_BITS) - 1)

/// What a record says, in its two low bits.
enum memscope_record_kind : uint32_t {
    MEMSCOPE_RECORD_ALLOCATION = 0,
    MEMSCOPE_RECORD_FREE = 1,
    /// A free of the thread's latest allocation.
    MEMSCOPE_RECORD_TEMPORARY = 2,
    MEMSCOPE_RECORD_CONTROL = 3,
};

/// What a control record says, in its birth field. All but SKIP are followed by one raw word.
enum memscope_control : uint32_t {
    /// The rest of the segment is empty.
    MEMSCOPE_CONTROL_SKIP = 0,
    /// Raw word: the epoch the thread saw. Everything after it happened no earlier than that epoch began.
    MEMSCOPE_CONTROL_EPOCH = 1,
    /// Raw word: the exact size of the block of the next record, whose leaf has mixed sizes.
    MEMSCOPE_CONTROL_SIZE = 2,
    /// Raw word: the metadata address of the block of the next record, when it is not its leaf's usual one.
    MEMSCOPE_CONTROL_TYPE = 3,
};

#define MEMSCOPE_SEGMENT_BYTES 65536u
#define MEMSCOPE_SEGMENT_WORDS ((MEMSCOPE_SEGMENT_BYTES - 24u) / 8u)

/// A piece of a thread's ring. Segments form a chain; the pool takes them back when they have been drained.
struct memscope_segment {
    /// The segment that continues this one; set once, after the last word of this one was published.
    struct memscope_segment *_Nullable next;
    /// Words that the thread has completed. Atomic, release.
    uint32_t published;
    /// Words that the engine has taken.
    uint32_t consumed;
    /// Whether nothing more will come here: go to `next`. Atomic, release.
    uint32_t closed;
    uint32_t unused;
    uint64_t words[MEMSCOPE_SEGMENT_WORDS];
};

/// The engine's side of one thread's ring. Never moves; reused for another thread after the first one ended.
struct memscope_ring {
    /// The next ring in the list of all rings; set before the ring is published, then constant.
    struct memscope_ring *_Nullable next;
    /// Where the engine reads on.
    struct memscope_segment *_Nullable consumer;
    /// Set by a SIZE or TYPE control record, used and cleared by the record after it.
    uint64_t pending_size;
    uint64_t pending_type;
    /// Whether the last drain stopped at an epoch mark that belongs to the next cut.
    uint32_t stopped_at_mark;
    /// Index of the thread in memscope_engine.threads.
    uint32_t thread;
};

/// A node of the call trie: a code address below a parent. Node 0 is the root.
struct memscope_node {
    uint32_t parent;
    /// Index into the address table in the low 30 bits, kind in the top two.
    uint32_t frame;
};

#define MEMSCOPE_FRAME_ADDRESS_MASK UINT32_C(0x3fffffff)
#define MEMSCOPE_FRAME_KIND_SHIFT 30

/// How a node came to be below its parent.
enum memscope_frame_kind : uint32_t {
    MEMSCOPE_FRAME_CALL = 0,
    MEMSCOPE_FRAME_ASYNC = 1,
    MEMSCOPE_FRAME_CREATION = 2,
};

enum memscope_leaf_flag : uint32_t {
    /// Blocks of several sizes share the leaf; `mixed` holds its bytes.
    MEMSCOPE_LEAF_MIXED = 1,
    /// The stack is not whole.
    MEMSCOPE_LEAF_TRUNCATED = 2,
};

/// A (stack, size), as the hooks see it. Constant but for `type`.
struct memscope_leaf {
    uint32_t node;
    uint32_t flags;
    /// The requested size; for a mixed leaf the largest size of its class.
    uint64_t size;
    /// Metadata address of what is usually here, 0 when not known. Set once, by compare-and-swap.
    uint64_t type;
};

/// What the engine knows of a leaf. Kept apart from memscope_leaf: hooks read that one while the engine writes here.
struct memscope_leaf_totals {
    /// Copy of the leaf's size; for a mixed leaf the index of its memscope_mixed_totals, with the top bit set.
    uint64_t size;
    uint64_t allocations;
    uint64_t frees;
    uint64_t temporaries;
    /// Live blocks when the peak of generation `peak_generation` was seen. If that is not the engine's current
    /// generation, nothing has changed here since the peak: the live count is the count at the peak.
    uint32_t live_at_peak;
    uint32_t peak_generation;
};

#define MEMSCOPE_TOTALS_MIXED (UINT64_C(1) << 63)

/// Bytes of a leaf with mixed sizes.
struct memscope_mixed_totals {
    uint64_t allocated_bytes;
    uint64_t freed_bytes;
    uint64_t live_bytes_at_peak;
};

/// On whose behalf blocks were allocated, and how much.
struct memscope_context {
    uint32_t thread;
    /// Index + 1 into memscope_engine.scopes, 0 = none.
    uint32_t scope;
    /// The Swift Concurrency task; 0, not collected yet.
    uint32_t task;
    uint32_t unused;
    uint64_t allocations;
    uint64_t frees;
    uint64_t temporaries;
    uint64_t allocated_bytes;
    uint64_t freed_bytes;
};

/// A `trackScope` name below the names it was entered in.
struct memscope_scope {
    /// Index + 1 of the enclosing scope, 0 = none.
    uint32_t parent;
    /// Offset of the NUL-terminated name in memscope_engine.names.
    uint32_t name;
    uint64_t entries;
};

/// A thread that allocated while tracking was on.
struct memscope_thread_info {
    uint32_t tid;
    uint32_t exited;
    char name[16];
};

/// Freed blocks whose type was not their leaf's usual one. An open-addressing table; leaf 0 = empty.
struct memscope_freed_type {
    uint64_t type;
    uint64_t frees;
    uint64_t bytes;
    uint32_t leaf;
    uint32_t unused;
};

/// The heap at one cut.
struct memscope_sample {
    uint64_t time;
    uint64_t live_bytes;
    uint64_t live_blocks;
    uint64_t allocations;
    uint64_t allocated_bytes;
    uint64_t resident_bytes;
};

/// An instant that the program named.
struct memscope_mark {
    uint64_t time;
    uint32_t name;
    uint32_t unused;
    uint64_t live_bytes;
    uint64_t live_blocks;
};

#define MEMSCOPE_FREED_TYPES (1u << 18)
#define MEMSCOPE_SAMPLES 4096u
#define MEMSCOPE_MARKS 4096u
#define MEMSCOPE_THREADS (1u << 20)
#define MEMSCOPE_SCOPES (1u << 16)
#define MEMSCOPE_NAME_BYTES (1u << 22)

/// All state of tracking: tables in private anonymous memory, never malloc'd, never moved.
struct memscope_engine {
    struct memscope_leaf *leaves;
    struct memscope_node *nodes;
    struct memscope_context *contexts;
    struct memscope_scope *scopes;
    struct memscope_thread_info *threads;
    char *names;
    /// Elements in use, and how many there can be. The counts are atomic, release.
    uint32_t leaf_count, leaf_capacity;
    uint32_t node_count, node_capacity;
    uint32_t context_count, context_capacity;
    uint32_t mixed_count, mixed_capacity;
    uint32_t scope_count, thread_count, name_bytes, mark_count;
    struct memscope_mark *marks;

    // From here on the drain thread's own.
    struct memscope_leaf_totals *totals;
    struct memscope_mixed_totals *mixed;
    struct memscope_freed_type *freed_types;
    struct memscope_sample *samples;
    uint32_t sample_count;
    /// Every how many sample periods a sample is kept; doubles when the table is full.
    uint32_t sample_stride;
    uint32_t sample_skip;
    uint32_t peak_generation;
    uint64_t allocations, frees, temporaries;
    uint64_t allocated_bytes, freed_bytes;
    uint64_t peak_bytes, peak_upper_bound, peak_time;
    /// Freed blocks whose differing type found no room in `freed_types`.
    uint64_t freed_types_lost;
    uint64_t rounds;
    /// The time of the current round, nanoseconds since the start.
    uint64_t now;
};

/// Loads a 32-bit word with acquire order.
MEMSCOPE_DRAIN_SAFE static inline uint32_t memscope_load_acquire(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }

/// Loads a pointer to a segment with acquire order.
MEMSCOPE_DRAIN_SAFE static inline struct memscope_segment *_Nullable memscope_load_segment(
    struct memscope_segment *_Nullable const *_Nonnull place) {
    return __atomic_load_n(place, __ATOMIC_ACQUIRE);
}

/// The words of a segment.
MEMSCOPE_DRAIN_SAFE static inline const uint64_t *memscope_segment_words(const struct memscope_segment *segment) { return segment->words; }

/// Asks for the cache line at `place`, which need not be mapped.
MEMSCOPE_DRAIN_SAFE static inline void memscope_prefetch(const void *_Nullable place) { __builtin_prefetch(place, 1, 3); }

_Static_assert(sizeof(struct memscope_segment) <= MEMSCOPE_SEGMENT_BYTES, "a segment fills its slot");
_Static_assert(sizeof(struct memscope_node) == 8, "2.5 million nodes are common");
_Static_assert(sizeof(struct memscope_leaf) == 24, "one per distinct stack and size");
_Static_assert(sizeof(struct memscope_leaf_totals) == 40, "one per distinct stack and size");
_Static_assert(MEMSCOPE_LEAF_BITS + MEMSCOPE_CONTEXT_BITS + MEMSCOPE_BIRTH_BITS + 2 == 64, "a word is full");

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
