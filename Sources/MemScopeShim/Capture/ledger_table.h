// The retain ledger of a capture.
#ifndef MEMSCOPE_LEDGER_TABLE_H
#define MEMSCOPE_LEDGER_TABLE_H

#include <stdbool.h>

#include "type_table.h"

#pragma clang assume_nonnull begin

/// As many objects are written one by one: what leaked, and of the others those with most retains and releases.
#define MEMSCOPE_LEDGER_LISTED 65536u

/// Writes the sections of the retain ledger; nothing when there is none. After the search for leaks, if there is one.
/// @param frozen Whether objects may be read.
/// @param has_leaks Whether that search was done.
void memscope_ledger_table_write(struct memscope_writer *writer, struct memscope_type_table *types, bool frozen, bool has_leaks);

/// The strong count by the object's own word, 0 when it cannot be read. As in a hook; guarded reads only.
uint32_t memscope_ledger_strong(uint64_t address);

/// The ledger's figures: each is handed to `add` with its name.
void memscope_ledger_table_count(struct memscope_writer *writer,
                                 void (*add)(struct memscope_writer *writer, const char *key, uint64_t value));

#pragma clang assume_nonnull end
#endif
