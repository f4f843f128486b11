// Whose the calling thread's next allocations are: which task it runs, in which run of a scope.
#ifndef MEMSCOPE_ATTRIBUTION_H
#define MEMSCOPE_ATTRIBUTION_H

#include "../Ring/thread.h"
#include "../SwiftRuntime/task.h"

#pragma clang assume_nonnull begin

/// Brings the thread's context up to date with the task it runs (null for none; `id` is its number). Called by a hook when
/// the task is another than at the thread's last event, or `memscope_attribution_holds` no longer. 20 to 60 ns for a known task.
void memscope_attribution_refresh(struct memscope_thread *thread, const void *_Nullable task, uint64_t id);

/// Whether the thread's context is still right, if the thread runs the same task as at its last event: the run is not over,
/// and no value was bound in the task since, wherever that happened. Two loads.
static inline bool memscope_attribution_holds(const struct memscope_thread *thread, const void *_Nullable task) {
    return __atomic_load_n(thread->run_serial, __ATOMIC_RELAXED) == thread->run_serial_seen &&
           (task == NULL || memscope_task_locals(task) == thread->task_locals_seen);
}

#pragma clang assume_nonnull end
#endif
