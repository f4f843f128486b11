#include "context.h"

#include "../Lifecycle/lock.h"
#include "../Lifecycle/state.h"
#include "../Ring/ring.h"
#include "scope.h"

// Guards taking from the lists of free places. Giving back needs no lock, and one taker at a time cannot be fooled by a
// place that left and came back meanwhile.
static memscope_lock lock;

// The next free place of a list whose links stand in every element `stride` bytes apart, else one more of the table.
static uint32_t take(uint32_t *head, const char *links, uint64_t stride, uint32_t *count, uint32_t capacity) {
    memscope_lock_take(&lock);
    uint32_t index = __atomic_load_n(head, __ATOMIC_ACQUIRE);
    while (index != 0) {
        uint32_t next = *(const uint32_t *)(links + index * stride);
        if (__atomic_compare_exchange_n(head, &index, next, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) break;
    }
    if (index == 0 && *count < capacity) {
        index = *count;
        __atomic_store_n(count, index + 1, __ATOMIC_RELEASE);
    }
    memscope_lock_drop(&lock);
    return index;
}

static uint32_t context_take(void) {
    struct memscope_engine *engine = &memscope_engine;
    return take(&engine->free_context, (const char *)&engine->contexts->next, sizeof *engine->contexts,
                &engine->context_count, engine->context_capacity);
}

uint32_t memscope_task_take(void) {
    struct memscope_engine *engine = &memscope_engine;
    return take(&engine->free_task, (const char *)&engine->tasks->next_sibling, sizeof *engine->tasks,
                &engine->task_count, engine->task_capacity);
}

uint32_t memscope_run_take(void) {
    struct memscope_engine *engine = &memscope_engine;
    return take(&engine->free_run, (const char *)&engine->runs->next, sizeof *engine->runs, &engine->run_count,
                engine->run_capacity);
}

static uint32_t add(struct memscope_thread *thread, uint32_t *head, uint32_t task, uint64_t run) {
    struct memscope_engine *engine = &memscope_engine;
    uint32_t index = context_take();
    if (index == 0) return 0;
    struct memscope_context *context = &engine->contexts[index];
    context->thread = thread->index;
    context->task = task;
    context->run = run;
    context->site = task ? engine->tasks[task].site : 0;
    context->next = *head;
    *head = index;
    memscope_ring_note(thread, MEMSCOPE_CONTROL_CONTEXT_BEGIN, index);
    return index;
}

void memscope_context_use(struct memscope_thread *thread, uint32_t task, uint64_t run) {
    struct memscope_engine *engine = &memscope_engine;
    uint32_t *head = task ? &engine->tasks[task].first_context : &thread->first_context;
    uint32_t *link = head, index;
    run = memscope_run_current(run);
    while ((index = *link) != 0) {
        struct memscope_context *context = &engine->contexts[index];
        if (context->run == run && context->thread == thread->index) break;
        if (memscope_run_current(context->run) == context->run) {
            link = &context->next;
            continue;
        }
        *link = context->next;
        memscope_ring_note(thread, MEMSCOPE_CONTROL_CONTEXT_END, index);
    }
    if (index == 0) index = add(thread, head, task, run);
    thread->context_word = (uint64_t)index << MEMSCOPE_CONTEXT_SHIFT;
}

void memscope_contexts_end(uint32_t index) {
    struct memscope_engine *engine = &memscope_engine;
    while (index != 0) {
        struct memscope_context *context = &engine->contexts[index];
        uint32_t next = context->next;
        context->flags |= MEMSCOPE_CONTEXT_ENDED;
        if (context->sums.allocations == context->sums.frees && !(context->flags & MEMSCOPE_CONTEXT_QUEUED)) {
            context->flags |= MEMSCOPE_CONTEXT_QUEUED;
            context->next = engine->ended_context;
            engine->ended_context = index;
        }
        index = next;
    }
}
