// What is mapped in the process, as the kernel tells it.
#ifndef MEMSCOPE_MEMORY_MAP_H
#define MEMSCOPE_MEMORY_MAP_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum memscope_mapping_flag : uint32_t {
    MEMSCOPE_MAPPING_READABLE = 1,
    MEMSCOPE_MAPPING_WRITABLE = 2,
    MEMSCOPE_MAPPING_SHARED = 4,
    /// The heap that grows by brk.
    MEMSCOPE_MAPPING_HEAP = 8,
    /// The main thread's stack.
    MEMSCOPE_MAPPING_STACK = 16,
    MEMSCOPE_MAPPING_FILE = 32,
    /// Of a file that is only memory: what is shared without a file, System V's, and what `memfd_create` and `shm_open` make.
    MEMSCOPE_MAPPING_MEMORY_FILE = 64,
    /// What the kernel gives every process.
    MEMSCOPE_MAPPING_KERNEL = 128,
    /// Not there in copies of the process, or empty. Only `memscope_memory_map_visit` knows.
    MEMSCOPE_MAPPING_KEPT = 256,
};

struct memscope_memory_mapping {
    uintptr_t start, end;
    uint32_t flags;
};

/// In address order.
struct memscope_memory_map {
    struct memscope_memory_mapping *mappings;
    uint32_t count;
    /// /proc/self/pagemap, or below 0.
    int pages;
};

/// Reads /proc/self/maps. False when that cannot be read.
bool memscope_memory_map_read(struct memscope_memory_map *map);

/// Calls `take` for each mapping, of which it is said here whether it is kept from copies. False when that is not told. Takes time for each
/// page of the process.
bool memscope_memory_map_visit(void (*take)(void *_Nullable info, const struct memscope_memory_mapping *mapping), void *_Nullable info);

/// Closes what it keeps open: which pages were touched is not known from then on.
void memscope_memory_map_close(struct memscope_memory_map *map);

/// The mapping of `address`, or the next one behind it; null when there is none.
const struct memscope_memory_mapping *_Nullable memscope_memory_map_at(const struct memscope_memory_map *map, uintptr_t address);

/// Which of at most 512 pages from `address` on were ever touched, one byte each; those of a private mapping that were not hold
/// zeros, or what a file has. False when that is not known.
bool memscope_memory_map_touched(const struct memscope_memory_map *map, uintptr_t address, uint32_t count,
                                 unsigned char *touched);

/// As above, of a private mapping of a file: which the process has written to, and so has for itself.
bool memscope_memory_map_written(const struct memscope_memory_map *map, uintptr_t address, uint32_t count,
                                 unsigned char *written);

/// As above, of shared memory: which are in memory at all. What is swapped out counts as untouched.
bool memscope_memory_map_present(uintptr_t address, uint32_t count, unsigned char *present);

#pragma clang assume_nonnull end
#endif
