// The shadow: where an entry stands, and that a visit finds exactly what is there.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "Shadow/shadow.h"
#include "check.h"

#define REGION (UINT64_C(1) << MEMSCOPE_REGION_SHIFT)

enum { MOST = 20000 };
static struct { uintptr_t address; uint64_t entry; } found[MOST];
static unsigned found_count;

static uint32_t note(void *info, uintptr_t address, uint64_t entry) {
    (void)info;
    if (found_count < MOST) found[found_count].address = address, found[found_count].entry = entry;
    found_count++;
    return entry >> 63 ? 1 : 0;  // the top bit stands for a leaf of mixed sizes
}

static void put(uintptr_t address, uint64_t rest) {
    uint64_t *place = memscope_shadow_place(address);
    CHECK(place != NULL);
    if (place) *place = rest | memscope_shadow_start_bits(address);
}

static void test_places(void) {
    uintptr_t base = UINT64_C(0x7f1234000000) & ~(REGION - 1);
    CHECK(memscope_shadow_find(base) == NULL);
    CHECK(memscope_shadow_find(UINT64_C(1) << 47) == NULL);
    CHECK(memscope_shadow_place(UINT64_C(0xffff800000000000)) == NULL);
    uint64_t *first = memscope_shadow_place(base);
    CHECK(first != NULL && memscope_shadow_find(base) == first && *first == 0);
    for (uintptr_t i = 0; i < 32; i += 8) CHECK(memscope_shadow_find(base + i) == first);
    CHECK(memscope_shadow_find(base + 32) == first + 1);
    CHECK(memscope_shadow_find(base + REGION - 1) == first + MEMSCOPE_REGION_ENTRIES - 1);
    CHECK(memscope_shadow_find(base + REGION) == NULL && memscope_shadow_find(base - 1) == NULL);
    for (uintptr_t i = 0; i < 32; i += 8) CHECK(memscope_shadow_start_bits(base + i) == i / 8);
}

static void *race(void *info) { return memscope_shadow_place((uintptr_t)info); }

static void test_threads_that_race_for_a_region_get_one(void) {
    for (uintptr_t n = 0; n < 50; n++) {
        uintptr_t address = UINT64_C(0x600000000000) + n * REGION + 640;
        pthread_t threads[4];
        void *places[4];
        for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, race, (void *)address);
        for (int i = 0; i < 4; i++) pthread_join(threads[i], &places[i]);
        for (int i = 1; i < 4; i++) CHECK(places[i] == places[0] && places[0] != NULL);
    }
}

static int by_address(const void *a, const void *b) {
    uintptr_t x = *(const uintptr_t *)a, y = *(const uintptr_t *)b;
    return x < y ? -1 : x > y;
}

// Blocks here and there, mixed ones at a region's very end, and their exact sizes that are no entries.
static void test_visit(bool with_pagemap) {
    static uintptr_t blocks[MOST];
    unsigned count = 0;
    srandom(7);
    uintptr_t regions[] = {UINT64_C(0x10000000), UINT64_C(0x14000000), UINT64_C(0x7ffff8000000)};
    for (int r = 0; r < 3; r++) {
        uintptr_t base = regions[r] & ~(REGION - 1);
        for (int i = 0; i < 4000; i++) {
            uintptr_t address = base + ((uintptr_t)random() % (REGION / 128)) * 128 + (uintptr_t)(random() % 4) * 8;
            uint64_t *place = memscope_shadow_place(address);
            if (*place) continue;
            bool mixed = i % 3 == 0;
            put(address, (mixed ? UINT64_C(1) << 63 : 0) | (uint64_t)(i + 1) << 36);
            if (mixed) *memscope_shadow_place(address + 32) = 12345;  // not to be visited
            blocks[count++] = address;
        }
        // The last granule of a page and of the region: the size stands on the next page, in the next region.
        for (int last = 0; last < 2; last++) {
            uintptr_t address = base + (last ? REGION : 4096 / 8 * 32) - 32;
            if (*memscope_shadow_place(address) || *memscope_shadow_place(address + 32)) continue;
            put(address, UINT64_C(1) << 63 | UINT64_C(9) << 36);
            *memscope_shadow_place(address + 32) = 54321;
            blocks[count++] = address;
        }
    }
    qsort(blocks, count, sizeof *blocks, by_address);
    found_count = 0;
    struct rlimit before, none = {0, 0};
    getrlimit(RLIMIT_NOFILE, &before);
    none.rlim_max = before.rlim_max;
    if (!with_pagemap) setrlimit(RLIMIT_NOFILE, &none);  // nothing can be opened
    memscope_shadow_visit(note, NULL);
    setrlimit(RLIMIT_NOFILE, &before);
    CHECK(found_count == count);
    for (unsigned i = 0; i < count && i < found_count; i++) CHECK(found[i].address == blocks[i]);
    for (unsigned i = 0; i < count; i++) {
        *memscope_shadow_place(blocks[i]) = 0;
        *memscope_shadow_place(blocks[i] + 32) = 0;
    }
    found_count = 0;
    memscope_shadow_visit(note, NULL);
    CHECK(found_count == 0);
}

int main(void) {
    CHECK(memscope_shadow_start());
    test_places();
    test_threads_that_race_for_a_region_get_one();
    test_visit(true);
    test_visit(false);
    return CHECK_END();
}
