// Runs of scopes and captures with their times: sections 42 and 43.
#ifndef MEMSCOPE_EVENTS_TABLE_H
#define MEMSCOPE_EVENTS_TABLE_H

#include "writer.h"

#pragma clang assume_nonnull begin

/// Writes both sections: the longest runs, those that are not over included, and the captures so far, this one included.
void memscope_events_table_write(struct memscope_writer *writer);

/// How many runs there were, those that are not over included.
uint64_t memscope_events_table_runs(void);

#pragma clang assume_nonnull end
#endif
