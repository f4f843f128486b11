// Scopes as the linked library enters and leaves them: the run begins in the copy that is in charge, and its word is bound as
// a task-local value by the program's own Swift runtime, so that child tasks inherit it. One call each way: what trackScope
// costs is mostly calls. What the runtime allocates for the value is MemScope's own.
#include "../Lifecycle/instance.h"
#include "memscope_shim.h"

// The runtime's own entry points, which the compiler puts into every program that binds a task-local value. Weak, so that
// a program without Swift Concurrency links.
extern void swift_task_localValuePush(const void *_Nonnull key, void *_Nonnull value, const void *_Nonnull type)
    __attribute__((swiftcall, weak));
extern void swift_task_localValuePop(void) __attribute__((swiftcall, weak));

static struct { const void *key, *type; } binding;

void memscope_task_scope_key(const void *key, const void *type) {
    binding.key = key;
    binding.type = type;
    memscope_active()->task_scope_key(key);
}

// The runtime moves the value out of its place.
static inline void push(uint64_t run) {
    if (swift_task_localValuePush) swift_task_localValuePush(binding.key, &run, binding.type);
}

static inline void pop(void) {
    if (swift_task_localValuePop) swift_task_localValuePop();
}

static inline const char *text(const uint8_t *name) { return name ? (const char *)name : ""; }

struct memscope_scope_entry memscope_scope_enter(const uint8_t *name, uint32_t length) {
    const struct memscope_instance *active = memscope_active();
    active->ours_begin();
    struct memscope_scope_entry entry = active->scope_enter(text(name), length);
    // The task-local value is for the tasks that the body creates; the thread's own for everything it does itself.
    push(entry.run);
    active->ours_end();
    return entry;
}

void memscope_scope_leave(struct memscope_scope_entry entry) {
    const struct memscope_instance *active = memscope_active();
    active->ours_begin();
    pop();
    active->scope_leave(entry);
    active->ours_end();
}

uint64_t memscope_scope_begin(const uint8_t *name, uint32_t length) {
    const struct memscope_instance *active = memscope_active();
    active->ours_begin();
    uint64_t run = active->scope_begin(text(name), length);
    push(run);
    active->ours_end();
    return run;
}

void memscope_scope_end(uint64_t run) {
    const struct memscope_instance *active = memscope_active();
    active->ours_begin();
    pop();
    active->scope_end(run);
    active->ours_end();
}

void memscope_scope_bind(uint64_t run) {
    memscope_active()->ours_begin();
    push(run);
    memscope_active()->ours_end();
}

void memscope_scope_unbind(void) {
    memscope_active()->ours_begin();
    pop();
    memscope_active()->ours_end();
}
