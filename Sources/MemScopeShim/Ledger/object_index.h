// Which row of the ledger an object has: a 32-bit word for each 32-byte granule of the heap, in regions mapped on first use,
// as in the shadow. A word is set by whoever sees the object first and cleared before its memory is freed.
#ifndef MEMSCOPE_OBJECT_INDEX_H
#define MEMSCOPE_OBJECT_INDEX_H

#include <stdbool.h>

#include "../Shadow/shadow.h"

#pragma clang assume_nonnull begin

/// Looked at and not selected.
#define MEMSCOPE_OBJECT_LEFT_OUT UINT32_MAX

extern uint32_t *_Nullable *_Nullable memscope_object_regions __attribute__((visibility("hidden")));

/// Maps the table of regions. False when the kernel refuses.
bool memscope_object_index_start(void);

/// Maps the region of an address. Null when the kernel refuses. One mmap; takes no lock.
uint32_t *_Nullable memscope_object_region(uintptr_t address);

/// The place of an address's word, null when its region was never mapped or the address is not user space's.
static inline uint32_t *_Nullable memscope_object_place(uintptr_t address) {
    if (__builtin_expect(address >> 47 != 0, 0)) return (uint32_t *)0;
    uint32_t *region = __atomic_load_n(&memscope_object_regions[address >> MEMSCOPE_REGION_SHIFT], __ATOMIC_ACQUIRE);
    if (__builtin_expect(region == (uint32_t *)0, 0)) return region;
    return &region[(address >> MEMSCOPE_GRANULE_SHIFT) & (MEMSCOPE_REGION_ENTRIES - 1)];
}

#pragma clang assume_nonnull end
#endif
