// The retain ledger of a capture, summed up by type.
#ifndef MEMSCOPE_LEDGER_TYPE_TABLE_H
#define MEMSCOPE_LEDGER_TYPE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "type_table.h"

#pragma clang assume_nonnull begin

/// Stacks of what is left, by type, of which sums are kept. What finds no room is counted.
#define MEMSCOPE_LEDGER_UNMATCHED (1u << 18)

/// Writes the ledger's types, with objects that live and that are gone, and what is left of their retains by type and stack.
/// @param count As many rows of the ledger are looked at.
/// @param frozen Whether objects may be read.
void memscope_ledger_type_table_write(struct memscope_writer *writer, struct memscope_type_table *types, uint32_t count, bool frozen);

/// What found no room: objects whose types did not, and references whose stacks did not.
struct memscope_ledger_type_losses {
    uint64_t types, references;
};

/// What the latest such table had no room for.
struct memscope_ledger_type_losses memscope_ledger_type_losses(void);

#pragma clang assume_nonnull end
#endif
