// Addresses of code in a capture's graph, each once: of closures, or of functions that run.
#ifndef MEMSCOPE_CLOSURE_TABLE_H
#define MEMSCOPE_CLOSURE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "writer.h"

#pragma clang assume_nonnull begin

/// Open addressing by address; `order` keeps them as they came.
struct memscope_closure_table {
    struct { uint64_t code; uint32_t index, unused; } *slots;
    uint64_t *order;
    uint32_t count;
};

/// Maps an empty table. False when the kernel refuses.
bool memscope_closure_table_start(struct memscope_closure_table *table);

/// The index + 1 of an address of code, 0 for 0 and when 32 768 are known already.
uint32_t memscope_closure_index(struct memscope_closure_table *table, uint64_t code);

/// Writes the addresses as a section.
void memscope_closure_table_write(const struct memscope_closure_table *table, struct memscope_writer *writer, enum memscope_section kind);

#pragma clang assume_nonnull end
#endif
