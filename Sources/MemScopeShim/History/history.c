#include "history.h"

#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"
#include "owners.h"

// One place is left for the note that a capture makes. The last few are for notes that come while two others are merged.
enum { KEPT = MEMSCOPE_NOTES - 1, SPARE = 3 };
static const uint64_t PACE = 1000000000;
// Nanoseconds by which each context puts off the next note: fifty times what it takes to look at, so that no more than a fiftieth
// of the drain thread's time goes there.
enum { PAUSE_PER_CONTEXT = 1000 };
// What all lists may take: for the first 700 000 leaves that much, beyond that so much a leaf, which holds at least one note.
enum { LISTS = 16 << 20, LISTS_PER_LEAF = 24 };
// Changes merged in a round, some hundred microseconds.
enum { PIECE = 1 << 15 };

struct counts { uint64_t first, second; };

static struct memscope_note notes[KEPT];
static uint32_t count;
static size_t list_bytes;
/// Of each leaf its allocations and frees at the end of the latest note, and the bytes of those of mixed sizes.
static struct counts *noted, *noted_bytes;
static uint64_t noted_events, next_tick;
/// Two lists on their way to be one, and the memory of the sum.
struct sum { struct memscope_change_merger merger; uint8_t *start; size_t room; };
/// Two notes that become one: the index of the first.
static struct { struct sum leaves, owners; uint32_t index; bool is_on; } merging;

void memscope_history_start(void) {
    const struct memscope_engine *engine = &memscope_engine;
    noted_bytes = memscope_map(engine->mixed_capacity * sizeof *noted_bytes);
    if (noted_bytes) noted = memscope_map(engine->leaf_capacity * sizeof *noted);
    if (noted) memscope_owners_start();
    next_tick = PACE;
}

// Gives back what a list did not need of its memory.
static struct memscope_change_list finished_list(uint8_t *start, const struct memscope_change_place *place, size_t room, uint32_t changes) {
    size_t size = (size_t)(place->at - start);
    memscope_map_shrink(start, room, size);
    return (struct memscope_change_list){.bytes = size ? start : NULL, .size = size, .count = changes};
}

static void drop_list(struct memscope_change_list *list) {
    if (list->bytes) memscope_unmap(list->bytes, list->size);
}

// What changed for a leaf of mixed sizes beyond its counts.
static void add_bytes(struct memscope_change *change, uint64_t index, bool is_kept) {
    const struct memscope_mixed_totals *bytes = &memscope_engine.mixed[index];
    struct counts *then = &noted_bytes[index];
    change->has_bytes = true;
    change->allocated_bytes = bytes->allocated_bytes - then->first;
    change->freed_bytes = bytes->freed_bytes - then->second;
    if (is_kept) *then = (struct counts){bytes->allocated_bytes, bytes->freed_bytes};
}

// What changed since the latest note.
static bool collect(struct memscope_change_list *list, uint32_t leaves, bool is_kept) {
    size_t room = (size_t)leaves * MEMSCOPE_CHANGE_BYTES;
    uint8_t *start = noted ? memscope_map(room) : NULL;
    if (!start) return false;
    struct memscope_change_place place = {.at = start};
    uint32_t changes = 0;
    const struct memscope_leaf_totals *totals = memscope_engine.totals;
    for (uint32_t leaf = 1; leaf < leaves; leaf++) {
        const struct memscope_leaf_totals *now = &totals[leaf];
        struct counts *then = &noted[leaf];
        if (now->allocations == then->first && now->frees == then->second) continue;
        struct memscope_change change = {
            .leaf = leaf, .allocations = now->allocations - then->first, .frees = now->frees - then->second};
        if (is_kept) *then = (struct counts){now->allocations, now->frees};
        if (now->size & MEMSCOPE_TOTALS_MIXED) add_bytes(&change, now->size & ~MEMSCOPE_TOTALS_MIXED, is_kept);
        memscope_change_put(&place, &change);
        changes++;
    }
    *list = finished_list(start, &place, room, changes);
    return true;
}

// The boundary that is missed least: no mark if there is another, and then the one between the shortest notes. The later of two
// notes gives its end to both; the last boundary of all is never one.
static uint32_t most_dispensable(void) {
    uint32_t best = UINT32_MAX, lowest = MEMSCOPE_NOTE_HELD;
    uint64_t shortest = UINT64_MAX;
    for (uint32_t i = 0; i + 1 < count; i++) {
        uint32_t rank = notes[i].flags;
        uint64_t span = notes[i + 1].time - (i ? notes[i - 1].time : 0);
        if (rank > lowest || rank >= MEMSCOPE_NOTE_HELD || (rank == lowest && span >= shortest)) continue;
        best = i;
        lowest = rank;
        shortest = span;
    }
    return best;
}

static bool begin_sum(struct sum *sum, const struct memscope_change_list *first, const struct memscope_change_list *second) {
    sum->room = first->size + second->size + 1;
    sum->start = memscope_map(sum->room);
    if (sum->start) memscope_change_merge_begin(&sum->merger, sum->start, first, second);
    return sum->start != NULL;
}

// Puts the sum in the place of the second list.
static void finish_sum(struct sum *sum, struct memscope_change_list *first, struct memscope_change_list *second) {
    struct memscope_change_list both = finished_list(sum->start, &sum->merger.place, sum->room, sum->merger.count);
    list_bytes += both.size;
    list_bytes -= first->size + second->size;
    drop_list(first);
    drop_list(second);
    *second = both;
}

static bool begin_merging(void) {
    if (merging.is_on) return true;
    uint32_t i = most_dispensable();
    if (i == UINT32_MAX) return false;
    if (!begin_sum(&merging.leaves, &notes[i].changes, &notes[i + 1].changes)) return false;
    if (!begin_sum(&merging.owners, &notes[i].owners, &notes[i + 1].owners)) {
        memscope_unmap(merging.leaves.start, merging.leaves.room);
        return false;
    }
    merging.index = i;
    return merging.is_on = true;
}

static void go_on_merging(uint32_t limit) {
    if (!merging.is_on || memscope_change_merge(&merging.leaves.merger, limit) ||
        memscope_change_merge(&merging.owners.merger, limit))
        return;
    uint32_t i = merging.index;
    merging.is_on = false;
    finish_sum(&merging.leaves, &notes[i].changes, &notes[i + 1].changes);
    finish_sum(&merging.owners, &notes[i].owners, &notes[i + 1].owners);
    for (count--; i < count; i++) notes[i] = notes[i + 1];
}

static bool merge_now(void) {
    if (!begin_merging()) return false;
    while (merging.is_on) go_on_merging(UINT32_MAX);
    return true;
}

void memscope_history_mark(uint32_t name, uint32_t flags) {
    const struct memscope_engine *engine = &memscope_engine;
    uint32_t leaves = memscope_load_acquire(&engine->leaf_count);
    // What finds no room now is in the next note.
    if (count == KEPT && !merge_now()) return;
    struct memscope_note note = {.time = engine->now, .name = name, .flags = flags};
    if (!collect(&note.changes, leaves, true)) return;
    // Without memory for it what owners did is in their next list.
    memscope_owners_collect(&note.owners, true);
    notes[count++] = note;
    list_bytes += note.changes.size + note.owners.size;
    noted_events = engine->allocations + engine->frees;
    size_t most = (size_t)leaves * LISTS_PER_LEAF > LISTS ? (size_t)leaves * LISTS_PER_LEAF : LISTS;
    while (list_bytes > most && merge_now()) {}
    if (count > KEPT - SPARE || list_bytes > most / 4 * 3) begin_merging();
}

void memscope_history_tick(void) {
    const struct memscope_engine *engine = &memscope_engine;
    go_on_merging(PIECE);
    if (engine->now < next_tick) return;
    uint64_t pause = engine->now / 40 > PACE ? engine->now / 40 : PACE, contexts = memscope_load_acquire(&engine->context_count);
    next_tick = engine->now + (contexts * PAUSE_PER_CONTEXT > pause ? contexts * PAUSE_PER_CONTEXT : pause);
    if (engine->allocations + engine->frees != noted_events) memscope_history_mark(0, 0);
}

void memscope_history_release(void) {
    for (uint32_t i = 0; i < count; i++) notes[i].flags &= ~(uint32_t)MEMSCOPE_NOTE_HELD;
}

uint64_t memscope_history_bytes(void) {
    return list_bytes + memscope_owners_bytes() + (noted ? memscope_load_acquire(&memscope_engine.leaf_count) * sizeof *noted : 0);
}

bool memscope_history_visit(uint32_t leaves, void (*visit)(void *, const struct memscope_note *), void *info) {
    struct memscope_note last = {.time = memscope_engine.now};
    if (!collect(&last.changes, leaves, false)) return false;
    memscope_owners_collect(&last.owners, false);
    for (uint32_t i = 0; i < count; i++) visit(info, &notes[i]);
    visit(info, &last);
    drop_list(&last.changes);
    drop_list(&last.owners);
    return true;
}
