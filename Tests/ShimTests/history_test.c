// The history: whatever happens to the leaves and to whom they are charged, the notes add up to their totals, there are never too many of them, and marks
// are what stays. With an argument, what a note costs.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "History/history.h"
#include "History/owners.h"
#include "Lifecycle/mapping.h"
#include "Lifecycle/state.h"
#include "check.h"

enum { LEAVES = 500, MOST = 400000 };

static uint64_t state = 88172645463325252u;
static uint32_t below(uint32_t limit) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (uint32_t)(state >> 20) % limit;
}

static bool is_mixed(uint32_t leaf) { return memscope_engine.totals[leaf].size >> 63; }

// What the notes add up to, leaf by leaf, and how they look.
static struct memscope_change sums[LEAVES];
static uint32_t notes, marks, held, unordered, empty_changes;
static uint64_t last_time;

// What the notes say of owners by their numbers, and what was done in their names.
static struct memscope_owner_figures owner_sums[MEMSCOPE_OWNERS], done[5][6][3];

static void add_owners(const struct memscope_note *note) {
    struct memscope_change_place place = {.at = note->owners.bytes};
    uint32_t before = 0;
    for (uint32_t i = 0; i < note->owners.count; i++) {
        struct memscope_change change = memscope_change_get(&place);
        if (change.leaf <= before || change.leaf >= memscope_owner_count() || !change.has_bytes) unordered++;
        before = change.leaf;
        if (!change.allocations && !change.frees) empty_changes++;
        owner_sums[change.leaf].allocations += change.allocations;
        owner_sums[change.leaf].frees += change.frees;
        owner_sums[change.leaf].allocated_bytes += change.allocated_bytes;
        owner_sums[change.leaf].freed_bytes += change.freed_bytes;
    }
    if (note->owners.size != (size_t)(place.at - note->owners.bytes)) unordered++;
}

static void look_at_owners(void) {
    uint32_t wrong = 0, seen = 0;
    for (uint32_t i = 2; i < memscope_owner_count(); i++) {
        const struct memscope_owner *owner = memscope_owner_at(i);
        const struct memscope_owner_figures *expected = &done[owner->thread][owner->scope][owner->site];
        wrong += memcmp(expected, &owner_sums[i], sizeof *expected) != 0;
        seen++;
    }
    for (uint32_t i = 0; i < 5 * 6 * 3; i++) seen -= (&done[0][0][0])[i].allocations != 0;
    CHECK(wrong == 0 && seen == 0);
    CHECK(owner_sums[1].allocations == 0);
}

static void add(void *info, const struct memscope_note *note) {
    (void)info;
    notes++;
    marks += note->flags == MEMSCOPE_NOTE_MARK;
    held += (note->flags & MEMSCOPE_NOTE_HELD) != 0;
    if (note->time < last_time) unordered++;
    last_time = note->time;
    struct memscope_change_place place = {.at = note->changes.bytes};
    uint32_t before = 0;
    for (uint32_t i = 0; i < note->changes.count; i++) {
        struct memscope_change change = memscope_change_get(&place);
        if (change.leaf <= before || change.leaf >= LEAVES) {
            unordered++;
            return;
        }
        before = change.leaf;
        if (!change.allocations && !change.frees) empty_changes++;
        if (change.has_bytes != is_mixed(change.leaf)) unordered++;
        sums[change.leaf].allocations += change.allocations;
        sums[change.leaf].frees += change.frees;
        sums[change.leaf].allocated_bytes += change.allocated_bytes;
        sums[change.leaf].freed_bytes += change.freed_bytes;
    }
    if (note->changes.size != (size_t)(place.at - note->changes.bytes)) unordered++;
    add_owners(note);
}

static void look(void) {
    memset(sums, 0, sizeof sums);
    memset(owner_sums, 0, sizeof owner_sums);
    notes = marks = held = 0;
    last_time = 0;
    CHECK(memscope_history_visit(memscope_engine.leaf_count, add, sums));
    CHECK(notes <= MEMSCOPE_NOTES && unordered == 0 && empty_changes == 0);
    uint32_t wrong = 0;
    for (uint32_t i = 1; i < memscope_engine.leaf_count; i++) {
        const struct memscope_leaf_totals *totals = &memscope_engine.totals[i];
        wrong += sums[i].allocations != totals->allocations || sums[i].frees != totals->frees;
        if (!is_mixed(i)) continue;
        const struct memscope_mixed_totals *mixed = &memscope_engine.mixed[totals->size & ~MEMSCOPE_TOTALS_MIXED];
        wrong += sums[i].allocated_bytes != mixed->allocated_bytes || sums[i].freed_bytes != mixed->freed_bytes;
    }
    CHECK(wrong == 0);
    look_at_owners();
}

static void allocate(uint32_t leaf, uint64_t blocks, uint64_t bytes) {
    struct memscope_leaf_totals *totals = &memscope_engine.totals[leaf];
    totals->allocations += blocks;
    memscope_engine.allocations += blocks;
    if (is_mixed(leaf)) memscope_engine.mixed[totals->size & ~MEMSCOPE_TOTALS_MIXED].allocated_bytes += bytes;
}

static void release(uint32_t leaf) {
    struct memscope_leaf_totals *totals = &memscope_engine.totals[leaf];
    uint64_t blocks = totals->allocations - totals->frees;
    totals->frees += blocks;
    memscope_engine.frees += blocks;
    if (!is_mixed(leaf)) return;
    struct memscope_mixed_totals *mixed = &memscope_engine.mixed[totals->size & ~MEMSCOPE_TOTALS_MIXED];
    mixed->freed_bytes = mixed->allocated_bytes;
}

// A context of somebody else's from now on; what it counted goes to its group, as the engine does it.
static void become(uint32_t index) {
    struct memscope_engine *engine = &memscope_engine;
    struct memscope_context *context = &engine->contexts[index];
    uint32_t slot = 1 + context->thread * 18 + (uint32_t)context->run * 3 + context->site;
    struct memscope_group *group = &engine->groups[slot];
    if (context->sums.allocations && !group->used) {
        engine->group_list[engine->group_count++] = slot;
        *group = (struct memscope_group){
            .thread = context->thread, .scope = (uint32_t)context->run, .site = context->site, .used = 1};
    }
    group->sums.allocations += context->sums.allocations;
    group->sums.frees += context->sums.frees;
    group->sums.allocated_bytes += context->sums.allocated_bytes;
    group->sums.freed_bytes += context->sums.freed_bytes;
    *context = (struct memscope_context){
        .thread = below(5), .run = below(6), .site = below(3), .flags = below(9) ? MEMSCOPE_CONTEXT_BEGUN : 0};
}

static void charge(void) {
    struct memscope_engine *engine = &memscope_engine;
    uint32_t index = 1 + below(50);
    if (index >= engine->context_count) engine->context_count = index + 1;
    struct memscope_context *context = &engine->contexts[index];
    if (below(8) == 0) become(index);
    if (!(context->flags & MEMSCOPE_CONTEXT_BEGUN)) return;
    struct memscope_owner_figures *owner = &done[context->thread][context->run][context->site];
    uint64_t bytes = below(1u << 20), left = context->sums.allocated_bytes - context->sums.freed_bytes;
    bool is_free = context->sums.allocations > context->sums.frees && below(3) == 0;
    if (is_free) {
        context->sums.frees++, owner->frees++;
        context->sums.freed_bytes += left, owner->freed_bytes += left;
    } else {
        context->sums.allocations++, owner->allocations++;
        context->sums.allocated_bytes += bytes, owner->allocated_bytes += bytes;
    }
    engine->allocations++;
}

static void pass_time(uint64_t milliseconds) { memscope_engine.now += milliseconds * 1000000; }

// Up to two thousand steps of what a program may do, with totals large and small.
static void test_random(void) {
    for (uint32_t step = 0; step < 4000; step++) {
        if (memscope_engine.leaf_count < LEAVES && below(3) == 0) {
            uint32_t leaf = memscope_engine.leaf_count++;
            memscope_engine.totals[leaf].size = below(4) ? 16 + below(999) : MEMSCOPE_TOTALS_MIXED | memscope_engine.mixed_count++;
        }
        for (uint32_t i = below(20); i > 0 && memscope_engine.leaf_count > 1; i--) {
            uint32_t leaf = 1 + below(memscope_engine.leaf_count - 1);
            if (below(3)) allocate(leaf, below(50) ? 1 : below(1u << 31), (uint64_t)below(1u << 30) << below(20));
            else release(leaf);
        }
        for (uint32_t i = below(10); i > 0; i--) charge();
        pass_time(below(2000));
        if (below(40) == 0) memscope_history_mark(0, MEMSCOPE_NOTE_MARK);
        else memscope_history_tick();
        if (below(100) == 0) look();
    }
    look();
    CHECK(notes > MEMSCOPE_NOTES - 6);
}

static void test_marks_stay(void) {
    for (uint32_t i = 0; i < 200; i++) {
        allocate(1, 1, 10);
        pass_time(60000);
        if (i % 10 == 0) memscope_history_mark(0, MEMSCOPE_NOTE_MARK);
        memscope_history_tick();
    }
    look();
    // Those of the random steps are among them.
    CHECK(marks >= 20 && notes > MEMSCOPE_NOTES - 6);
    for (uint32_t i = 0; i < 30; i++) {
        allocate(2, 1, 10);
        memscope_history_mark(0, MEMSCOPE_NOTE_HELD);
    }
    for (uint32_t i = 0; i < 300; i++) {
        pass_time(1000);
        memscope_history_mark(0, MEMSCOPE_NOTE_MARK);
    }
    look();
    CHECK(held == 30 && notes > MEMSCOPE_NOTES - 6);
    memscope_history_release();
    for (uint32_t i = 0; i < 100; i++) {
        pass_time(1000);
        memscope_history_mark(0, MEMSCOPE_NOTE_MARK);
    }
    look();
    CHECK(held == 0 && marks == notes - 1 && notes > MEMSCOPE_NOTES - 6);
}

// While nothing happens nothing is noted, and what is mapped stays within bounds.
static void test_bounds(void) {
    look();
    memscope_history_mark(0, MEMSCOPE_NOTE_MARK);
    size_t before = memscope_mapped_resident();
    for (uint32_t i = 0; i < 5000; i++) {
        pass_time(1000);
        memscope_history_tick();
    }
    CHECK(memscope_mapped_resident() == before);
    for (uint32_t i = 0; i < 5000; i++) {
        for (uint32_t leaf = 1; leaf < LEAVES; leaf += 2) allocate(leaf, 1, 10);
        pass_time(1000);
        memscope_history_mark(0, i % 2 ? MEMSCOPE_NOTE_MARK : 0);
    }
    look();
    CHECK(memscope_mapped_resident() < before + MEMSCOPE_NOTES * 8192);
}

static double milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

// What looking at contexts takes: that many, of a thousand owners.
static void measure_owners(void) {
    enum { CONTEXTS = 1000000 };
    struct memscope_engine *engine = &memscope_engine;
    for (uint32_t i = 1; i < CONTEXTS; i++) {
        engine->contexts[i] = (struct memscope_context){.thread = i % 10, .run = i % 100, .flags = MEMSCOPE_CONTEXT_BEGUN};
        engine->contexts[i].sums.allocations = 1;
    }
    engine->context_count = CONTEXTS;
    double best = 1e9, sum = 0;
    for (uint32_t round = 0; round < 20; round++) {
        for (uint32_t i = 1; i < CONTEXTS; i += 10) engine->contexts[i].sums.allocations++;
        struct memscope_change_list list;
        double begin = milliseconds();
        memscope_owners_collect(&list, true);
        double took = milliseconds() - begin;
        memscope_unmap(list.bytes, list.size);
        if (took < best) best = took;
        sum += took;
    }
    printf("%u contexts: looking at them takes %.2f ms, at best %.2f\n", CONTEXTS, sum / 20, best);
}

static void measure(void) {
    static const uint32_t every[] = {1000, 10, 1};
    for (uint32_t leaf = memscope_engine.leaf_count; leaf < MOST; leaf++) memscope_engine.totals[leaf].size = 64;
    memscope_engine.leaf_count = MOST;
    memscope_history_mark(0, 0);
    for (uint32_t kind = 0; kind < 3; kind++) {
        double best = 1e9, worst = 0, sum = 0, longest = 0;
        for (uint32_t round = 0; round < 200; round++) {
            for (uint32_t leaf = 1; leaf < MOST; leaf += every[kind]) allocate(leaf, 1 + round % 300, 64);
            pass_time(1000);
            double begin = milliseconds();
            memscope_history_mark(0, 0);
            double took = milliseconds() - begin;
            if (took < best) best = took;
            if (took > worst) worst = took;
            sum += took;
            // The rounds until the next note, in which two are merged.
            memscope_engine.now -= 1000000000;
            for (uint32_t i = 0; i < 100; i++) {
                begin = milliseconds();
                memscope_history_tick();
                took = milliseconds() - begin;
                if (took > longest) longest = took;
            }
            memscope_engine.now += 1000000000;
        }
        printf("%u leaves, one in %u changed: a note takes %.2f ms, %.2f to %.2f; a round of merging up to %.2f\n", MOST, every[kind],
               sum / 200, best, worst, longest);
    }
}

int main(int count, char **arguments) {
    (void)arguments;
    CHECK(memscope_state_start());
    if (count > 1) {
        measure();
        measure_owners();
        return 0;
    }
    test_random();
    test_marks_stay();
    test_bounds();
    return CHECK_END();
}
