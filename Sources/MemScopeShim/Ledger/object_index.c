#include "object_index.h"

#include "../Lifecycle/mapping.h"

uint32_t *_Nullable *_Nullable memscope_object_regions;

bool memscope_object_index_start(void) {
    if (!memscope_object_regions) memscope_object_regions = memscope_map(MEMSCOPE_REGIONS * sizeof(uint32_t *));
    return memscope_object_regions != NULL;
}

uint32_t *memscope_object_region(uintptr_t address) {
    if (address >> 47 != 0) return NULL;
    uint32_t **slot = &memscope_object_regions[address >> MEMSCOPE_REGION_SHIFT];
    size_t bytes = MEMSCOPE_REGION_ENTRIES * sizeof(uint32_t);
    uint32_t *fresh = memscope_map(bytes), *expected = NULL;
    if (!fresh) return NULL;
    if (__atomic_compare_exchange_n(slot, &expected, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return fresh;
    memscope_unmap(fresh, bytes);
    return expected;
}
