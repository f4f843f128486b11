#define _GNU_SOURCE
#include "instance.h"

#include <dlfcn.h>
#include <stddef.h>

#include "../LeakScan/leak_check.h"
#include "../SwiftRuntime/current_task.h"
#include "own_copy.h"

static enum memscope_status start(const struct memscope_options *options) { return memscope_own_start(options); }

__attribute__((visibility("default"))) const struct memscope_instance memscope_instance_v1 = {
    .version = MEMSCOPE_INSTANCE_VERSION,
    .bytes = sizeof(struct memscope_instance),
    .stand_down = memscope_own_stand_down,
    .start = start,
    .stop = memscope_own_stop,
    .pause = memscope_own_pause,
    .resume = memscope_own_resume,
    .is_tracking = memscope_own_is_tracking,
    .was_started = memscope_own_was_started,
    .mark = memscope_own_mark,
    .scope_enter = memscope_own_scope_enter,
    .scope_leave = memscope_own_scope_leave,
    .scope_begin = memscope_own_scope_begin,
    .scope_end = memscope_own_scope_end,
    .scope_current = memscope_own_scope_current,
    .task_scope_key = memscope_own_task_scope_key,
    .capture = memscope_own_capture,
    .ours_begin = memscope_own_ours_begin,
    .ours_end = memscope_own_ours_end,
    .set_exporter = memscope_own_set_exporter,
    .read_figures = memscope_own_read_figures,
    .scope_path = memscope_own_scope_path,
    .current_task = memscope_current_task_id,
    .capture_with = memscope_own_capture_with,
    .track_value = memscope_own_track_value,
    .capture_of_run = memscope_own_capture_of_run,
    .note_leaks = memscope_own_note_leaks,
    .hold_note = memscope_own_hold_note,
    .leaks_add_root = memscope_own_leaks_add_root,
    .leaks_ignore_root = memscope_own_leaks_ignore_root,
    .leaks_remove_root = memscope_own_leaks_remove_root,
    .leaks_ignore = memscope_own_leaks_ignore,
    .leaks_ignore_begin = memscope_own_leaks_ignore_begin,
    .leaks_ignore_end = memscope_own_leaks_ignore_end,
    .leaks_ignore_scope = memscope_own_leaks_ignore_scope,
    .leaks_check = memscope_leak_check,
};

static const struct memscope_instance *other;    // of our version
static const struct memscope_instance *stranger;  // of another

// A copy that is part of the executable, or of a library that the executable needs, lies after the preloaded one in
// lookup order only if it is not in the executable itself; both directions are looked at.
static const struct memscope_instance *find_other(void) {
    const struct memscope_instance *found = dlsym(RTLD_DEFAULT, "memscope_instance_v1");
    if (found == &memscope_instance_v1) found = dlsym(RTLD_NEXT, "memscope_instance_v1");
    return found == &memscope_instance_v1 ? NULL : found;
}

const struct memscope_instance *memscope_active(void) {
    static int looked;
    if (!__atomic_load_n(&looked, __ATOMIC_ACQUIRE)) {
        if (!memscope_this_is_preload()) {
            const struct memscope_instance *found = find_other();
            if (found && (found->version != MEMSCOPE_INSTANCE_VERSION || found->bytes != sizeof *found)) stranger = found;
            else other = found;
        }
        __atomic_store_n(&looked, 1, __ATOMIC_RELEASE);
    }
    return other ? other : &memscope_instance_v1;
}

bool memscope_versions_differ(void) {
    memscope_active();
    return stranger != NULL;
}

void memscope_stand_down_other(void) {
    if (memscope_versions_differ()) stranger->stand_down();
}

bool memscope_is_preloaded(void) { return memscope_this_is_preload() || memscope_active() != &memscope_instance_v1; }

enum memscope_status memscope_start(const struct memscope_options *options) {
    if (memscope_versions_differ()) return MEMSCOPE_VERSION_MISMATCH;
    return memscope_active()->start(options);
}
void memscope_stop(void) { memscope_active()->stop(); }
void memscope_pause(void) { memscope_active()->pause(); }
void memscope_resume(void) { memscope_active()->resume(); }
bool memscope_is_tracking(void) { return memscope_active()->is_tracking(); }
bool memscope_was_started(void) { return memscope_active()->was_started(); }
void memscope_mark(const char *name, uint32_t length) { memscope_active()->mark(name, length); }
uint64_t memscope_scope_current(void) { return memscope_active()->scope_current(); }
enum memscope_status memscope_capture(const char *path, const char *reason) {
    return memscope_active()->capture(path, reason);
}
enum memscope_status memscope_capture_with(const char *path, const char *reason, enum memscope_leak_mode mode) {
    return memscope_active()->capture_with(path, reason, mode);
}
enum memscope_status memscope_leak_capture(const char *path, enum memscope_leak_mode mode) {
    return memscope_capture_with(path, "leaks", mode);
}
void memscope_track_value(const void *value, uint32_t bytes, const struct memscope_tracked_label *label) {
    memscope_active()->track_value(value, bytes, label);
}
enum memscope_status memscope_leak_capture_of_run(const char *path, uint64_t run) {
    return memscope_active()->capture_of_run(path, run);
}
void memscope_note_leaks(uint64_t run, uint64_t blocks, uint64_t bytes) { memscope_active()->note_leaks(run, blocks, bytes); }
bool memscope_hold_note(bool hold) { return memscope_active()->hold_note(hold); }
void memscope_ours_begin(void) { memscope_active()->ours_begin(); }
void memscope_ours_end(void) { memscope_active()->ours_end(); }
void memscope_set_exporter(void (*exporter)(const char *, const char *)) { memscope_active()->set_exporter(exporter); }
bool memscope_read_figures(struct memscope_figures *into) { return memscope_active()->read_figures(into); }
uint32_t memscope_scope_path(uint64_t run, char *into, uint32_t capacity) {
    return memscope_active()->scope_path(run, into, capacity);
}
uint64_t memscope_current_task(void) { return memscope_active()->current_task(); }
bool memscope_leaks_add_root(const void *start, size_t bytes) { return memscope_active()->leaks_add_root(start, bytes); }
bool memscope_leaks_ignore_root(const void *start, size_t bytes) { return memscope_active()->leaks_ignore_root(start, bytes); }
bool memscope_leaks_remove_root(const void *start, size_t bytes) { return memscope_active()->leaks_remove_root(start, bytes); }
bool memscope_leaks_ignore(const void *place) { return memscope_active()->leaks_ignore(place); }
void memscope_leaks_ignore_begin(void) { memscope_active()->leaks_ignore_begin(); }
void memscope_leaks_ignore_end(void) { memscope_active()->leaks_ignore_end(); }
bool memscope_leaks_ignore_scope(const uint8_t *name, uint32_t length) {
    return memscope_active()->leaks_ignore_scope(name, length);
}

// MemScopePreload defines it and hides it; in a linked copy the weak reference stays null.
extern void memscope_preload_marker(void) __attribute__((weak));

bool memscope_this_is_preload(void) { return memscope_preload_marker != NULL; }
