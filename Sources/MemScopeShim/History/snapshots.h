// When captures were made. The drain thread's own.
#ifndef MEMSCOPE_SNAPSHOTS_H
#define MEMSCOPE_SNAPSHOTS_H

#include <stdbool.h>

#pragma clang assume_nonnull begin

/// Notes that a capture is made at this cut. When the table is full every other of the older ones goes.
/// @param reason As the capture says it.
/// @param has_leaks Whether leaks are looked for.
void memscope_snapshot_note(const char *reason, bool has_leaks);

#pragma clang assume_nonnull end
#endif
