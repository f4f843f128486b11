#ifndef MEMSCOPE_MODULE_RANGES_H
#define MEMSCOPE_MODULE_RANGES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Which memory may be read without asking anyone: the loaded segments of the modules, and the blocks
// that the Swift runtime carves metadata from.
//
// What is always true:
//  1. A published table never changes and is never unmapped, so a reader needs no lock and no grace
//     period. A new table replaces it by one pointer store. What is lost with each dlopen is one table,
//     24 bytes a segment.
//  2. One writer at a time publishes tables; any thread may append a metadata pool.
//  3. A bit of the page filter, once set, stays set: a stale bit costs a full test, never a wrong verdict.
//
// Everything here is async-signal-safe except memscope_metadata_set_ranges.

/// The segment holds code.
#define MEMSCOPE_RANGE_EXECUTABLE 1u
/// The segment can be written.
#define MEMSCOPE_RANGE_WRITABLE 2u

/// One loaded segment of a module: [start, end).
struct memscope_range {
    uintptr_t start;
    uintptr_t end;
    /// MEMSCOPE_RANGE_… bits.
    uint32_t flags;
    uint32_t reserved;
};

/// Address bits kept by one bit of the page filter: 64 KiB.
#define MEMSCOPE_PAGE_FILTER_SHIFT 16
/// Bits in the page filter. It wraps every 4 GiB.
#define MEMSCOPE_PAGE_FILTER_BITS 65536u

/// One bit for every 64 KiB of address space, modulo 4 GiB, that a module or a pool touches.
extern _Atomic uint64_t memscope_page_filter[MEMSCOPE_PAGE_FILTER_BITS / 64];

/// Publishes the segments of all loaded modules, replacing the previous ones.
///
/// `ranges` is copied; the order does not matter. Call it at start and after each change of the module
/// list, from one thread at a time. Maps memory; not async-signal-safe. Forgets all cached verdicts.
/// Returns false when memory could not be mapped: the previous table then stays.
bool memscope_metadata_set_ranges(const struct memscope_range *_Nonnull ranges, size_t count);

/// Adds a block that the Swift runtime allocates metadata from. Any thread, no lock. Returns false when
/// the table of pools is full (1 000 entries): types whose metadata lies there stay unknown.
bool memscope_metadata_add_pool(uintptr_t start, size_t size);

/// Names the runtime's record of its current metadata pool: {next free byte, bytes left}.
/// memscope_swift_runtime_find calls it. NULL turns polling off.
void memscope_metadata_set_pool_record(const void *_Nullable record);

/// Adds the runtime's current metadata pool if it is new. A few loads when it is not.
///
/// The runtime gets each pool by malloc(MEMSCOPE_METADATA_POOL_SIZE) while its record still names the pool
/// before. So whoever polls in the malloc hook for every request of that size, and once more before a
/// snapshot or each engine round, has seen every pool since tracking began; of the pools before that
/// only the one in use is known. Async-signal-safe.
void memscope_metadata_poll_pool(void);

/// The size in bytes of the blocks that the runtime carves metadata from.
#define MEMSCOPE_METADATA_POOL_SIZE 16384

/// The number of pools known.
size_t memscope_metadata_pool_count(void);

/// The pool with this index, or an empty range. The leak scanner treats pools as roots.
struct memscope_range memscope_metadata_pool(size_t index);

/// Whether [address, address + size) lies in one segment of a module. About 10 ns, no lock.
bool memscope_in_module(uintptr_t address, size_t size);

/// Whether [address, address + size) lies in one segment of a module or in one metadata pool.
bool memscope_is_readable(uintptr_t address, size_t size);

/// Whether `address` lies in a segment that holds code.
bool memscope_is_code(uintptr_t address);

/// The segment that `address` lies in, or an empty one.
struct memscope_range memscope_range_of(uintptr_t address);

/// Whether the page filter lets `address` pass. False means: neither in a module nor in a pool.
static inline bool memscope_page_filter_passes(uintptr_t address)
{
    size_t bit = (address >> MEMSCOPE_PAGE_FILTER_SHIFT) % MEMSCOPE_PAGE_FILTER_BITS;
    uint64_t word = atomic_load_explicit(&memscope_page_filter[bit / 64], memory_order_relaxed);
    return (word >> (bit % 64)) & 1;
}

#endif
