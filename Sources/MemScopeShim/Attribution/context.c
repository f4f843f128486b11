#include "context.h"

#include "../Lifecycle/lock.h"
#include "../Lifecycle/state.h"
#include "../Ring/ring.h"
#include "scope.h"

// Guards taking from the lists of free places. Giving back needs no lock, and one taker at a time cannot be fooled by a
// place that left and came back meanwhile.
static memscope_lock lock;

// A table with a list of free places.
struct places {
    uint32_t *head;
    const char *links;  // where the next one stands in element 0, and from there on every `stride` bytes
    uint64_t stride;
    uint32_t *count;
    uint32_t capacity;
};

// The next free place, else one more of the table.
static uint32_t take_locked(const struct places *places) {
    uint32_t index = __atomic_load_n(places->head, __ATOMIC_ACQUIRE);
    while (index != 0) {
        uint32_t next = *(const uint32_t *)(places->links + index * places->stride);
        if (__atomic_compare_exchange_n(places->head, &index, next, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) return index;
    }
    index = *places->count;
    if (index >= places->capacity) return 0;
    __atomic_store_n(places->count, index + 1, __ATOMIC_RELEASE);
    return index;
}

static uint32_t take(struct places places) {
    memscope_lock_take(&lock);
    uint32_t index = take_locked(&places);
    memscope_lock_drop(&lock);
    return index;
}

#define PLACES(table, link, free, number, limit)                                                                     \
    (struct places){&memscope_engine.free, (const char *)&memscope_engine.table->link, sizeof *memscope_engine.table, \
                    &memscope_engine.number, memscope_engine.limit}

uint32_t memscope_task_take(void) { return take(PLACES(tasks, next_sibling, free_task, task_count, task_capacity)); }

uint32_t memscope_run_take(struct memscope_thread *thread) {
    if (thread->spare_run_count == 0) {
        struct places places = PLACES(runs, next, free_run, run_count, run_capacity);
        memscope_lock_take(&lock);
        while (thread->spare_run_count < MEMSCOPE_SPARE_RUNS) {
            uint32_t index = take_locked(&places);
            if (index == 0) break;
            thread->spare_runs[thread->spare_run_count++] = index;
        }
        memscope_lock_drop(&lock);
        if (thread->spare_run_count == 0) return 0;
    }
    return thread->spare_runs[--thread->spare_run_count];
}

void memscope_runs_return(struct memscope_thread *thread) {
    while (thread->spare_run_count > 0) {
        uint32_t index = thread->spare_runs[--thread->spare_run_count];
        memscope_push_free(&memscope_engine.free_run, index, &memscope_engine.runs[index].next);
    }
}

static uint32_t add(struct memscope_thread *thread, uint32_t *head, uint32_t task, uint64_t run) {
    struct memscope_engine *engine = &memscope_engine;
    uint32_t index = take(PLACES(contexts, next, free_context, context_count, context_capacity));
    if (index == 0) return 0;
    struct memscope_context *context = &engine->contexts[index];
    context->thread = thread->index;
    context->task = task;
    context->task_id = (uint32_t)engine->tasks[task].id;
    context->run = run;
    context->site = task ? engine->tasks[task].site : thread->queue_site;
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
        if (context->run == run && context->thread == thread->index && (task || context->site == thread->queue_site)) break;
        if (memscope_run_current(context->run) == context->run) {
            link = &context->next;
            continue;
        }
        *link = context->next;
        memscope_ring_note(thread, MEMSCOPE_CONTROL_CONTEXT_END, index);
    }
    if (index == 0) index = add(thread, head, task, run);
    thread->context_word = (uint64_t)index << MEMSCOPE_CONTEXT_SHIFT | (memscope_local.ignoring ? MEMSCOPE_IGNORED_BIT : 0);
    // Run 0 stands for none, and is never over.
    thread->run_serial = &engine->runs[MEMSCOPE_RUN_INDEX(run)].serial;
    thread->run_serial_seen = MEMSCOPE_RUN_SERIAL(run);
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
