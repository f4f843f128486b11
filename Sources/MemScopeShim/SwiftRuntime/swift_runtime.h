#ifndef MEMSCOPE_SWIFT_RUNTIME_H
#define MEMSCOPE_SWIFT_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "static_symbols.h"

// The program's Swift runtime: its entry points, and whether it is the one whose layouts we know.

/// Return addresses at which the runtime resumes a task are few: two in Swift 6.3.
#define MEMSCOPE_EXECUTOR_RETURNS 8

/// What was found of the program's Swift runtime. Written once, at start, by memscope_swift_runtime_find;
/// read by anyone afterwards. A null or zero member was not found.
struct memscope_swift_runtime {
    /// The running task of this thread, or NULL. A read of thread-local memory: no lock.
    void *_Nullable (*_Nullable task_current)(void);
    /// Where the value of a task-local is, by its key, in the running task or else in this thread's own list.
    const void *_Nullable (*_Nullable task_local_get)(const void *_Nonnull key);
    /// What the first word of a task's slab is.
    uintptr_t task_slab_metadata;
    /// The first instruction of `swift_job_run`.
    uintptr_t job_run;
    /// The code of `swift_task_create_common`: [start, end).
    uintptr_t task_create_start;
    uintptr_t task_create_end;
    /// The return addresses directly behind the runtime's calls of a task's resume function.
    uintptr_t executor_returns[MEMSCOPE_EXECUTOR_RETURNS];
    size_t executor_return_count;
    /// The record of the current metadata pool; see memscope_metadata_set_pool_record.
    const void *_Nullable pool_record;
    /// Why tasks cannot be read, as a sentence for the report; NULL when they can.
    const char *_Nullable unavailable;
};

extern struct memscope_swift_runtime memscope_swift_runtime;

/// Finds the program's Swift runtime and fills memscope_swift_runtime.
///
/// Call it once, at start, after memscope_metadata_set_ranges and before any other thread uses this
/// folder. Linked into the program (`preloaded` false) it uses weak symbols, which also work when the program has the
/// standard library linked statically. Preloaded, it asks the dynamic linker and takes nothing from our own module, since
/// that holds a second Swift runtime; failing that it reads the executable's symbol table. Not async-signal-safe. The
/// outcome: memscope_swift_runtime.unavailable.
void memscope_swift_runtime_find(bool preloaded);

/// Finds symbols of the program's runtime for a preloaded copy: by the dynamic linker, refusing what lies in our own module, since
/// that is our own copy of the runtime; if the first is not there, in the executable's symbol table. At start only.
enum memscope_static_symbols_result memscope_swift_symbols_find(struct memscope_static_symbol *_Nonnull symbols, size_t count);

/// Whether what was found is consistent: the code that runs a job contains a known resumption of a task, the
/// slab's metadata is no class, and, when called on a task, its words are those of a running task. Cheap, no lock.
/// On failure tasks become unavailable and the reason is noted.
bool memscope_swift_runtime_self_test(void);

/// Whether a frame with this return address was called by the executor: it and everything nearer to the
/// leaf belong to the task's physical stack, everything beyond is the executor's. 1 to 2 ns.
static inline bool memscope_swift_is_executor_return(uintptr_t return_address)
{
    for (size_t i = 0; i < memscope_swift_runtime.executor_return_count; i++)
        if (memscope_swift_runtime.executor_returns[i] == return_address)
            return true;
    return false;
}

/// Whether an allocation whose immediate caller is `return_address` is a new task.
static inline bool memscope_swift_is_task_creation(uintptr_t return_address)
{
    return return_address > memscope_swift_runtime.task_create_start && return_address <= memscope_swift_runtime.task_create_end;
}

/// The bounds of the function that `pc` lies in, from its unwind table. Provided by the unwinder; called at start only.
bool memscope_cfi_function(uintptr_t pc, uintptr_t *_Nonnull start, uintptr_t *_Nonnull end);

#endif
