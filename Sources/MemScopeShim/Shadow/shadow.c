#define _GNU_SOURCE
#include "shadow.h"

#include <fcntl.h>
#include <unistd.h>

#include "../Lifecycle/mapping.h"

uint64_t *_Nullable *_Nullable memscope_shadow_regions;

bool memscope_shadow_start(void) {
    if (memscope_shadow_regions) return true;
    memscope_shadow_regions = memscope_map(MEMSCOPE_REGIONS * sizeof(uint64_t *));
    return memscope_shadow_regions != NULL;
}

uint64_t *memscope_shadow_region(uintptr_t address) {
    if (address >> 47 != 0) return NULL;
    uint64_t **slot = &memscope_shadow_regions[address >> MEMSCOPE_REGION_SHIFT];
    size_t bytes = MEMSCOPE_REGION_ENTRIES * sizeof(uint64_t);
    uint64_t *fresh = memscope_map(bytes);
    if (!fresh) return NULL;
    uint64_t *expected = NULL;
    if (__atomic_compare_exchange_n(slot, &expected, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return fresh;
    memscope_unmap(fresh, bytes);
    return expected;
}

// Regions are sparse. Reading a page that nothing ever touched costs a fault, so ask /proc/self/pagemap, 8 bytes a
// page, which are in memory or in swap (bits 63 and 62); where it cannot be read, read all.
// `resume` is the address before which granules are inside a block; it may lie in the next region.
static void visit_region(uint64_t *region, uintptr_t base, int pagemap, uintptr_t *resume,
                         uint32_t (*visit)(void *, uintptr_t, uint64_t), void *info) {
    enum { PAGE_ENTRIES = 4096 / sizeof(uint64_t), CHUNK = 512 };
    uint64_t pages[CHUNK];
    uint64_t skip = *resume > base ? (*resume - base) >> MEMSCOPE_GRANULE_SHIFT : 0;
    for (uint64_t first = 0; first < MEMSCOPE_REGION_ENTRIES; first += CHUNK * PAGE_ENTRIES) {
        off_t offset = (off_t)((uintptr_t)&region[first] / 4096 * sizeof(uint64_t));
        bool known = pagemap >= 0 && pread(pagemap, pages, sizeof pages, offset) == (ssize_t)sizeof pages;
        for (size_t page = 0; page < CHUNK; page++) {
            if (known && pages[page] >> 62 == 0) continue;
            uint64_t at = first + page * PAGE_ENTRIES;
            for (uint64_t i = at < skip ? skip : at; i < at + PAGE_ENTRIES; i++) {
                uint64_t entry = __atomic_load_n(&region[i], __ATOMIC_RELAXED);
                if (entry == 0) continue;
                uintptr_t address = base + (i << MEMSCOPE_GRANULE_SHIFT) + ((entry & 3) << 3);
                uint32_t inside = visit(info, address, entry);
                if (inside) {
                    skip = i + 1 + inside;
                    *resume = base + (skip << MEMSCOPE_GRANULE_SHIFT);
                    i += inside;
                }
            }
        }
    }
}

void memscope_shadow_visit(uint32_t (*visit)(void *, uintptr_t, uint64_t), void *info) {
    uintptr_t resume = 0;
    int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    for (uint64_t i = 0; i < MEMSCOPE_REGIONS; i++) {
        uint64_t *region = __atomic_load_n(&memscope_shadow_regions[i], __ATOMIC_ACQUIRE);
        if (region) visit_region(region, (uintptr_t)i << MEMSCOPE_REGION_SHIFT, pagemap, &resume, visit, info);
    }
    if (pagemap >= 0) close(pagemap);
}
