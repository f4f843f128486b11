// What the environment asks for.
#ifndef MEMSCOPE_CONFIGURATION_H
#define MEMSCOPE_CONFIGURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "../LeakScan/root_classes.h"
#include "../Ledger/selection.h"
#include "memscope_shim.h"

#pragma clang assume_nonnull begin

/// Read once at load, before the first event; constant afterwards but for `drop`, `segments` and `custody`,
/// which `start` may set.
struct memscope_configuration {
    /// MEMSCOPE=1, or MEMSCOPE=run in the process that `memscope run` started, or with MEMSCOPE_FOLLOW=1 below it.
    bool start_at_load;
    /// `memscope run` is waiting for a capture, and will render it.
    bool under_run;
    /// This is the preloaded copy and the environment started it: leave a capture when the process ends.
    bool capture_at_end;
    /// MEMSCOPE_BACKPRESSURE=drop.
    bool drop;
    /// Ring segments, from MEMSCOPE_RING_BYTES.
    uint32_t segments;
    /// Whether the environment says so; then it goes before what the program asks for.
    bool drop_is_given, segments_are_given;
    /// MEMSCOPE_OUTPUT, "memscope-report" when not set; under --follow the process's own directory.
    char output[4096];
    /// MEMSCOPE_CLI, or `memscope` beside the preload library: renders captures. Empty when unknown.
    char cli[4096];
    /// MEMSCOPE_EXPORT_SIGNAL, 0 for none.
    int export_signal;
    /// MEMSCOPE_EXPORT_EVERY in milliseconds, 0 for never.
    uint64_t export_every;
    /// MEMSCOPE_EXPORT_KEEP: how many exports of a running program are kept.
    uint32_t export_keep;
    /// MEMSCOPE_CUSTODY=1: look at which module frees what.
    bool custody;
    /// Whether the environment says so, or says no.
    bool custody_is_given;
    /// MEMSCOPE_LEAKS: what captures say of leaks when nobody says otherwise.
    enum memscope_leak_mode leaks;
    /// MEMSCOPE_OWNERSHIP: which objects the retain ledger follows; empty for none.
    char ownership[MEMSCOPE_SELECTION_BYTES];
    /// Whether the environment says so, or says no.
    bool ownership_is_given;
    /// MEMSCOPE_LEAK_ROOTS, else LSAN_OPTIONS: bits of memscope_root_class.
    uint32_t leak_roots;
    /// Whether one of the two says anything of them.
    bool leak_roots_are_given;
    /// MEMSCOPE_ERROR_EXITCODE: what __lsan_do_leak_check ends the process with if anything leaked; 0 for not.
    int leak_status;
    /// MEMSCOPE_SUPPRESSIONS: a file for the command line tool. Empty for none.
    char suppressions[4096];
    /// MEMSCOPE_BUILTIN_SUPPRESSIONS=0.
    bool without_builtin_suppressions;
};

extern struct memscope_configuration memscope_configuration __attribute__((visibility("hidden")));

/// Reads the environment. A value that makes no sense is named in one line on standard error and ignored.
void memscope_configuration_read(void);

/// Gives the calling thread a table of descriptors and a working directory of its own: what it opens takes no number
/// from the program, and the program's close, chdir and chroot do not reach it. Its table holds nothing of the program's,
/// so that what the program closes is closed. Where the kernel will not, nothing changes. For threads of ours only.
void memscope_detach_from_files(void);

/// Lets descriptor 2 of a detached thread be the program's standard error, for code that writes there; and ends that.
void memscope_standard_error_borrow(void);
void memscope_standard_error_return(void);

/// One line on the process's standard error, prefixed "memscope: ". Plain system calls; any thread.
void memscope_say(const char *text, const char *_Nullable detail);

#pragma clang assume_nonnull end
#endif
