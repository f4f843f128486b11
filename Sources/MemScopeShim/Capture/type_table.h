// The types that occur in a capture, each with its name.
#ifndef MEMSCOPE_TYPE_TABLE_H
#define MEMSCOPE_TYPE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "writer.h"

#pragma clang assume_nonnull begin

enum { MEMSCOPE_TYPES = 1 << 18 };

/// Open addressing by type word; `order` keeps them as they came.
struct memscope_type_table {
    struct { uint64_t type; uint32_t index; uint32_t unused; } *slots;
    uint64_t *order;
    uint32_t count;
};

/// Maps an empty table. False when the kernel refuses.
bool memscope_type_table_start(struct memscope_type_table *table);

/// The index + 1 of a type word (see census_type.h), 0 for 0 and when MEMSCOPE_TYPES types are known already.
uint32_t memscope_type_index(struct memscope_type_table *table, uint64_t type);

/// Writes the section of types. Names are read from the program's metadata.
void memscope_type_table_write(const struct memscope_type_table *table, struct memscope_writer *writer);

#pragma clang assume_nonnull end
#endif
