// What a running program asks about itself: figures are never of two cuts at once, and a scope's path fits its room.
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>

#include "Attribution/scope.h"
#include "Lifecycle/figures.h"
#include "Lifecycle/own_copy.h"
#include "Lifecycle/state.h"
#include "Lifecycle/switch.h"
#include "check.h"

enum { READS = REPEATED(10000000), READERS = 2 };

static bool done;
static uint64_t reads;

// Every figure of round n is a multiple of n, so that a mixture of two rounds shows.
static void publish(uint64_t n) {
    memscope_engine.now = n;
    memscope_engine.allocations = 5 * n;
    memscope_engine.frees = 2 * n;
    memscope_engine.temporaries = n;
    memscope_engine.allocated_bytes = 50 * n;
    memscope_engine.freed_bytes = 20 * n;
    memscope_engine.peak_bytes = 40 * n;
    memscope_figures_publish();
}

static bool is_round(const struct memscope_figures *figures, uint64_t n) {
    return figures->time == n && figures->allocations == 5 * n && figures->frees == 2 * n && figures->temporaries == n &&
           figures->allocated_bytes == 50 * n && figures->live_blocks == 3 * n && figures->live_bytes == 30 * n &&
           figures->peak_bytes == 40 * n;
}

static void *read_all_the_time(void *unused) {
    uint64_t latest = 0;
    while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
        struct memscope_figures figures;
        bool read = memscope_own_read_figures(&figures);
        CHECK(read && is_round(&figures, figures.time) && figures.time >= latest);
        latest = figures.time;
        __atomic_fetch_add(&reads, 1, __ATOMIC_RELAXED);
    }
    return unused;
}

static void test_figures(void) {
    struct memscope_figures figures = {.time = 77};
    CHECK(!memscope_own_read_figures(&figures) && figures.time == 77);
    memscope_switch.started = 1;
    CHECK(memscope_own_read_figures(&figures) && is_round(&figures, 0));
    pthread_t readers[READERS];
    for (int i = 0; i < READERS; i++) pthread_create(&readers[i], NULL, read_all_the_time, NULL);
    uint64_t rounds = 0;
    while (__atomic_load_n(&reads, __ATOMIC_RELAXED) < READS) publish(++rounds);
    __atomic_store_n(&done, true, __ATOMIC_RELEASE);
    for (int i = 0; i < READERS; i++) pthread_join(readers[i], NULL);
    CHECK(memscope_own_read_figures(&figures) && is_round(&figures, rounds));
}

static uint32_t scope(uint32_t parent, const char *name) {
    return memscope_scope_find(parent, name, (uint32_t)strlen(name));
}

static bool path_is(uint32_t scope, uint32_t capacity, const char *expected) {
    char room[64];
    memset(room, '#', sizeof room);
    uint32_t length = memscope_own_scope_path(scope, room, capacity);
    // Nothing beyond what was lent.
    for (size_t i = capacity; i < sizeof room; i++) CHECK(room[i] == '#');
    return length == strlen(expected) && memcmp(room, expected, length) == 0;
}

static void test_paths(void) {
    uint32_t outer = scope(0, "outer"), inner = scope(outer, "inner"), innermost = scope(inner, ""), last = scope(innermost, "x");
    CHECK(path_is(0, 60, ""));
    CHECK(path_is(last + 1, 60, ""));
    CHECK(path_is(outer, 60, "outer"));
    CHECK(path_is(inner, 60, "outer > inner"));
    CHECK(path_is(innermost, 60, "outer > inner > "));
    CHECK(path_is(last, 60, "outer > inner >  > x"));
    // The outermost names go first.
    for (uint32_t capacity = 4; capacity < 60; capacity++) {
        char room[60];
        uint32_t length = memscope_own_scope_path(last, room, capacity);
        CHECK(length <= capacity && length >= 3);
        CHECK(room[length - 1] == 'x' || capacity < 7);
    }
    CHECK(path_is(inner, 19, "outer > inner"));
    CHECK(path_is(inner, 14, "... > inner"));
    CHECK(path_is(inner, 8, "..."));
}

int main(void) {
    test_figures();
    CHECK(memscope_state_start());
    test_paths();
    return CHECK_END();
}
