#include "added_roots.h"

#include <string.h>
#include <sys/mman.h>

#include "../Lifecycle/lock.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/own_copy.h"

enum { REGIONS = 1 << 16, PIECE = 1 << 20 };

// A place is in use while its count is above 0, and is written before that: a copy of the process that was made meanwhile sees
// all of a region or nothing.
struct region {
    uintptr_t start, end;
    uint32_t count;
    /// What stands in it counts nowhere, instead of everywhere.
    bool is_ignored;
};

static memscope_lock lock;
// In memory of ours, because a region's address is no reference to the block that it is in.
static struct region *regions;
static uint32_t region_count;

static struct region *find(uintptr_t start, uintptr_t end, bool ignored, bool either) {
    for (uint32_t i = 0; i < region_count; i++)
        if (regions[i].count > 0 && regions[i].start == start && regions[i].end == end && (either || regions[i].is_ignored == ignored))
            return &regions[i];
    return NULL;
}

static struct region *find_free(void) {
    if (!regions) regions = memscope_map(REGIONS * sizeof *regions);
    if (!regions) return NULL;
    for (uint32_t i = 0; i < region_count; i++)
        if (regions[i].count == 0) return &regions[i];
    return region_count < REGIONS ? &regions[region_count++] : NULL;
}

static uintptr_t end_of(uintptr_t start, size_t bytes) { return start + bytes < start ? UINTPTR_MAX : start + bytes; }

static bool add(uintptr_t from, uintptr_t end, bool ignored) {
    memscope_lock_take(&lock);
    struct region *region = find(from, end, ignored, false);
    if (!region && (region = find_free())) {
        region->start = from;
        region->end = end;
        region->is_ignored = ignored;
    }
    if (region) __atomic_store_n(&region->count, region->count + 1, __ATOMIC_RELEASE);
    memscope_lock_drop(&lock);
    return region != NULL;
}

bool memscope_own_leaks_add_root(const void *start, size_t bytes) {
    return add((uintptr_t)start, end_of((uintptr_t)start, bytes), false);
}

bool memscope_own_leaks_ignore_root(const void *start, size_t bytes) {
    return add((uintptr_t)start, end_of((uintptr_t)start, bytes), true);
}

bool memscope_own_leaks_remove_root(const void *start, size_t bytes) {
    memscope_lock_take(&lock);
    struct region *region = find((uintptr_t)start, end_of((uintptr_t)start, bytes), false, true);
    if (region) __atomic_store_n(&region->count, region->count - 1, __ATOMIC_RELEASE);
    memscope_lock_drop(&lock);
    return region != NULL;
}

// Of a page that is shared the copy does not know whether it was ever touched, so that all are read: in pieces, which a
// search does not take for sparse.
static void mark_shared(struct memscope_marking *mark, uintptr_t start, uintptr_t end) {
    for (uintptr_t next; start < end; start = next) {
        next = end - start > PIECE ? start + PIECE : end;
        memscope_mark_range(mark, start, next, MEMSCOPE_ROOT_ADDED, 0);
    }
}

// Only what is mapped is gone through, so that a large region may be reserved and filled later.
static void mark_mapped(struct memscope_marking *mark, const struct region *region) {
    for (uintptr_t at = region->start; at < region->end;) {
        const struct memscope_memory_mapping *mapping = memscope_memory_map_at(mark->map, at);
        if (!mapping || mapping->start >= region->end) return;
        uintptr_t start = mapping->start > at ? mapping->start : at, end = mapping->end < region->end ? mapping->end : region->end;
        if (mapping->flags & MEMSCOPE_MAPPING_READABLE) {
            if (mapping->flags & (MEMSCOPE_MAPPING_SHARED | MEMSCOPE_MAPPING_FILE)) mark_shared(mark, start, end);
            else memscope_mark_range(mark, start, end, MEMSCOPE_ROOT_ADDED, 0);
        }
        at = mapping->end;
    }
}

void memscope_added_roots_mark(struct memscope_marking *mark) {
    for (uint32_t i = 0; i < region_count; i++)
        if (regions[i].count > 0 && !regions[i].is_ignored) mark_mapped(mark, &regions[i]);
}

// The copy's own memory loses what stood there. What is shared the program would lose as well.
static void blank(const struct memscope_memory_map *map, const struct region *region) {
    for (uintptr_t at = region->start; at < region->end;) {
        const struct memscope_memory_mapping *mapping = memscope_memory_map_at(map, at);
        if (!mapping || mapping->start >= region->end) return;
        uintptr_t start = mapping->start > at ? mapping->start : at, end = mapping->end < region->end ? mapping->end : region->end;
        uintptr_t pages = start & ~(uintptr_t)4095;
        bool is_ours = !(mapping->flags & (MEMSCOPE_MAPPING_SHARED | MEMSCOPE_MAPPING_KERNEL));
        if (is_ours && mprotect((void *)pages, end - pages, PROT_READ | PROT_WRITE) == 0) memset((void *)start, 0, end - start);
        at = mapping->end;
    }
}

bool memscope_ignored_roots_drop(const struct memscope_memory_map *map, struct memscope_range_list *excluded, bool is_copy) {
    bool is_any = false;
    for (uint32_t i = 0; i < region_count; i++) {
        if (regions[i].count == 0 || !regions[i].is_ignored) continue;
        is_any = true;
        if (is_copy) blank(map, &regions[i]);
        memscope_range_list_add(excluded, regions[i].start, regions[i].end);
    }
    return is_copy || !is_any;
}

void memscope_ignored_roots_blank(char *copy, uintptr_t place, size_t bytes) {
    for (uint32_t i = 0; i < region_count; i++) {
        if (regions[i].count == 0 || !regions[i].is_ignored) continue;
        uintptr_t start = regions[i].start > place ? regions[i].start : place;
        uintptr_t end = regions[i].end < place + bytes ? regions[i].end : place + bytes;
        if (start < end) memset(copy + (start - place), 0, end - start);
    }
}
