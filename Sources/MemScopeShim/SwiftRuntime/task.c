#include "task.h"

#include "module_ranges.h"
#include "task_layout.h"

/// How many of a task's blocks are looked at for the current context. Seen: at most 4 of a function's own.
#define BLOCK_LIMIT 64
#define CHAIN_LIMIT 4096
#define LOCAL_LIMIT 256

static inline uint32_t u32_at(const void *task, size_t offset)
{
    return __atomic_load_n((const uint32_t *)((const char *)task + offset), __ATOMIC_RELAXED);
}

static inline uintptr_t word_at(const void *task, size_t offset)
{
    return __atomic_load_n((const uintptr_t *)((const char *)task + offset), __ATOMIC_RELAXED);
}

uint64_t memscope_task_id(const void *task)
{
    return (uint64_t)u32_at(task, TASK_ID_HIGH) << 32 | u32_at(task, TASK_ID_LOW);
}

bool memscope_task_is_running(const void *task)
{
    return (u32_at(task, TASK_JOB_FLAGS) & JOB_KIND_MASK) == 0 && (u32_at(task, TASK_STATUS) & STATUS_RUNNING);
}

uint32_t memscope_task_flags(const void *task)
{
    uint32_t job = u32_at(task, TASK_JOB_FLAGS);
    uint32_t status = u32_at(task, TASK_STATUS);
    return (job & JOB_IS_CHILD ? MEMSCOPE_TASK_CHILD : 0) | (job & JOB_IS_FUTURE ? MEMSCOPE_TASK_FUTURE : 0)
        | (job & JOB_IS_GROUP_CHILD ? MEMSCOPE_TASK_GROUP_CHILD : 0) | (job & JOB_IS_ASYNC_LET ? MEMSCOPE_TASK_ASYNC_LET : 0)
        | (status & STATUS_CANCELLED ? MEMSCOPE_TASK_CANCELLED : 0) | (status & STATUS_RUNNING ? MEMSCOPE_TASK_RUNNING : 0)
        | (status & STATUS_ENQUEUED ? MEMSCOPE_TASK_ENQUEUED : 0) | (status & STATUS_COMPLETE ? MEMSCOPE_TASK_COMPLETE : 0);
}

const void *memscope_task_parent(const void *task)
{
    return u32_at(task, TASK_JOB_FLAGS) & JOB_IS_CHILD ? (const void *)word_at(task, TASK_FRAGMENTS) : NULL;
}

uintptr_t memscope_task_suspended_context(const void *task)
{
    return word_at(task, TASK_RESUME_CONTEXT);
}

uintptr_t memscope_task_async_context(const void *task)
{
    const struct task_allocation *block = (const void *)word_at(task, TASK_LAST_ALLOCATION);
    for (int i = 0; block && i < BLOCK_LIMIT; i++, block = block->previous) {
        const struct async_context *context = (const void *)(block + 1);
        if (((uintptr_t)context->parent & 15) == 0 && context->parent && memscope_is_code(context->resume_parent))
            return (uintptr_t)context;
    }
    return 0;
}

static bool ends_chain(uintptr_t resume)
{
    for (size_t i = 0; i < 4; i++)
        if (memscope_swift_runtime.chain_ends[i] == resume)
            return true;
    return false;
}

size_t memscope_task_callers(uintptr_t context, uintptr_t *callers, size_t capacity)
{
    size_t count = 0;
    const struct async_context *c = (const void *)context;
    for (int i = 0; c && i < CHAIN_LIMIT && count < capacity; i++, c = c->parent) {
        if (!memscope_is_code(c->resume_parent) || ends_chain(c->resume_parent))
            break;
        callers[count++] = c->resume_parent;
    }
    return count;
}

bool memscope_task_scope_value(const void *task, const void *key, uint64_t *value)
{
    uintptr_t link = word_at(task, TASK_LOCALS);
    for (int i = 0; (link & ~(uintptr_t)TASK_LOCAL_TAG_MASK) && i < LOCAL_LIMIT; i++) {
        const struct task_local *item = (const void *)(link & ~(uintptr_t)TASK_LOCAL_TAG_MASK);
        link = item->next;
        if ((link & TASK_LOCAL_TAG_MASK) == TASK_LOCAL_TAG_VALUE && item->key == key) {
            *value = item->value;
            return true;
        }
    }
    return false;
}
