#include "memscope_shim.h"

// The runtime's own entry points, which the compiler puts into every program that binds a task-local value. Weak, so that
// a program without Swift Concurrency links.
extern void swift_task_localValuePush(const void *_Nonnull key, void *_Nonnull value, const void *_Nonnull type)
    __attribute__((swiftcall, weak));
extern void swift_task_localValuePop(void) __attribute__((swiftcall, weak));

void memscope_task_local_push(const void *key, uint64_t value, const void *type) {
    // The runtime moves the value out of its place.
    if (swift_task_localValuePush) swift_task_localValuePush(key, &value, type);
}

void memscope_task_local_pop(void) {
    if (swift_task_localValuePop) swift_task_localValuePop();
}
