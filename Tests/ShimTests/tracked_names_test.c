// Names of values: as many as there is room for are all found again, whatever the addresses, and gone blocks make room.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "Attribution/tracked_names.h"
#include "Lifecycle/own_copy.h"
#include "Lifecycle/state.h"
#include "Lifecycle/switch.h"
#include "Shadow/shadow.h"
#include "check.h"

#define BASE UINT64_C(0x7f1200000000)

static const uint64_t LEAF = UINT64_C(5) << MEMSCOPE_LEAF_SHIFT;

static uintptr_t address_of(uint32_t number, uint32_t stride) { return BASE + (uintptr_t)number * stride; }

static void allocate(uintptr_t address) {
    uint64_t birth = (uint64_t)(memscope_switch.birth & MEMSCOPE_BIRTH_MASK) << MEMSCOPE_BIRTH_SHIFT;
    *memscope_shadow_place(address) = LEAF | birth | memscope_shadow_start_bits(address);
}

static void name(uintptr_t address, uint32_t number) {
    char text[16];
    int length = snprintf(text, sizeof text, "name %u", number);
    struct memscope_tracked_label label = {
        .name = (const uint8_t *)text, .name_length = (uint32_t)length, .file = (const uint8_t *)"a/b.swift", .file_length = 9,
        .line = 7};
    memscope_own_track_value(&address, sizeof address, &label);
}

static uint32_t live_count(void) {
    uint32_t live = 0;
    for (uint32_t i = 0; i < MEMSCOPE_TRACKED_PLACES; i++)
        live += memscope_tracked_objects[i].address_and_site != 0 && memscope_tracked_is_live(&memscope_tracked_objects[i]);
    return live;
}

// Blocks side by side, of 32 bytes or more, that all live; then as many elsewhere when those are gone.
static void test_all_find_room(uint32_t stride) {
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < MEMSCOPE_TRACKED_OBJECTS; i++) {
            uintptr_t address = address_of(i + round * 1000, stride);
            allocate(address);
            name(address, i % MEMSCOPE_TRACKED_SITES);
        }
        CHECK(memscope_tracked_lost == 0);
        CHECK(memscope_tracked_site_count == MEMSCOPE_TRACKED_SITES);
        CHECK(live_count() == MEMSCOPE_TRACKED_OBJECTS);
        for (uint32_t i = 0; i < MEMSCOPE_TRACKED_OBJECTS; i++) *memscope_shadow_place(address_of(i + round * 1000, stride)) = 0;
        CHECK(live_count() == 0);
    }
}

static void test_names_beyond_the_room_are_counted(void) {
    allocate(BASE);
    name(BASE, MEMSCOPE_TRACKED_SITES);
    CHECK(memscope_tracked_lost == 1 && memscope_tracked_site_count == MEMSCOPE_TRACKED_SITES);
    name(BASE, 3);
    name(BASE, 4);
    CHECK(memscope_tracked_lost == 1 && live_count() == 1);
}

int main(void) {
    CHECK(memscope_state_start() && memscope_shadow_start());
    memscope_switch.birth = 9;
    test_all_find_room(32);
    test_all_find_room(4096);
    test_names_beyond_the_room_are_counted();
    return CHECK_END();
}
