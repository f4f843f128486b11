#include "history.h"

#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"

// One place is left for the note that a capture makes. The last few are for notes that come while two others are merged.
enum { KEPT = MEMSCOPE_NOTES - 1, SPARE = 3 };
static const uint64_t PACE = 1000000000;
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
/// Two notes on their way to be one: the index of the first, and the memory of the sum. Null when there is no such.
static struct { struct memscope_change_merger merger; uint32_t index; uint8_t *start; size_t room; } merging;

void memscope_history_start(void) {
    const struct memscope_engine *engine = &memscope_engine;
    noted_bytes = memscope_map(engine->mixed_capacity * sizeof *noted_bytes);
    if (noted_bytes) noted = memscope_map(engine->leaf_capacity * sizeof *noted);
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

static bool begin_merging(void) {
    if (merging.start) return true;
    uint32_t i = most_dispensable();
    if (i == UINT32_MAX) return false;
    const struct memscope_change_list *first = &notes[i].changes, *second = &notes[i + 1].changes;
    merging.room = first->size + second->size + 1;
    merging.start = memscope_map(merging.room);
    if (!merging.start) return false;
    merging.index = i;
    memscope_change_merge_begin(&merging.merger, merging.start, first, second);
    return true;
}

static void go_on_merging(uint32_t limit) {
    if (!merging.start || memscope_change_merge(&merging.merger, limit)) return;
    uint32_t i = merging.index;
    struct memscope_change_list both =
        finished_list(merging.start, &merging.merger.place, merging.room, merging.merger.count);
    merging.start = NULL;
    list_bytes += both.size;
    list_bytes -= notes[i].changes.size + notes[i + 1].changes.size;
    drop_list(&notes[i].changes);
    drop_list(&notes[i + 1].changes);
    notes[i + 1].changes = both;
    for (count--; i < count; i++) notes[i] = notes[i + 1];
}

static bool merge_now(void) {
    if (!begin_merging()) return false;
    while (merging.start) go_on_merging(UINT32_MAX);
    return true;
}

void memscope_history_mark(uint32_t name, uint32_t flags) {
    const struct memscope_engine *engine = &memscope_engine;
    uint32_t leaves = memscope_load_acquire(&engine->leaf_count);
    // What finds no room now is in the next note.
    if (count == KEPT && !merge_now()) return;
    struct memscope_note note = {.time = engine->now, .name = name, .flags = flags};
    if (!collect(&note.changes, leaves, true)) return;
    notes[count++] = note;
    list_bytes += note.changes.size;
    noted_events = engine->allocations + engine->frees;
    size_t most = (size_t)leaves * LISTS_PER_LEAF > LISTS ? (size_t)leaves * LISTS_PER_LEAF : LISTS;
    while (list_bytes > most && merge_now()) {}
    if (count > KEPT - SPARE || list_bytes > most / 4 * 3) begin_merging();
}

void memscope_history_tick(void) {
    const struct memscope_engine *engine = &memscope_engine;
    go_on_merging(PIECE);
    if (engine->now < next_tick) return;
    next_tick = engine->now + (engine->now / 40 > PACE ? engine->now / 40 : PACE);
    if (engine->allocations + engine->frees != noted_events) memscope_history_mark(0, 0);
}

void memscope_history_release(void) {
    for (uint32_t i = 0; i < count; i++) notes[i].flags &= ~(uint32_t)MEMSCOPE_NOTE_HELD;
}

uint64_t memscope_history_bytes(void) {
    return list_bytes + (noted ? memscope_load_acquire(&memscope_engine.leaf_count) * sizeof *noted : 0);
}

bool memscope_history_visit(uint32_t leaves, void (*visit)(void *, const struct memscope_note *), void *info) {
    struct memscope_note last = {.time = memscope_engine.now};
    if (!collect(&last.changes, leaves, false)) return false;
    for (uint32_t i = 0; i < count; i++) visit(info, &notes[i]);
    visit(info, &last);
    drop_list(&last.changes);
    return true;
}
