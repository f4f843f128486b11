// Two copies in one process: what the linked one asks of the preloaded one.
#ifndef MEMSCOPE_INSTANCE_H
#define MEMSCOPE_INSTANCE_H

#include "memscope_shim.h"

#pragma clang assume_nonnull begin

/// Raised with every change of the table or of what its functions mean.
#define MEMSCOPE_INSTANCE_VERSION 7u

/// What a preloaded copy exports. Functions as in memscope_shim.h, memscope_reading.h and memscope_leaks.h.
struct memscope_instance {
    uint32_t version;
    uint32_t bytes;
    /// Ends tracking without a report, because a copy of another version is in the process. This field and those above
    /// stay where they are in every version.
    void (*stand_down)(void);
    enum memscope_status (*start)(const struct memscope_options *_Nullable options);
    void (*stop)(void);
    void (*pause)(void);
    void (*resume)(void);
    bool (*is_tracking)(void);
    bool (*was_started)(void);
    void (*mark)(const char *name, uint32_t length);
    struct memscope_scope_entry (*scope_enter)(const char *name, uint32_t length);
    void (*scope_leave)(struct memscope_scope_entry entry);
    uint64_t (*scope_begin)(const char *name, uint32_t length);
    void (*scope_end)(uint64_t run);
    uint64_t (*scope_current)(void);
    void (*task_scope_key)(const void *key);
    enum memscope_status (*capture)(const char *path, const char *reason);
    void (*ours_begin)(void);
    void (*ours_end)(void);
    void (*set_exporter)(void (*exporter)(const char *directory, const char *reason));
    bool (*read_figures)(struct memscope_figures *into);
    uint32_t (*scope_path)(uint64_t run, char *into, uint32_t capacity);
    uint64_t (*current_task)(void);
    enum memscope_status (*capture_with)(const char *path, const char *reason, enum memscope_leak_mode mode);
    void (*track_value)(const void *value, uint32_t bytes, const struct memscope_tracked_label *label);
    enum memscope_status (*capture_of_run)(const char *path, uint64_t run);
    void (*note_leaks)(uint64_t run, uint64_t blocks, uint64_t bytes);
    bool (*hold_note)(bool hold);
    bool (*leaks_add_root)(const void *_Nullable start, size_t bytes);
    bool (*leaks_ignore_root)(const void *_Nullable start, size_t bytes);
    bool (*leaks_remove_root)(const void *_Nullable start, size_t bytes);
    bool (*leaks_ignore)(const void *_Nullable place);
    void (*leaks_ignore_begin)(void);
    void (*leaks_ignore_end)(void);
    bool (*leaks_ignore_scope)(const uint8_t *_Nullable name, uint32_t length);
    /// Looks for leaks for a caller that does not return below `stack_pointer`; see memscope_leak_check.
    uint64_t (*leaks_check)(uintptr_t stack_pointer, bool is_last);
};

extern const struct memscope_instance memscope_instance_v1;

/// The copy in charge: this one, or a preloaded one of the same version. Looked up once.
const struct memscope_instance *memscope_active(void);

/// Whether a preloaded copy of another version is in the process: then neither tracks.
bool memscope_versions_differ(void);

/// Makes a preloaded copy of another version stand down. Called at load.
void memscope_stand_down_other(void);

/// Whether this copy is the preload library.
bool memscope_this_is_preload(void);

#pragma clang assume_nonnull end
#endif
