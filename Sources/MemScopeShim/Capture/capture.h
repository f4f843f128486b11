// A capture: all tables and the live heap, written to a file from a frozen copy of the process.
//
//     requester ── waits ──────────────────────────────────────────┐
//     drain thread: round, clone ── goes on draining               │
//     child: reads the live heap, writes, renames, exits
//
// Totals are as of the cut: only the drain thread changes them. The kernel copies a process page by page while its
// other threads run, so what they change meanwhile may be in the copy or not: of the tables that they append to, only
// what was complete at the cut is used, and the rings are left alone. The live heap is as of the copying, a few
// milliseconds after the cut at most.
//
// The child is a copy that the program does not hear of; see process_copy.h.
#ifndef MEMSCOPE_CAPTURE_H
#define MEMSCOPE_CAPTURE_H

#include <stdbool.h>

#include "memscope_shim.h"

#pragma clang assume_nonnull begin

#define MEMSCOPE_CAPTURE_NAME "capture.memscope"
/// What a capture's name ends with until it is whole.
#define MEMSCOPE_CAPTURE_PART ".part"

/// Writes a capture to `path`. Async-signal-safe but for the lock it waits for (bounded).
/// @param milliseconds How long to wait for the cut, and again for the child.
enum memscope_status memscope_capture_write(const char *path, const char *reason, enum memscope_leak_mode leaks,
                                            unsigned milliseconds);

/// Writes `directory`/capture.memscope and has the command line tool (MEMSCOPE_CLI) render it there, if that is known.
void memscope_capture_and_render(const char *directory, const char *reason, enum memscope_leak_mode leaks);

/// Has the command line tool make the reports of a capture in `directory`, and removes the capture when that succeeded.
void memscope_capture_render(const char *directory, const char *path);

/// Adds the tool's options on suppressions, three at most, and ends the list.
void memscope_capture_add_suppressions(const char *_Nullable *_Nonnull arguments);

#pragma clang assume_nonnull end
#endif
