// An oracle for attribution: counts every allocation by the label that the program itself keeps, and by task.
//
// The library stands below MemScope: the program's malloc, which is MemScope's hook, calls on to the one here. It shares no
// code with MemScope and asks only what is public:
//
//   task     swift_task_getCurrent() at each event. An address is a new task's when a block begins there.
//   run      a number that the program binds to a task-local value of its own, found by swift_task_localValueGet(), as the
//            language passes it to child tasks. While the value is being bound, on one thread and without a suspension, the
//            program says the run by `truth_override` instead, so no event falls in between.
//
// What trackScope itself allocates between its call and the beginning of its body is MemScope's own, and nobody's. The program
// labels that TRUTH_EDGE, and makes room for it beforehand, so that no slab of the task's is among it.
//
// The tables are mapped, never malloc'd; one lock guards them.
#ifndef TRUTH_H
#define TRUTH_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin
// A program builds without the oracle, which is preloaded.
#pragma clang attribute push(__attribute__((weak)), apply_to = function)

/// For `truth_override`: no override, the task-local value holds.
#define TRUTH_NONE 0u
/// For `truth_override`: between a call of trackScope and its body.
#define TRUTH_EDGE 0xffffffffu

/// Begins to count. `key` is the object of the TaskLocal that holds the run's number, a UInt64.
void truth_begin(const void *key);

/// Events in scopes, also while counting is paused.
uint64_t truth_events(void);

/// Begins a run of the scope `name` inside of the run `outer` (0 for none). Returns its number, from 1 on.
uint32_t truth_run_begin(uint32_t outer, const char *name);
/// The body of the run is through: what the run retains is read now.
void truth_run_ending(uint32_t run);
/// trackScope has returned. What the run's tasks did since `truth_run_ending` may count for the run or not; such a run is
/// left out of comparisons of runs, and counted as one that was.
void truth_run_ended(uint32_t run);

/// Sets the calling thread's override. `expected` is what it must be now; otherwise the test is wrong and ends.
void truth_override(uint32_t expected, uint32_t run);

/// Makes the running task's allocator ask for memory now, if it will, rather than between a call of trackScope and its body.
void truth_make_room(void);

/// Names the task that runs, for the comparison of tasks.
void truth_name_task(const char *name);

/// Counts a task created on a line of the program's source; `stays` if it is there at the end.
void truth_task_created(uint32_t line, uint32_t kind, uint32_t stays);

/// Does something to a block that the optimiser cannot see, so that it stays.
void truth_touch(void *block);

/// Hands a block to whoever takes it next: `truth_take` returns null when there is none.
void truth_post(void *block);
void *_Nullable truth_take(void);

/// Writes all there is as JSON.
int truth_write(const char *path);

#pragma clang attribute pop
#pragma clang assume_nonnull end
#endif
