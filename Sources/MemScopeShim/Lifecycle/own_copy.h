// The functions of memscope_shim.h as this copy performs them, whichever copy is active.
#ifndef MEMSCOPE_OWN_COPY_H
#define MEMSCOPE_OWN_COPY_H

#include "memscope_shim.h"

#pragma clang assume_nonnull begin

/// Each is documented in memscope_shim.h, memscope_reading.h or memscope_leaks.h, or as a field in instance.h, under the name without `own_`.
enum memscope_status memscope_own_start(const struct memscope_options *_Nullable options);
void memscope_own_stand_down(void);
void memscope_own_stop(void);
void memscope_own_pause(void);
void memscope_own_resume(void);
bool memscope_own_is_tracking(void);
bool memscope_own_was_started(void);
void memscope_own_mark(const char *name, uint32_t length);
struct memscope_scope_entry memscope_own_scope_enter(const char *name, uint32_t length);
void memscope_own_scope_leave(struct memscope_scope_entry entry);
uint64_t memscope_own_scope_begin(const char *name, uint32_t length);
void memscope_own_scope_end(uint64_t run);
uint64_t memscope_own_scope_current(void);
void memscope_own_task_scope_key(const void *key);
enum memscope_status memscope_own_capture(const char *path, const char *reason);
enum memscope_status memscope_own_capture_with(const char *path, const char *reason, enum memscope_leak_mode mode);
enum memscope_status memscope_own_capture_of_run(const char *path, uint64_t run);
void memscope_own_note_leaks(uint64_t run, uint64_t blocks, uint64_t bytes);
bool memscope_own_hold_note(bool hold);
void memscope_own_ours_begin(void);
void memscope_own_ours_end(void);
bool memscope_own_read_figures(struct memscope_figures *into);
uint32_t memscope_own_scope_path(uint64_t run, char *into, uint32_t capacity);
void memscope_own_track_value(const void *value, uint32_t bytes, const struct memscope_tracked_label *label);
bool memscope_own_leaks_add_root(const void *_Nullable start, size_t bytes);
bool memscope_own_leaks_ignore_root(const void *_Nullable start, size_t bytes);
bool memscope_own_leaks_remove_root(const void *_Nullable start, size_t bytes);
bool memscope_own_leaks_ignore(const void *_Nullable place);
void memscope_own_leaks_ignore_begin(void);
void memscope_own_leaks_ignore_end(void);
bool memscope_own_leaks_ignore_scope(const uint8_t *_Nullable name, uint32_t length);
void memscope_own_set_exporter(void (*exporter)(const char *directory, const char *reason));

#pragma clang assume_nonnull end
#endif
