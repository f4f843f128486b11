// Names that the program gives to values: which blocks they hold, as long as those are there.
//
// A block is known by its address and its shadow entry. A name sets the entry's birth back by one step if the block was
// allocated in this one, so that a block which comes to the same address later differs in its birth: the entry tells for half an hour
// whether the block is still the one that was named. Nothing is done when a block is freed.
#ifndef MEMSCOPE_TRACKED_NAMES_H
#define MEMSCOPE_TRACKED_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// A call of `tracked`, by its name and place.
struct memscope_tracked_site {
    /// Offsets in memscope_engine.names.
    uint32_t name, file;
    uint32_t line;
    uint32_t unused;
    /// Blocks that were named here, those that are gone included.
    uint64_t named;
};

/// A block that has a name. Free when `address_and_site` is 0.
struct memscope_tracked_object {
    /// The address, and above it the index of its site.
    uint64_t address_and_site;
    /// Its entry in the shadow when it was named.
    uint64_t word;
};

enum {
    MEMSCOPE_TRACKED_SITES = 4096,
    /// Blocks that certainly find room at once. The table has twice the places.
    MEMSCOPE_TRACKED_OBJECTS = 1 << 18,
    MEMSCOPE_TRACKED_PLACES = 2 * MEMSCOPE_TRACKED_OBJECTS,
    MEMSCOPE_TRACKED_SITE_SHIFT = 48,
};

/// Where a block that has a name begins.
static inline uintptr_t memscope_tracked_address(const struct memscope_tracked_object *object) {
    return (uintptr_t)(object->address_and_site & ((UINT64_C(1) << MEMSCOPE_TRACKED_SITE_SHIFT) - 1));
}

/// The index of the name that a block has.
static inline uint32_t memscope_tracked_site_of(const struct memscope_tracked_object *object) {
    return (uint32_t)(object->address_and_site >> MEMSCOPE_TRACKED_SITE_SHIFT);
}

/// Null before the first name. Of the objects there are MEMSCOPE_TRACKED_PLACES, free ones among them.
extern struct memscope_tracked_site *_Nullable memscope_tracked_sites __attribute__((visibility("hidden")));
extern struct memscope_tracked_object *_Nullable memscope_tracked_objects __attribute__((visibility("hidden")));
extern uint32_t memscope_tracked_site_count __attribute__((visibility("hidden")));
/// Names that found no room.
extern uint64_t memscope_tracked_lost __attribute__((visibility("hidden")));

/// Whether the block that was named is still there. Reads the shadow.
bool memscope_tracked_is_live(const struct memscope_tracked_object *object);

#pragma clang assume_nonnull end
#endif
