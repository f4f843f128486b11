// The names that the program gave to values, and the blocks that have them.
#ifndef MEMSCOPE_TRACKED_TABLE_H
#define MEMSCOPE_TRACKED_TABLE_H

#include "writer.h"

#pragma clang assume_nonnull begin

/// Writes the sections of tracked names and of tracked blocks. What is not there any more is told by the shadow.
void memscope_tracked_table_write(struct memscope_writer *writer);

#pragma clang assume_nonnull end
#endif
