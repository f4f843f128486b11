#include "attribution.h"

#include "../Interpose/record.h"
#include "../Lifecycle/own_copy.h"
#include "../Lifecycle/switch.h"
#include "../SwiftRuntime/current_task.h"
#include "context.h"
#include "scope.h"
#include "task_ledger.h"

uint32_t memscope_scope_generation;
static const void *scope_key;

void memscope_own_task_scope_key(const void *key) { __atomic_store_n(&scope_key, key, __ATOMIC_RELEASE); }

void memscope_own_task_scope_changed(void) { __atomic_fetch_add(&memscope_scope_generation, 1, __ATOMIC_RELAXED); }

void memscope_attribution_refresh(struct memscope_thread *thread, const void *task, uint64_t id) {
    thread->scope_generation = __atomic_load_n(&memscope_scope_generation, __ATOMIC_RELAXED);
    // A scope that was entered synchronously in the same task, or in none, lies further in than the task's own. A task
    // that an executor runs inside of another's synchronous scope is not in that scope.
    uint64_t run = thread->sync_scope.task == id ? thread->sync_scope.run : 0;
    const void *key = __atomic_load_n(&scope_key, __ATOMIC_ACQUIRE);
    if (run == 0 && task && key && !memscope_task_scope_value(task, key, &run)) run = 0;
    uint32_t record = task ? memscope_task_record(thread, task, id) : 0;
    if (record) memscope_task_seen(record, task);
    memscope_context_use(thread, record, run);
}

// The thread's state with the guard of a hook set, so that a signal handler that interrupts us keeps out of the ring and of
// our locks; null when there is none to be had, or nothing is recorded.
static struct memscope_thread *enter(void) {
    struct memscope_thread *thread = memscope_local.state;
    if (!memscope_own_is_tracking() || (thread && thread->in_hook)) return NULL;
    if (!thread) {
        if (memscope_local.without_state) return NULL;
        memscope_local.without_state = 1;
        if (!(thread = memscope_thread_create())) return NULL;
        memscope_local.without_state = 0;
    }
    thread->in_hook = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return thread;
}

uint64_t memscope_own_scope_begin(uint64_t outer, const char *name, uint32_t length) {
    struct memscope_thread *thread = enter();
    if (!thread) return 0;
    uint32_t scope = memscope_scope_find_cached(thread, MEMSCOPE_RUN_SCOPE(outer), name, length);
    uint64_t run = memscope_run_begin(memscope_run_current(outer), scope);
    memscope_hook_leave(thread);
    return run;
}

void memscope_own_scope_end(uint64_t run) {
    struct memscope_thread *thread = enter();
    if (!thread) return;
    if (memscope_run_end(run)) {
        memscope_own_task_scope_changed();
        memscope_ring_note(thread, MEMSCOPE_CONTROL_RUN_END, MEMSCOPE_RUN_INDEX(run));
    }
    memscope_hook_leave(thread);
}

// The next event looks anew; where tasks cannot be read no event would, so it is done at once.
static void scope_has_changed(struct memscope_thread *thread) {
    thread->scope_generation--;
    if (!__atomic_load_n(&memscope_switch.tasks, __ATOMIC_RELAXED)) memscope_attribution_refresh(thread, NULL, 0);
}

struct memscope_thread_scope memscope_own_thread_scope_enter(uint64_t run) {
    struct memscope_thread_scope before = {0};
    struct memscope_thread *thread = enter();
    if (!thread) return before;
    before = thread->sync_scope;
    thread->sync_scope = (struct memscope_thread_scope){.task = memscope_current_task_id(), .run = run};
    scope_has_changed(thread);
    memscope_hook_leave(thread);
    return before;
}

void memscope_own_thread_scope_leave(struct memscope_thread_scope before) {
    struct memscope_thread *thread = memscope_local.state;
    if (!thread) return;
    thread->sync_scope = before;
    if (!(thread = enter())) return;
    scope_has_changed(thread);
    memscope_hook_leave(thread);
}
