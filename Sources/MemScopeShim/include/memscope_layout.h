// The memory that the hooks, the engine and the capture writer share.
//
// Nouns. A *block* is what malloc returned. A *stack* is a list of code addresses, interned as a *node* of the call
// trie. A *leaf* is a (stack, size). A *context* says on whose behalf: thread, task and the run of a scope. The *shadow*
// holds one *entry* per live block; a *record* is what a hook tells the engine. Entry and record are one 64-bit word:
//
//      63                    36 35  34              10 9      2 1    0
//     +------------------------+---+------------------+--------+------+
//     |  leaf (28), 0 = none   | I |  context (25)    | birth  | low  |
//     +------------------------+---+------------------+--------+------+
//
// I: the program said that the block is no leak.
// entry:  low = which 8-byte step of its 32-byte granule the block starts at, so that the address can be recovered.
// record: low = kind (alloc, free, temporary free, control). A record with leaf 0 is a control record.
// birth is a generation that the engine advances; ages have that resolution.
//
// Who writes what:
//   - shadow: the thread that allocates or frees the block. A block has one owner, and whatever hands it to another
//     thread orders the shadow too; relaxed atomics suffice.
//   - leaves, nodes: appended under the intern lock, read by anyone; an index is published only after its element is
//     complete.
//   - contexts, tasks, scope runs: taken under the attribution lock, and filled by one thread before its ring says so.
//     The drain thread gives back what has ended, without a lock.
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
#define MEMSCOPE_CONTEXT_BITS 25
#define MEMSCOPE_BIRTH_BITS 8
#define MEMSCOPE_LEAF_SHIFT 36
#define MEMSCOPE_CONTEXT_SHIFT 10
#define MEMSCOPE_BIRTH_SHIFT 2
/// Top bit of a leaf number in entries and records: blocks of several sizes share the leaf, and the exact size follows.
#define MEMSCOPE_LEAF_MIXED_BIT (1u << 27)
#define MEMSCOPE_LEAF_INDEX_MASK (MEMSCOPE_LEAF_MIXED_BIT - 1)
#define MEMSCOPE_CONTEXT_MASK ((UINT64_C(1) << MEMSCOPE_CONTEXT_BITS) - 1)
/// In entries and records: the program said that the block is no leak.
#define MEMSCOPE_IGNORED_BIT (UINT64_C(1) << 35)
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
    /// Raw word: what is unusual about the next record, a free. In the low 48 bits the metadata address of the block, when
    /// it is not its leaf's usual one; above them the number of the module that frees, when another one allocated.
    MEMSCOPE_CONTROL_FREE_NOTE = 3,
    /// Raw word: a context that allocations may belong to from now on.
    MEMSCOPE_CONTROL_CONTEXT_BEGIN = 4,
    /// Raw word: a context that gets no more allocations.
    MEMSCOPE_CONTROL_CONTEXT_END = 5,
    /// Raw word: an `async let` task whose memory lies in its parent's.
    MEMSCOPE_CONTROL_TASK_BEGIN = 6,
    /// Raw word: a task that is gone, with all its contexts. The high half is the low one of its id.
    MEMSCOPE_CONTROL_TASK_END = 7,
    /// Raw word: a scope's run that is over.
    MEMSCOPE_CONTROL_RUN_END = 8,
    /// A retain, in the retain ledger: the record has leaf and context. Raw word: see memscope_ledger_apply.
    MEMSCOPE_CONTROL_RETAIN = 16,
    /// A release, likewise.
    MEMSCOPE_CONTROL_RELEASE = 17,
    /// Raw word: the row of an object of the retain ledger that is about to be freed.
    MEMSCOPE_CONTROL_OBJECT_END = 18,
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
    /// Set by a SIZE or FREE_NOTE control record, used and cleared by the record after it.
    uint64_t pending_size;
    uint64_t pending_note;
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

/// In the raw word of MEMSCOPE_CONTROL_FREE_NOTE: the bits of the metadata address.
#define MEMSCOPE_NOTE_MODULE_SHIFT 48
#define MEMSCOPE_NOTE_TYPE_MASK ((UINT64_C(1) << MEMSCOPE_NOTE_MODULE_SHIFT) - 1)

/// With custody the upper half of a leaf's flags is the number of the module that allocates there, 0 for none.
enum memscope_leaf_flag : uint32_t {
    /// Blocks of several sizes share the leaf; `mixed` holds its bytes.
    MEMSCOPE_LEAF_MIXED = 1,
    /// The stack is not whole.
    MEMSCOPE_LEAF_TRUNCATED = 2,
    /// With custody: which module allocates there is not known.
    MEMSCOPE_LEAF_UNPLACED = 4,
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

/// What was allocated and freed.
struct memscope_sums {
    uint64_t allocations;
    uint64_t frees;
    uint64_t temporaries;
    uint64_t allocated_bytes;
    uint64_t freed_bytes;
};

/// On whose behalf blocks were allocated, and how much. Lives until its task or run has ended and its blocks are freed;
/// then its sums go to the group of its thread, scope and site, and its place is used again.
struct memscope_context {
    /// Index into memscope_engine.threads.
    uint32_t thread;
    /// Index into memscope_engine.tasks, 0 for none. The place serves another task when this one is gone; `task_id` tells.
    uint32_t task;
    /// The innermost run of a scope, see MEMSCOPE_RUN_SCOPE and the like; 0 for none.
    uint64_t run;
    /// What kind of task it was, and where it was created; see MEMSCOPE_SITE_KIND.
    uint32_t site;
    /// The next context of the same task, or of the same thread outside of tasks. After the end: the engine's queue.
    uint32_t next;
    /// The low half of the task's id.
    uint32_t task_id;
    /// The drain thread's own from here on: the run in whose list the context is, 0 none, and its neighbours there.
    uint32_t listed_run, run_previous, run_next;
    /// memscope_context_flag.
    uint32_t flags;
    struct memscope_sums sums;
};

enum memscope_context_flag : uint32_t {
    /// Its begin was seen.
    MEMSCOPE_CONTEXT_BEGUN = 1,
    /// No allocation will come any more.
    MEMSCOPE_CONTEXT_ENDED = 2,
    /// It waits for the end of the round to be folded.
    MEMSCOPE_CONTEXT_QUEUED = 4,
};

/// What a task is, in the two low bits of a site. The rest is the call-trie node of the stack that created it, 0 when that
/// is not known; outside of tasks the offset of the label of the dispatch queue that the thread serves, 0 for none.
enum memscope_task_kind : uint32_t {
    /// No task: a thread.
    MEMSCOPE_TASK_KIND_NONE = 0,
    /// `Task { }` or `Task.detached`.
    MEMSCOPE_TASK_KIND_UNSTRUCTURED = 1,
    /// A task group's.
    MEMSCOPE_TASK_KIND_GROUP_CHILD = 2,
    MEMSCOPE_TASK_KIND_ASYNC_LET = 3,
};

#define MEMSCOPE_SITE_KIND_BITS 2

/// A task that allocated while tracking was on, as long as it is there.
struct memscope_task {
    /// The runtime's number. With `address` it tells the task from others before and after it.
    uint64_t id;
    uint64_t address;
    /// Kind and creation; see memscope_task_kind.
    uint32_t site;
    /// The task that an `async let` belongs to, an index; 0 otherwise.
    uint32_t parent;
    /// Head of the list of its contexts. Only the thread that runs the task changes it.
    uint32_t first_context;
    /// Offset of the task's name, 0 for none.
    uint32_t name;
    /// When its first and its latest event were, in milliseconds since the start.
    uint32_t first_seen, last_seen;
    /// The drain thread's own from here on: the `async let` tasks inside it, and its own neighbour in such a list. A free
    /// element: the next one.
    uint32_t first_child, next_sibling;
    uint64_t live_bytes, peak_bytes;
    uint64_t allocations, allocated_bytes;
    uint32_t live_blocks, temporaries;
    uint32_t flags;
};

enum memscope_task_flag : uint32_t {
    /// The end was seen: what is left of it goes at the end of the round.
    MEMSCOPE_TASK_ENDED = 1,
};

/// A `trackScope` name below the names it was entered in.
struct memscope_scope {
    /// Index + 1 of the enclosing scope, 0 = none.
    uint32_t parent;
    /// Offset of the NUL-terminated name in memscope_engine.names.
    uint32_t name;
    /// How many scopes are around it.
    uint32_t depth;
    uint32_t unused;
    uint64_t entries;
};

/// One run of a scope, from `trackScope`'s beginning to its end. A run is named by a word that task-local values carry:
///
///      63               40 39              17 16          0
///     +-------------------+------------------+-------------+
///     |  serial           |  run (23)        |  scope (17) |
///     +-------------------+------------------+-------------+
///
/// scope is an index + 1. The serial tells a run from those before and after it at the same place; run 0 means that only
/// the scope is known, because the run is over or found no place.
struct memscope_run {
    /// The word of the run around it.
    uint64_t outer;
    /// Changed when the run is over. Atomic.
    uint32_t serial;
    /// The next one in the list of free ones, or in the drain thread's queue of those that ended.
    uint32_t next;
    /// What it is a run of, index + 1.
    uint32_t scope;
    /// The drain thread's own from here on: the serial of which it has not seen the end.
    uint32_t drained_serial;
    /// Head of the list of contexts that the run is charged for.
    uint32_t first_context;
    /// In the round in which it ends: the thread that ended it, an index + 1.
    uint32_t ended_by;
    /// What is no longer in any context of the list.
    uint64_t folded_allocations, folded_bytes;
    /// What that thread freed since, in the same round: it was live when the run ended.
    uint64_t bytes_freed_since;
    /// When it began and ended, nanoseconds since the start, by a clock that ticks; 0: not yet. Set by the program's threads,
    /// atomic, and cleared by the drain thread when the place is free.
    uint64_t begin, end;
};

#define MEMSCOPE_RUN_SCOPE_BITS 17
#define MEMSCOPE_RUN_INDEX_BITS 23
#define MEMSCOPE_RUN_SCOPE(word) ((uint32_t)(word) & ((1u << MEMSCOPE_RUN_SCOPE_BITS) - 1))
#define MEMSCOPE_RUN_INDEX(word) ((uint32_t)((word) >> MEMSCOPE_RUN_SCOPE_BITS) & ((1u << MEMSCOPE_RUN_INDEX_BITS) - 1))
#define MEMSCOPE_RUN_SERIAL(word) ((uint32_t)((word) >> (MEMSCOPE_RUN_SCOPE_BITS + MEMSCOPE_RUN_INDEX_BITS)))
#define MEMSCOPE_RUN_SERIAL_MASK 0xffffffu

/// How many runs had a figure of about this size: eight buckets a power of two, so a quantile is right to 1/16.
#define MEMSCOPE_DISTRIBUTION_BUCKETS 328
struct memscope_distribution {
    uint64_t sum;
    uint64_t largest;
    uint32_t buckets[MEMSCOPE_DISTRIBUTION_BUCKETS];
};

/// The bucket of a figure: itself below 8, above that by its highest bit and the three that follow.
MEMSCOPE_DRAIN_SAFE static inline uint32_t memscope_distribution_bucket(uint64_t value) {
    if (value < 8) return (uint32_t)value;
    uint32_t exponent = 63u - (uint32_t)__builtin_clzll(value);
    uint32_t bucket = (exponent - 2) * 8 + (uint32_t)(value >> (exponent - 3) & 7);
    return bucket < MEMSCOPE_DISTRIBUTION_BUCKETS ? bucket : MEMSCOPE_DISTRIBUTION_BUCKETS - 1;
}

/// Counts one more figure.
MEMSCOPE_DRAIN_SAFE static inline void memscope_distribution_add(struct memscope_distribution *distribution, uint64_t value) {
    distribution->sum += value;
    if (value > distribution->largest) distribution->largest = value;
    distribution->buckets[memscope_distribution_bucket(value)]++;
}

/// The runs of a scope that are over, one by one.
struct memscope_scope_runs {
    uint64_t ended;
    struct memscope_distribution allocations;
    struct memscope_distribution allocated_bytes;
    /// Bytes that were live when the run ended.
    struct memscope_distribution retained_bytes;
};

/// What contexts that are gone counted for one thread, scope and site. An open-addressing table; `used` 0 = empty.
struct memscope_group {
    uint32_t thread;
    /// Index + 1.
    uint32_t scope;
    uint32_t site;
    uint32_t used;
    struct memscope_sums sums;
};

/// Tasks of one site that are gone. An open-addressing table; site 0 = empty.
struct memscope_task_site {
    uint32_t site;
    uint32_t unused;
    uint64_t finished;
    /// From the first event to the end, summed.
    uint64_t milliseconds;
    /// The largest of any task.
    uint64_t peak_bytes;
    uint64_t allocated_bytes;
};

/// Blocks that one thread allocated and another freed. An open-addressing table; frees 0 = empty.
struct memscope_handover {
    uint32_t allocated_by;
    uint32_t freed_by;
    uint64_t frees;
    uint64_t bytes;
};

/// A thread that allocated while tracking was on.
struct memscope_thread_info {
    uint32_t tid;
    uint32_t exited;
    char name[16];
    /// The drain thread's own: of what it allocated.
    uint64_t live_bytes, peak_bytes;
};

/// Freed blocks whose type was not their leaf's usual one. An open-addressing table; leaf 0 = empty.
struct memscope_freed_type {
    uint64_t type;
    uint64_t frees;
    uint64_t bytes;
    uint32_t leaf;
    uint32_t unused;
};

/// Blocks of a leaf that another module freed than had allocated them. An open-addressing table; frees 0 = empty.
struct memscope_crossing {
    uint32_t leaf;
    uint32_t freed_in;
    uint64_t frees;
    uint64_t bytes;
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

/// A run of a scope, as the timeline shows it. In a heap: none is shorter than the first.
struct memscope_scope_event {
    uint64_t begin, end;
    uint64_t allocations, allocated_bytes, retained_bytes;
    /// Index + 1.
    uint32_t scope;
    /// Decides between runs of the same length.
    uint32_t lot;
};

/// An instant at which a capture was made.
struct memscope_snapshot {
    uint64_t time;
    uint64_t live_bytes;
    uint64_t live_blocks;
    /// 1 = leaks were looked for.
    uint32_t flags;
    /// Why, as the capture says it; cut off where it is longer.
    char reason[28];
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
#define MEMSCOPE_SCOPE_EVENTS 1000u
#define MEMSCOPE_SNAPSHOTS 256u
#define MEMSCOPE_THREADS (1u << 20)
#define MEMSCOPE_SCOPES (1u << 16)
#define MEMSCOPE_NAME_BYTES (1u << 22)
#define MEMSCOPE_GROUPS (1u << 18)
#define MEMSCOPE_TASK_SITES (1u << 16)
#define MEMSCOPE_HANDOVERS (1u << 14)
#define MEMSCOPE_CROSSINGS (1u << 18)

/// All state of tracking: tables in private anonymous memory, never malloc'd, never moved.
struct memscope_engine {
    struct memscope_leaf *leaves;
    struct memscope_node *nodes;
    struct memscope_context *contexts;
    struct memscope_task *tasks;
    struct memscope_run *runs;
    struct memscope_scope *scopes;
    struct memscope_thread_info *threads;
    char *names;
    /// Elements in use, and how many there can be. The counts are atomic, release.
    uint32_t leaf_count, leaf_capacity;
    uint32_t node_count, node_capacity;
    uint32_t context_count, context_capacity;
    uint32_t task_count, task_capacity;
    uint32_t run_count, run_capacity;
    /// Heads of the lists of elements to be used again. Pushed to without a lock, taken from under the attribution lock.
    uint32_t free_context, free_task, free_run;
    uint32_t mixed_count, mixed_capacity;
    uint32_t scope_count, thread_count, name_bytes, mark_count;
    struct memscope_mark *marks;

    // From here on the drain thread's own.
    struct memscope_leaf_totals *totals;
    struct memscope_mixed_totals *mixed;
    struct memscope_freed_type *freed_types;
    struct memscope_group *groups;
    /// The elements of `groups` that are used, in the order in which they came to be.
    uint32_t *group_list;
    uint32_t group_count;
    struct memscope_task_site *task_sites;
    struct memscope_handover *handovers;
    /// Null without custody.
    struct memscope_crossing *_Nullable crossings;
    struct memscope_scope_runs *scope_runs;
    uint32_t scope_runs_capacity;
    /// What the end of the round is for, heads of lists: contexts that ended and hold nothing, tasks and runs that ended.
    uint32_t ended_context, ended_task, ended_run;
    /// The depth of the innermost scope in the list of runs.
    uint32_t ended_run_depth;
    /// What found no room in a table.
    uint64_t groups_lost, task_sites_lost, handovers_lost, crossings_lost;
    struct memscope_sample *samples;
    uint32_t sample_count;
    /// The longest runs that are over, and how many are.
    struct memscope_scope_event *scope_events;
    uint32_t scope_event_count;
    uint64_t scope_events_seen;
    /// When captures were made, and how many were.
    struct memscope_snapshot *snapshots;
    uint32_t snapshot_count;
    uint64_t snapshots_seen;
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

/// Gives an element back to a list of free ones. Any thread; takes no lock. Whoever takes from the list must hold a lock.
/// @param head The list's.
/// @param next The element's place for the next one.
MEMSCOPE_DRAIN_SAFE static inline void memscope_push_free(uint32_t *head, uint32_t index, uint32_t *next) {
    uint32_t first = __atomic_load_n(head, __ATOMIC_RELAXED);
    do *next = first;
    while (!__atomic_compare_exchange_n(head, &first, index, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
}

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
_Static_assert(sizeof(struct memscope_context) == 88, "one per task, thread and scope's run");
_Static_assert(sizeof(struct memscope_task) == 96, "millions may wait for what never comes");
_Static_assert(MEMSCOPE_LEAF_BITS + 1 + MEMSCOPE_CONTEXT_BITS + MEMSCOPE_BIRTH_BITS + 2 == 64, "a word is full");

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
