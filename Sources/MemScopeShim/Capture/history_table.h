// The history in a capture: sections 25 and 26, and 44 and 45 by owner.
#ifndef MEMSCOPE_HISTORY_TABLE_H
#define MEMSCOPE_HISTORY_TABLE_H

#include "context_table.h"
#include "writer.h"

#pragma clang assume_nonnull begin

/// Writes the sections, or none where there is no history.
void memscope_history_table_write(struct memscope_writer *writer, const struct memscope_context_table *contexts);

#pragma clang assume_nonnull end
#endif
