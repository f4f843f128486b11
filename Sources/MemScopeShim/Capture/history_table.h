// The history in a capture: sections 25 and 26.
#ifndef MEMSCOPE_HISTORY_TABLE_H
#define MEMSCOPE_HISTORY_TABLE_H

#include "writer.h"

#pragma clang assume_nonnull begin

/// Writes both sections, or none where there is no history.
void memscope_history_table_write(struct memscope_writer *writer);

#pragma clang assume_nonnull end
#endif
