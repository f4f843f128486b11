// Scopes: the paths of names that `trackScope` was called with, and their runs.
#ifndef MEMSCOPE_SCOPE_H
#define MEMSCOPE_SCOPE_H

#include <stdbool.h>

#include "../Ring/thread.h"

#pragma clang assume_nonnull begin

/// The scope (index + 1) of a name entered inside `parent` (index + 1, 0 for none); counts the entry. Takes the scopes
/// lock. When all places are taken (65 536 paths, 4 MiB of text) returns a scope named "(other scopes)".
uint32_t memscope_scope_find(uint32_t parent, const char *name, uint32_t length);

/// As `memscope_scope_find`, without the lock for a name that the thread entered lately.
uint32_t memscope_scope_find_cached(struct memscope_thread *thread, uint32_t parent, const char *name, uint32_t length);

/// Begins a run of a scope inside the run `outer` (0 for none) and returns its word. When no place is left the word names
/// the scope alone.
uint64_t memscope_run_begin(struct memscope_thread *thread, uint64_t outer, uint32_t scope);

/// Ends a run: from now on its word stands for the scope alone. The caller tells the engine by MEMSCOPE_CONTROL_RUN_END.
/// @return Whether there is anything to tell.
bool memscope_run_end(uint64_t run);

/// Whether a context's allocations count for a run that has not ended, or for one inside it, ended or not. On the drain thread or in a
/// frozen copy.
bool memscope_run_has_context(uint64_t run, uint32_t context);

/// The word to charge for: the run's while it lasts, the scope's alone afterwards.
static inline uint64_t memscope_run_current(uint64_t run) {
    uint32_t index = MEMSCOPE_RUN_INDEX(run);
    if (index == 0) return run;
    uint32_t serial = __atomic_load_n(&memscope_engine_state()->runs[index].serial, __ATOMIC_ACQUIRE);
    return serial == MEMSCOPE_RUN_SERIAL(run) ? run : MEMSCOPE_RUN_SCOPE(run);
}

#pragma clang assume_nonnull end
#endif
