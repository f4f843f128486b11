// What the hooks need of the program's Swift runtime, found once.
#ifndef MEMSCOPE_CURRENT_TASK_H
#define MEMSCOPE_CURRENT_TASK_H

#include <stdbool.h>

#include "../Ring/thread.h"
#include "task.h"

#pragma clang assume_nonnull begin

/// Finds the program's Swift runtime and tests that its tasks look as expected. Returns whether tasks can be read; why
/// not, is in memscope_swift_runtime.unavailable. Once, at start, after the module list.
bool memscope_tasks_start(void);

/// Whether the program has a Swift runtime at all, so that it pays to look for types.
bool memscope_has_swift(void);

/// Brings the thread's scope up to date with the task it runs. Called by a hook when the task, or any scope in any
/// task, has changed since the thread's last event.
void memscope_task_scope_refresh(struct memscope_thread *thread, const void *_Nullable task);

/// The number of the task that the calling thread runs, 0 for none or when tasks cannot be read.
uint64_t memscope_current_task_id(void);

/// Chooses the scope that the thread's next allocations belong to while it runs the task `id`: what it entered
/// synchronously in that very task, else the task's own as last seen.
void memscope_scope_apply(struct memscope_thread *thread, uint64_t id);

/// Incremented whenever a scope is entered or left in a task. Relaxed.
extern uint32_t memscope_task_scope_generation __attribute__((visibility("hidden")));

#pragma clang assume_nonnull end
#endif
