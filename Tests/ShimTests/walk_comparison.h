// Compares our walk with libunwind's at the same instant, and keeps account.

#ifndef MEMSCOPE_WALK_COMPARISON_H
#define MEMSCOPE_WALK_COMPARISON_H

#include <stdbool.h>

/// Walks the caller's stack both ways and counts the outcome. Does nothing inside itself, before
/// walk_comparison_start and after walk_comparison_report.
void walk_comparison_take(void);

/// Loads libunwind privately (its `_Unwind_*` must not replace the program's) and begins.
/// @return False if it is not installed.
bool walk_comparison_start(void);

/// Writes the account to the file that WALK_COMPARISON names (or standard error) and stops.
/// @return The number of walks that differ in a way that no known cause explains.
unsigned long walk_comparison_report(void);

#endif
