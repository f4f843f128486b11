#define _GNU_SOURCE // MAP_ANONYMOUS
#include "module_ranges.h"

#include <sys/mman.h>

#include "metadata.h"

_Atomic uint64_t memscope_page_filter[MEMSCOPE_PAGE_FILTER_BITS / 64];

/// A published table: `count` segments, sorted by start, none overlapping.
struct range_table {
    size_t count;
    struct memscope_range ranges[];
};

#define POOL_CAPACITY 1000

static _Atomic(struct range_table *) published;

/// `end` is stored last: a reader that sees 0 there skips the entry.
static struct {
    _Atomic uintptr_t start;
    _Atomic uintptr_t end;
} pools[POOL_CAPACITY];
static _Atomic size_t pool_count;
static _Atomic uintptr_t pool_record;
static _Atomic uintptr_t last_pool_end;

static void mark_pages(uintptr_t start, uintptr_t end)
{
    for (uintptr_t page = start >> MEMSCOPE_PAGE_FILTER_SHIFT; page <= (end - 1) >> MEMSCOPE_PAGE_FILTER_SHIFT; page++) {
        size_t bit = page % MEMSCOPE_PAGE_FILTER_BITS;
        atomic_fetch_or_explicit(&memscope_page_filter[bit / 64], 1ull << (bit % 64), memory_order_relaxed);
    }
}

bool memscope_metadata_set_ranges(const struct memscope_range *ranges, size_t count)
{
    size_t bytes = sizeof(struct range_table) + count * sizeof(struct memscope_range);
    struct range_table *table = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (table == MAP_FAILED)
        return false;
    // Insertion sort: module lists come almost sorted, and qsort may allocate.
    for (size_t i = 0; i < count; i++) {
        if (ranges[i].end <= ranges[i].start)
            continue;
        size_t at = table->count++;
        for (; at > 0 && table->ranges[at - 1].start > ranges[i].start; at--)
            table->ranges[at] = table->ranges[at - 1];
        table->ranges[at] = ranges[i];
        mark_pages(ranges[i].start, ranges[i].end);
    }
    atomic_store_explicit(&published, table, memory_order_release);
    memscope_metadata_forget_verdicts();
    return true;
}

bool memscope_metadata_add_pool(uintptr_t start, size_t size)
{
    if (size == 0 || start + size < start)
        return false;
    size_t slot = atomic_fetch_add_explicit(&pool_count, 1, memory_order_relaxed);
    if (slot >= POOL_CAPACITY) {
        atomic_store_explicit(&pool_count, POOL_CAPACITY, memory_order_relaxed);
        return false;
    }
    atomic_store_explicit(&pools[slot].start, start, memory_order_relaxed);
    atomic_store_explicit(&pools[slot].end, start + size, memory_order_release);
    mark_pages(start, start + size);
    return true;
}

size_t memscope_metadata_pool_count(void)
{
    size_t count = atomic_load_explicit(&pool_count, memory_order_acquire);
    return count < POOL_CAPACITY ? count : POOL_CAPACITY;
}

struct memscope_range memscope_metadata_pool(size_t index)
{
    if (index >= memscope_metadata_pool_count())
        return (struct memscope_range){0};
    uintptr_t end = atomic_load_explicit(&pools[index].end, memory_order_acquire);
    uintptr_t start = atomic_load_explicit(&pools[index].start, memory_order_relaxed);
    if (end == 0)
        return (struct memscope_range){0};
    return (struct memscope_range){.start = start, .end = end, .flags = MEMSCOPE_RANGE_WRITABLE};
}

/// The last range that starts at or below `address`, if it reaches beyond it.
static const struct memscope_range *_Nullable find(uintptr_t address)
{
    const struct range_table *table = atomic_load_explicit(&published, memory_order_acquire);
    if (!table || table->count == 0)
        return NULL;
    const struct memscope_range *base = table->ranges;
    for (size_t length = table->count; length > 1;) {
        size_t half = length / 2;
        base = base[half].start <= address ? base + half : base;
        length -= half;
    }
    return address >= base->start && address < base->end ? base : NULL;
}

struct memscope_range memscope_range_of(uintptr_t address)
{
    const struct memscope_range *range = find(address);
    return range ? *range : (struct memscope_range){0};
}

bool memscope_in_module(uintptr_t address, size_t size)
{
    const struct memscope_range *range = find(address);
    return range && range->end - address >= size;
}

bool memscope_is_readable(uintptr_t address, size_t size)
{
    if (!memscope_page_filter_passes(address))
        return false;
    if (memscope_in_module(address, size))
        return true;
    size_t count = memscope_metadata_pool_count();
    for (size_t i = 0; i < count; i++) {
        struct memscope_range pool = memscope_metadata_pool(i);
        if (address >= pool.start && address < pool.end)
            return pool.end - address >= size;
    }
    return false;
}

bool memscope_is_code(uintptr_t address)
{
    const struct memscope_range *range = find(address);
    return range && (range->flags & MEMSCOPE_RANGE_EXECUTABLE);
}

void memscope_metadata_set_pool_record(const void *record)
{
    atomic_store_explicit(&pool_record, (uintptr_t)record, memory_order_release);
}

void memscope_metadata_poll_pool(void)
{
    uintptr_t record = atomic_load_explicit(&pool_record, memory_order_acquire);
    if (!record)
        return;
    // The runtime swaps the pair as one 16-byte word. `begin` only moves forward while a pool is in use,
    // so two equal readings of it enclose a reading of `left` that belongs to it.
    const _Atomic uintptr_t *pair = (const _Atomic uintptr_t *)record;
    uintptr_t begin = atomic_load_explicit(&pair[0], memory_order_acquire);
    uintptr_t left = atomic_load_explicit(&pair[1], memory_order_acquire);
    if (begin == 0 || left > MEMSCOPE_METADATA_POOL_SIZE || begin != atomic_load_explicit(&pair[0], memory_order_acquire))
        return;
    uintptr_t end = begin + left;
    if (end == atomic_load_explicit(&last_pool_end, memory_order_relaxed))
        return;
    // The first pool is a static array of the runtime's library and larger than the others.
    if (memscope_in_module(begin, 0))
        return;
    if (atomic_exchange_explicit(&last_pool_end, end, memory_order_relaxed) != end)
        memscope_metadata_add_pool(end - MEMSCOPE_METADATA_POOL_SIZE, MEMSCOPE_METADATA_POOL_SIZE);
}
