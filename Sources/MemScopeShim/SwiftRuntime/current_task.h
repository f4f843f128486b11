// What the hooks need of the program's Swift runtime, found once.
#ifndef MEMSCOPE_CURRENT_TASK_H
#define MEMSCOPE_CURRENT_TASK_H

#include <stdbool.h>

#include "task.h"

#pragma clang assume_nonnull begin

/// Finds the program's Swift runtime and tests that its tasks look as expected. Returns whether tasks can be read; why
/// not, is in memscope_swift_runtime.unavailable. Once, at start, after the module list.
bool memscope_tasks_start(void);

/// What the function above found; unlike the switch's copy it is still there in a frozen copy of the process.
bool memscope_tasks_available(void);

/// Whether the program has a Swift runtime at all, so that it pays to look for types.
bool memscope_has_swift(void);

/// The number of the task that the calling thread runs, 0 for none or when tasks cannot be read.
uint64_t memscope_current_task_id(void);

#pragma clang assume_nonnull end
#endif
