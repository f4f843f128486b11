#define _GNU_SOURCE
#include "current_task.h"

#include <dlfcn.h>

#include "../Lifecycle/instance.h"
#include "../Lifecycle/switch.h"
#include "module_ranges.h"

static bool available;

bool memscope_tasks_start(void) {
    memscope_swift_runtime_find(memscope_this_is_preload());
    memscope_metadata_set_pool_record(memscope_swift_runtime.pool_record);
    return available = memscope_swift_runtime.unavailable == NULL && memscope_swift_runtime_self_test();
}

bool memscope_tasks_available(void) { return available; }

bool memscope_has_swift(void) {
    if (!memscope_this_is_preload() || memscope_swift_runtime.job_run) return true;
    Dl_info ours, found;
    void *function = dlsym(RTLD_DEFAULT, "swift_allocObject");
    return function && dladdr(function, &found) && dladdr((void *)&memscope_instance_v1, &ours) &&
           found.dli_fbase != ours.dli_fbase;
}

uint64_t memscope_current_task_id(void) {
    const void *task = memscope_switch.tasks ? memscope_task_current() : NULL;
    return task ? memscope_task_id(task) : 0;
}
