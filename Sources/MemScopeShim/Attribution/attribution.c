#define _GNU_SOURCE
#include "attribution.h"

#include <string.h>

#include "../Interpose/record.h"
#include "../Lifecycle/own_copy.h"
#include "../Lifecycle/switch.h"
#include "../SwiftRuntime/current_task.h"
#include "../SwiftRuntime/dispatch_queue.h"
#include "context.h"
#include "names.h"
#include "scope.h"
#include "task_ledger.h"

enum { LONGEST_LABEL = 255 };

// No serial has as many bits.
#define SERIAL_NONE UINT32_MAX

static const void *scope_key;

void memscope_own_task_scope_key(const void *key) { __atomic_store_n(&scope_key, key, __ATOMIC_RELEASE); }

// The run that holds on the thread. A scope that was entered synchronously in the same task, or in none, lies further in than
// the task's own. A task that an executor runs inside of another's synchronous scope is not in that scope.
static uint64_t current_run(const struct memscope_thread *thread, const void *task, uint64_t id) {
    if (thread->sync_scope.run != 0 && thread->sync_scope.task == id) return thread->sync_scope.run;
    const void *key = __atomic_load_n(&scope_key, __ATOMIC_ACQUIRE);
    uint64_t run = 0;
    return task && key && memscope_task_scope_value(task, key, &run) ? run : 0;
}

void memscope_attribution_refresh(struct memscope_thread *thread, const void *task, uint64_t id) {
    uint32_t record = task ? memscope_task_record(thread, task, id) : 0;
    if (record) memscope_task_seen(record, task);
    memscope_context_use(thread, record, current_run(thread, task, id));
    thread->task_locals_seen = task ? memscope_task_locals(task) : 0;
}

bool memscope_attribution_same_queue(struct memscope_thread *thread) {
    if (thread->is_worker == MEMSCOPE_WORKER_UNKNOWN) {
        if (thread->depth == 0) return true;  // its first event
        thread->is_worker = memscope_dispatch_look(thread) ? MEMSCOPE_WORKER_YES : MEMSCOPE_WORKER_NO;
    }
    if (thread->is_worker == MEMSCOPE_WORKER_NO) return true;
    const char *label = memscope_dispatch_label();
    if (!label) label = "";
    // By the text: a queue that is gone may have left the place of its label to another's.
    if (strncmp(label, memscope_engine_state()->names + (thread->queue_site >> MEMSCOPE_SITE_KIND_BITS), LONGEST_LABEL) == 0)
        return true;
    uint32_t length = (uint32_t)strnlen(label, LONGEST_LABEL);
    uint32_t site = length ? memscope_name_intern(label, length) << MEMSCOPE_SITE_KIND_BITS : 0;
    bool is_same = site == thread->queue_site;
    thread->queue_site = site;
    return is_same;
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

// The next event looks anew; where tasks cannot be read no event would, so it is done at once.
static void scope_has_changed(struct memscope_thread *thread) {
    thread->run_serial_seen = SERIAL_NONE;
    if (!__atomic_load_n(&memscope_switch.tasks, __ATOMIC_RELAXED)) memscope_attribution_refresh(thread, NULL, 0);
}

static const void *current_task(void) {
    return __atomic_load_n(&memscope_switch.tasks, __ATOMIC_RELAXED) ? memscope_task_current() : NULL;
}

static uint64_t begin(struct memscope_thread *thread, const void *task, uint64_t id, const char *name, uint32_t length) {
    uint64_t outer = memscope_run_current(current_run(thread, task, id));
    uint32_t scope = memscope_scope_find_cached(thread, MEMSCOPE_RUN_SCOPE(outer), name, length);
    return memscope_run_begin(thread, outer, scope);
}

static void end(struct memscope_thread *thread, uint64_t run) {
    if (memscope_run_end(run)) memscope_ring_note(thread, MEMSCOPE_CONTROL_RUN_END, MEMSCOPE_RUN_INDEX(run));
}

struct memscope_scope_entry memscope_own_scope_enter(const char *name, uint32_t length) {
    struct memscope_scope_entry entry = {0};
    struct memscope_thread *thread = enter();
    if (!thread) return entry;
    const void *task = current_task();
    uint64_t id = task ? memscope_task_id(task) : 0;
    entry.before = thread->sync_scope;
    entry.run = begin(thread, task, id, name, length);
    thread->sync_scope = (struct memscope_thread_scope){.task = id, .run = entry.run};
    scope_has_changed(thread);
    memscope_hook_leave(thread);
    return entry;
}

void memscope_own_scope_leave(struct memscope_scope_entry entry) {
    if (entry.run == 0 || !memscope_local.state) return;
    memscope_local.state->sync_scope = entry.before;
    struct memscope_thread *thread = enter();
    if (!thread) return;
    end(thread, entry.run);
    scope_has_changed(thread);
    memscope_hook_leave(thread);
}

uint64_t memscope_own_scope_begin(const char *name, uint32_t length) {
    struct memscope_thread *thread = enter();
    if (!thread) return 0;
    const void *task = current_task();
    uint64_t run = begin(thread, task, task ? memscope_task_id(task) : 0, name, length);
    memscope_hook_leave(thread);
    return run;
}

void memscope_own_scope_end(uint64_t run) {
    struct memscope_thread *thread = run ? enter() : NULL;
    if (!thread) return;
    end(thread, run);
    memscope_hook_leave(thread);
}

// The bit goes with the context, so that a hook does no more for it than it does anyway.
static void ignoring_has_changed(void) {
    struct memscope_thread *thread = enter();
    if (!thread) return;
    scope_has_changed(thread);
    memscope_hook_leave(thread);
}

void memscope_own_leaks_ignore_begin(void) {
    if (memscope_local.ignoring++ == 0) ignoring_has_changed();
}

void memscope_own_leaks_ignore_end(void) {
    if (memscope_local.ignoring == 0) return;
    if (--memscope_local.ignoring == 0) ignoring_has_changed();
}

uint64_t memscope_own_scope_current(void) {
    struct memscope_thread *thread = enter();
    if (!thread) return 0;
    const void *task = current_task();
    uint64_t run = memscope_run_current(current_run(thread, task, task ? memscope_task_id(task) : 0));
    memscope_hook_leave(thread);
    return run;
}
