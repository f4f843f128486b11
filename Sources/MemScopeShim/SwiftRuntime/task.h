#ifndef MEMSCOPE_TASK_H
#define MEMSCOPE_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "swift_runtime.h"
#include "task_layout.h"

// Reading Swift Concurrency's tasks. All of it is async-signal-safe and needs
// memscope_swift_runtime.unavailable to be NULL: check that first, the functions do not.

/// The task that this thread is running, or NULL. Costs a call and a thread-local read.
static inline const void *_Nullable memscope_task_current(void)
{
    return memscope_swift_runtime.task_current ? memscope_swift_runtime.task_current() : NULL;
}

/// What a task is, from its flags.
enum memscope_task_flags : uint32_t {
    /// It has a parent: a group's child or an `async let`.
    MEMSCOPE_TASK_CHILD = 1,
    MEMSCOPE_TASK_FUTURE = 2,
    MEMSCOPE_TASK_GROUP_CHILD = 4,
    MEMSCOPE_TASK_ASYNC_LET = 8,
    MEMSCOPE_TASK_CANCELLED = 16,
    MEMSCOPE_TASK_RUNNING = 32,
    MEMSCOPE_TASK_ENQUEUED = 64,
    MEMSCOPE_TASK_COMPLETE = 128,
};

/// The task's number, unique in the process.
static inline uint64_t memscope_task_id(const void *_Nonnull task)
{
    uint32_t low = __atomic_load_n((const uint32_t *)((const char *)task + TASK_ID_LOW), __ATOMIC_RELAXED);
    uint32_t high = __atomic_load_n((const uint32_t *)((const char *)task + TASK_ID_HIGH), __ATOMIC_RELAXED);
    return (uint64_t)high << 32 | low;
}

/// memscope_task_flags of the task. A snapshot: another thread may change them.
uint32_t memscope_task_flags(const void *_Nonnull task);

/// The head of the task's list of task-local values; another one whenever a value was bound or unbound. A load.
static inline uintptr_t memscope_task_locals(const void *_Nonnull task)
{
    return __atomic_load_n((const uintptr_t *)((const char *)task + TASK_LOCALS), __ATOMIC_RELAXED);
}

/// The name that the task was given when it was created, NULL for none. Lies in the task's own memory. For a task that
/// is running on the calling thread, or in a frozen copy of the process.
const char *_Nullable memscope_task_name(const void *_Nonnull task);

/// The priority the task was created with, as the runtime numbers them.
uint32_t memscope_task_priority(const void *_Nonnull task);

/// Bytes of the slabs that the task allocates its frames from. In a frozen copy of the process only: another thread
/// may change the list.
uint64_t memscope_task_slab_bytes(const void *_Nonnull task);

/// Whether the words are those of a task that is running.
bool memscope_task_is_running(const void *_Nonnull task);

/// The task that a child belongs to; NULL for a task that has no parent. A parent outlives its children.
const void *_Nullable memscope_task_parent(const void *_Nonnull task);

/// The async context of the function that the running `task` is executing, or 0 when it is executing
/// its outermost function, which has no async callers.
///
/// `frame` is the frame address of the outermost physical frame that belongs to the task, the one whose
/// return address satisfies memscope_swift_is_executor_return; `pc` is where that frame goes on, so an address in the async function
/// itself. Both only sharpen the answer and may be 0: they tell the context of a callee that has
/// just returned from the running function's own, and a marked frame names its context outright.
/// `known` is a context, or 0, whose two words the caller has seen before in this task, when they led to code, and again
/// now: that need not be looked up.
/// Call it on the thread that runs the task. 5 to 50 ns, whatever the depth of the chain.
uintptr_t memscope_task_async_context(const void *_Nonnull task, uintptr_t pc, const uintptr_t *_Nullable frame,
                                      uintptr_t known);

/// As memscope_task_async_context without looking at the frame's mark: how unmarked programs, which is nearly all, are read.
uintptr_t memscope_task_async_context_unmarked(const void *_Nonnull task, uintptr_t pc, const uintptr_t *_Nullable frame,
                                               uintptr_t known);

/// The bit that `-swift-async-frame-pointer` sets in the saved frame address of an async function's frame,
/// whose context then stands in the word below the frame address.
#define MEMSCOPE_ASYNC_FRAME_MARK (1ull << 60)

/// The async context that a suspended task will resume in. Meaningless while the task runs.
uintptr_t memscope_task_suspended_context(const void *_Nonnull task);

/// The context of the function that declared the `async let` whose child task is `task`, or 0.
///
/// The child lies inside that function's frame, so its context is the block of the parent that holds the
/// child. memscope_task_callers of it gives who called that function; which function it is tells the
/// name of the child's own outermost function. Reads the parent's list of blocks: only for a parent that cannot
/// change meanwhile, in a frozen copy of the process or on a parent that waits for this child.
uintptr_t memscope_task_async_let_context(const void *_Nonnull task);

/// Collects the return addresses of the async callers from `context` outwards: where each awaiting
/// function continues. Returns how many were written; the runtime's own end of the chain is left out.
size_t memscope_task_callers(uintptr_t context, uintptr_t *_Nonnull callers, size_t capacity);

/// Looks up the task-local value that is stored under `key`, for values of up to 8 bytes. Walks the task's
/// list and its parents'. `key` is the object that Swift's `$name` gives for `@TaskLocal static var name`.
/// Call it on the thread that runs the task, or on a suspended task. Returns false when there is none.
bool memscope_task_scope_value(const void *_Nonnull task, const void *_Nonnull key, uint64_t *_Nonnull value);

/// As memscope_task_scope_value for the calling thread outside of any task, where a synchronous `withValue` keeps its values in
/// thread-local storage. Calls the runtime's own lookup, which takes no lock and allocates nothing.
bool memscope_thread_scope_value(const void *_Nonnull key, uint64_t *_Nonnull value);

#endif
