#define _GNU_SOURCE
#include "current_task.h"

#include <dlfcn.h>

#include "../Lifecycle/instance.h"
#include "../Lifecycle/own_copy.h"
#include "../Lifecycle/switch.h"
#include "module_ranges.h"

uint32_t memscope_task_scope_generation;
static const void *scope_key;

bool memscope_tasks_start(void) {
    memscope_swift_runtime_find(memscope_this_is_preload());
    memscope_metadata_set_pool_record(memscope_swift_runtime.pool_record);
    return memscope_swift_runtime.unavailable == NULL && memscope_swift_runtime_self_test();
}

bool memscope_has_swift(void) {
    if (!memscope_this_is_preload() || memscope_swift_runtime.job_run) return true;
    Dl_info ours, found;
    void *function = dlsym(RTLD_DEFAULT, "swift_allocObject");
    return function && dladdr(function, &found) && dladdr((void *)&memscope_instance_v1, &ours) &&
           found.dli_fbase != ours.dli_fbase;
}

void memscope_own_task_scope_key(const void *key) { __atomic_store_n(&scope_key, key, __ATOMIC_RELEASE); }

void memscope_own_task_scope_changed(void) {
    __atomic_fetch_add(&memscope_task_scope_generation, 1, __ATOMIC_RELAXED);
}

uint64_t memscope_current_task_id(void) {
    const void *task = memscope_switch.tasks ? memscope_task_current() : NULL;
    return task ? memscope_task_id(task) : 0;
}

void memscope_scope_apply(struct memscope_thread *thread, uint64_t id) {
    // A scope that was entered synchronously in the same task, or in none, lies further in than the task's own. A task
    // that an executor runs inside of another's synchronous scope is not in that scope.
    bool is_here = thread->sync_scope.scope != 0 && thread->sync_scope.task == id;
    memscope_thread_use_scope(thread, is_here ? thread->sync_scope.scope : thread->task_scope);
}

void memscope_task_scope_refresh(struct memscope_thread *thread, const void *task) {
    thread->scope_generation = __atomic_load_n(&memscope_task_scope_generation, __ATOMIC_RELAXED);
    const void *key = __atomic_load_n(&scope_key, __ATOMIC_ACQUIRE);
    uint64_t scope = 0;
    if (!key || !task || !memscope_task_scope_value(task, key, &scope)) scope = 0;
    thread->task_scope = (uint32_t)scope;
    memscope_scope_apply(thread, task ? memscope_task_id(task) : 0);
}
