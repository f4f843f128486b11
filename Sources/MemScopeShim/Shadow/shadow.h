// The live heap: one 64-bit entry per 32-byte granule of the address space.
//
// Two levels: 26 low address bits per region, regions mapped on first use and never unmapped. glibc's smallest chunk
// is 32 bytes, so two blocks never start in one granule; for other allocators small requests are rounded up.
// The entry of a block of 64 bytes or more whose leaf has mixed sizes is followed, in the next granule, by its exact
// size: that granule lies wholly inside the block.
#ifndef MEMSCOPE_SHADOW_H
#define MEMSCOPE_SHADOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

#define MEMSCOPE_GRANULE_SHIFT 5
#define MEMSCOPE_REGION_SHIFT 26
#define MEMSCOPE_REGION_ENTRIES (UINT64_C(1) << (MEMSCOPE_REGION_SHIFT - MEMSCOPE_GRANULE_SHIFT))
#define MEMSCOPE_REGIONS (UINT64_C(1) << (47 - MEMSCOPE_REGION_SHIFT))

/// The region table, MEMSCOPE_REGIONS pointers, or null before `memscope_shadow_start`.
extern uint64_t *_Nullable *_Nullable memscope_shadow_regions __attribute__((visibility("hidden")));

/// Maps the region table. Returns false when the kernel refuses. Call once, before the switch goes on.
bool memscope_shadow_start(void);

/// Maps the region that covers `address`, unless another thread just did. Returns null when the kernel refuses, or
/// when `address` is not a user-space address. One mmap; takes no lock.
uint64_t *_Nullable memscope_shadow_region(uintptr_t address);

/// Calls `visit` for every entry, in address order. Only sound while nothing changes the shadow: in a frozen copy.
/// `visit` gets the block's address and its entry; returns the number of granules after the entry to skip.
void memscope_shadow_visit(uint32_t (*visit)(void *_Nullable info, uintptr_t address, uint64_t entry),
                           void *_Nullable info);

/// The place of the entry of a block at `address`, or null when its region was never mapped. Wait-free.
static inline uint64_t *_Nullable memscope_shadow_find(uintptr_t address) {
    if (__builtin_expect(address >> 47 != 0, 0)) return (uint64_t *)0;
    uint64_t *region = __atomic_load_n(&memscope_shadow_regions[address >> MEMSCOPE_REGION_SHIFT], __ATOMIC_ACQUIRE);
    if (__builtin_expect(region == (uint64_t *)0, 0)) return region;
    return &region[(address >> MEMSCOPE_GRANULE_SHIFT) & (MEMSCOPE_REGION_ENTRIES - 1)];
}

/// As `memscope_shadow_find`, mapping the region if need be. Null when the kernel refuses.
static inline uint64_t *_Nullable memscope_shadow_place(uintptr_t address) {
    uint64_t *place = memscope_shadow_find(address);
    if (__builtin_expect(place != (uint64_t *)0, 1)) return place;
    uint64_t *region = memscope_shadow_region(address);
    if (region == (uint64_t *)0) return region;
    return &region[(address >> MEMSCOPE_GRANULE_SHIFT) & (MEMSCOPE_REGION_ENTRIES - 1)];
}

/// The two low bits of the entry of a block at `address`.
static inline uint64_t memscope_shadow_start_bits(uintptr_t address) { return (address >> 3) & 3; }

#pragma clang assume_nonnull end
#endif
