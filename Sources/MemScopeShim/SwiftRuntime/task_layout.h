#ifndef MEMSCOPE_TASK_LAYOUT_H
#define MEMSCOPE_TASK_LAYOUT_H

#include <stdint.h>

// Where the fields of a task stand. An implementation detail of the Swift runtime: valid only when it reports the layout
// version and the task size below, which memscope_swift_runtime_find checks. Private to SwiftRuntime/.

#define TASK_LAYOUT_VERSION 1u
#define TASK_SIZE_KNOWN 0xd0u

#define TASK_JOB_FLAGS 0x20
#define TASK_ID_LOW 0x24
#define TASK_RESUME_FUNCTION 0x38
#define TASK_RESUME_CONTEXT 0x40
#define TASK_STATUS 0x60
#define TASK_STATUS_RECORD 0x68
#define TASK_LAST_ALLOCATION 0x70
#define TASK_FIRST_SLAB 0x78
#define TASK_LOCALS 0x88
#define TASK_ID_HIGH 0x90
#define TASK_FRAGMENTS 0xd0

/// Bits of the job flags.
#define JOB_KIND_MASK 0xffu
#define JOB_IS_CHILD (1u << 24)
#define JOB_IS_FUTURE (1u << 25)
#define JOB_IS_GROUP_CHILD (1u << 26)
#define JOB_IS_ASYNC_LET (1u << 28)
#define JOB_HAS_NAME (1u << 30)
#define JOB_PRIORITY_SHIFT 8

/// The status record that has the task's name, and what else may stand in the words that tell.
#define STATUS_RECORD_NAME 6u
#define STATUS_RECORD_KIND_MASK 0xffu
#define STATUS_RECORD_TAG_MASK ((uintptr_t)7)

/// Bits of the status word.
#define STATUS_CANCELLED 0x100u
#define STATUS_RUNNING 0x800u
#define STATUS_ENQUEUED 0x1000u
#define STATUS_COMPLETE 0x2000u

/// A record of something that a task's status refers to.
struct task_status_record {
    uint64_t kind;
    const struct task_status_record *_Nullable parent;
    const char *_Nullable text;
};

/// What stands before each block that a task allocates from its slabs.
struct task_allocation {
    const struct task_allocation *_Nullable previous;
    const void *_Nullable slab;
};

/// A piece of the memory that a task allocates from.
struct task_slab {
    uintptr_t metadata;
    const struct task_slab *_Nullable next;
    uint32_t capacity;
    uint32_t used;
    uint64_t unused;
};

/// What every async function's frame starts with.
struct async_context {
    const struct async_context *_Nullable parent;
    uintptr_t resume_parent;
};

/// An item in a task's list of task-local values. The low three bits of `next` are a tag. A marker, which only
/// leads on to the parent task's list or stops the search, consists of `next` alone.
struct task_local {
    uintptr_t next;
    const void *_Nullable key;
    const void *_Nullable type;
    uint64_t value;
};
#define TASK_LOCAL_TAG_MASK 7u
#define TASK_LOCAL_MARKER 4u
#define TASK_LOCAL_STOP 6u

#endif
