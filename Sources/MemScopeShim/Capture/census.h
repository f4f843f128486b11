// Figures of live blocks by type that no other section has: how old they are, and how much there was of each type when the
// capture before this one was made.
//
// A capture is made in a copy of the process, whose memory goes with it. What the next one needs lies in memory that the
// process and its copies share: two tables by turns, so that a copy that is killed half-way leaves the other.
#ifndef MEMSCOPE_CENSUS_H
#define MEMSCOPE_CENSUS_H

#include <stdbool.h>
#include <stdint.h>

#include "type_table.h"
#include "writer.h"

#pragma clang assume_nonnull begin

/// Maps the shared memory, unless that was done. On the drain thread, before the process is copied.
void memscope_census_prepare(void);

/// How long ago a block was allocated, in milliseconds, as far as its entry tells: births come in steps of 8 seconds, so the
/// middle of the step is taken. Of blocks older than 34 minutes it says too little.
uint64_t memscope_census_age(uint64_t entry);

struct memscope_census {
    /// Of each type's index + 1, 0 for blocks of no known type. Grows with the types.
    struct { uint64_t bytes, age; } *rows;
};

/// Maps an empty census. False when the kernel refuses.
bool memscope_census_start(struct memscope_census *census);

/// Counts blocks.
/// @param type Index + 1.
static inline void memscope_census_add(struct memscope_census *census, uint32_t type, uint64_t bytes, uint64_t age) {
    census->rows[type].bytes += bytes;
    census->rows[type].age += age;
}

/// Writes the section, and keeps the bytes of each type for the next capture.
void memscope_census_write(struct memscope_census *census, struct memscope_writer *writer, struct memscope_type_table *types);

#pragma clang assume_nonnull end
#endif
