#include "task.h"

#include "module_ranges.h"
#include "task_layout.h"

/// How many of a task's blocks are looked at for the current context. Seen: at most 4 of a function's own.
#define BLOCK_LIMIT 64
#define PARENT_LIMIT 1024
#define CALLERS_REMEMBERED 4
/// The first context starts at most this far into the task's allocation. Seen: 0x150.
#define FIRST_CONTEXT_REACH 0x400
/// Parts of async functions larger than this are not looked through.
#define PART_REACH 8192
#define CHAIN_LIMIT 4096
#define LOCAL_LIMIT 256
#define SLAB_LIMIT 65536
#define RECORD_LIMIT 256

static inline uint32_t u32_at(const void *task, size_t offset)
{
    return __atomic_load_n((const uint32_t *)((const char *)task + offset), __ATOMIC_RELAXED);
}

static inline uintptr_t word_at(const void *task, size_t offset)
{
    return __atomic_load_n((const uintptr_t *)((const char *)task + offset), __ATOMIC_RELAXED);
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

const char *memscope_task_name(const void *task)
{
    if (!(u32_at(task, TASK_JOB_FLAGS) & JOB_HAS_NAME))
        return NULL;
    // The records are in the order in which they came; what the task does while it runs stands before its name.
    uintptr_t link = word_at(task, TASK_STATUS_RECORD);
    for (int i = 0; (link & ~STATUS_RECORD_TAG_MASK) && i < RECORD_LIMIT; i++) {
        const struct task_status_record *record = (const void *)(link & ~STATUS_RECORD_TAG_MASK);
        if ((record->kind & STATUS_RECORD_KIND_MASK) == STATUS_RECORD_NAME)
            return record->text;
        link = (uintptr_t)record->parent;
    }
    return NULL;
}

uint32_t memscope_task_priority(const void *task)
{
    return u32_at(task, TASK_JOB_FLAGS) >> JOB_PRIORITY_SHIFT & 0xff;
}

uint64_t memscope_task_slab_bytes(const void *task)
{
    const struct task_slab *slab = (const void *)word_at(task, TASK_FIRST_SLAB);
    uint64_t bytes = 0;
    for (int i = 0; slab && i < SLAB_LIMIT; i++, slab = slab->next)
        bytes += slab->capacity + sizeof *slab;
    return bytes;
}

const void *memscope_task_parent(const void *task)
{
    return u32_at(task, TASK_JOB_FLAGS) & JOB_IS_CHILD ? (const void *)word_at(task, TASK_FRAGMENTS) : NULL;
}

uintptr_t memscope_task_suspended_context(const void *task)
{
    return word_at(task, TASK_RESUME_CONTEXT);
}

/// Whether `context` is the task's first: it stands between the task's fields and the slab that was allocated
/// with it, if any.
static bool is_first_context(const void *task, const struct async_context *context)
{
    uintptr_t reach = (uintptr_t)task + FIRST_CONTEXT_REACH;
    uintptr_t slab = word_at(task, TASK_FIRST_SLAB);
    if (slab > (uintptr_t)task && slab < reach)
        reach = slab;
    return (uintptr_t)context >= (uintptr_t)task + TASK_FRAGMENTS && (uintptr_t)context < reach && context->parent == NULL;
}

static const struct async_context *context_of(const struct task_allocation *block)
{
    return (const void *)(block + 1);
}

/// Whether the parent of the context in `block` is alive, if the block before is not the parent's.
///
/// A context's parent is an older block of the same task, or the first context. A block that is not a
/// context yet, or never will be, may still hold an earlier one. Mostly the parent of that is gone; else the block passes
/// for a second callee of a function which can have but one. Then the other one is believed if it has a callee itself, or
/// returns to a later place: what is left over comes from an earlier call.
static __attribute__((noinline)) bool has_live_parent(const void *task, const struct task_allocation *block)
{
    const struct async_context *context = context_of(block), *parent = context->parent;
    const struct async_context *callers[CALLERS_REMEMBERED] = {0};
    size_t next = 0;
    for (int i = 0; (block = block->previous) && i < PARENT_LIMIT; i++) {
        const struct async_context *other = context_of(block);
        if (other == parent)
            return true;
        if (((uintptr_t)other->parent & 15) || !other->parent || !memscope_is_code(other->resume_parent))
            continue;
        if (other->parent != parent) {
            callers[next++ % CALLERS_REMEMBERED] = other->parent;
            continue;
        }
        if (other->resume_parent > context->resume_parent)
            return false;
        for (size_t c = 0; c < CALLERS_REMEMBERED; c++)
            if (callers[c] == other)
                return false;
    }
    return is_first_context(task, parent);
}

/// The context in `block`, or NULL if none is there. That of `known` is known to lead to code.
static inline const struct async_context *_Nullable live_context(const void *task, const struct task_allocation *block,
                                                                 uintptr_t known)
{
    const struct async_context *context = context_of(block), *parent = context->parent;
    if (((uintptr_t)parent & 15) || !parent)
        return NULL;
    if ((uintptr_t)context != known && !memscope_is_code(context->resume_parent))
        return NULL;
    // Mostly the function's caller was the last to allocate before.
    if (block->previous && context_of(block->previous) == parent)
        return context;
    return has_live_parent(task, block) ? context : NULL;
}

/// Whether a function may start in (`start`, `pc`]. Functions start at multiples of 16 behind padding, a jump, a
/// return or a trap. Code without unwind tables has no better sign; a needless "yes" does no harm.
static bool may_contain_start(uintptr_t start, uintptr_t pc)
{
    for (uintptr_t at = (start | 15) + 1; at <= pc; at += 16) {
        const uint8_t *code = (const uint8_t *)at;
        bool padding = code[-1] == 0x90 || code[-1] == 0xcc || code[-1] == 0x00;
        bool leaves = code[-1] == 0xc3 || code[-2] == 0xeb || code[-2] == 0xff || code[-3] == 0xff || code[-4] == 0xff
            || code[-5] == 0xe9 || code[-5] == 0xe8 || (code[-2] == 0x0f && code[-1] == 0x0b) || code[-3] == 0xc2;
        if (padding || leaves)
            return true;
    }
    return false;
}

/// Whether `context` is that of a callee which has returned to the function that is running, and was not
/// released yet or is allocated anew and not filled in. The compiler splits an async function at each suspension. After
/// an await it goes on in the part that the callee returns to; from there, if it must get back to its actor, in the part behind that.
static bool has_returned(const void *task, const struct async_context *context, uintptr_t pc, const uintptr_t *frame)
{
    uintptr_t own = (uintptr_t)context->parent;
    // The first of these parts keeps its own function's context below its frame address, marked or not.
    if (frame && frame[-1] == own)
        return true;
    // The second is where the task was last resumed, in the same caller. A caller that was resumed there and has called again
    // since, in a loop, looks the same but for the code that runs.
    uintptr_t resumed_at = word_at(task, TASK_RESUME_FUNCTION);
    if (own != word_at(task, TASK_RESUME_CONTEXT) || context->resume_parent >= resumed_at)
        return false;
    return resumed_at < pc && pc - resumed_at < PART_REACH && memscope_in_module(resumed_at, pc - resumed_at)
        && !may_contain_start(resumed_at, pc);
}

uintptr_t memscope_task_async_context_unmarked(const void *task, uintptr_t pc, const uintptr_t *frame, uintptr_t known)
{
    const struct task_allocation *block = (const void *)word_at(task, TASK_LAST_ALLOCATION);
    for (int i = 0; block && i < BLOCK_LIMIT; i++, block = block->previous) {
        const struct async_context *context = live_context(task, block, known);
        if (context && !has_returned(task, context, pc, frame))
            return (uintptr_t)context;
    }
    return 0;
}

uintptr_t memscope_task_async_let_context(const void *task)
{
    const void *parent = memscope_task_parent(task);
    if (!parent || !(u32_at(task, TASK_JOB_FLAGS) & JOB_IS_ASYNC_LET))
        return 0;
    // Blocks of one slab stand one behind the other, so the one that holds the child is the nearest below it.
    const struct task_allocation *holder = NULL;
    const struct task_allocation *block = (const void *)word_at(parent, TASK_LAST_ALLOCATION);
    for (int i = 0; block && i < CHAIN_LIMIT; i++, block = block->previous)
        if ((const void *)block < task && (!holder || block > holder))
            holder = block;
    // The child's room may be a block of its own, above the frame.
    for (int i = 0; holder && i < BLOCK_LIMIT; i++, holder = holder->previous)
        if (live_context(parent, holder, 0))
            return (uintptr_t)context_of(holder);
    return 0;
}

uintptr_t memscope_task_async_context(const void *task, uintptr_t pc, const uintptr_t *frame, uintptr_t known)
{
    if (frame && (frame[0] & MEMSCOPE_ASYNC_FRAME_MARK))
        return frame[-1];
    return memscope_task_async_context_unmarked(task, pc, frame, known);
}

size_t memscope_task_callers(uintptr_t context, uintptr_t *callers, size_t capacity)
{
    size_t count = 0;
    const struct async_context *c = (const void *)context;
    // The first context has no parent and returns into the runtime, which ends the task.
    for (int i = 0; c && c->parent && i < CHAIN_LIMIT && count < capacity; i++, c = c->parent) {
        if (!memscope_is_code(c->resume_parent))
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
        if (!(link & TASK_LOCAL_MARKER)) {
            if (item->key != key)
                continue;
            *value = item->value;
            return true;
        }
        if ((link & TASK_LOCAL_STOP) == TASK_LOCAL_STOP)
            return false;
    }
    return false;
}

bool memscope_thread_scope_value(const void *key, uint64_t *value)
{
    const uint64_t *found = memscope_swift_runtime.task_local_get ? memscope_swift_runtime.task_local_get(key) : NULL;
    if (found)
        *value = *found;
    return found != NULL;
}
