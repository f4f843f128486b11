#define _GNU_SOURCE
#include "service_thread.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../Capture/capture.h"
#include "../Ring/thread.h"
#include "configuration.h"
#include "decimal.h"
#include "drain_thread.h"
#include "lock.h"
#include "own_copy.h"
#include "modules.h"

// An export on the service thread itself must not wait for the service thread.
static __thread bool is_service_thread __attribute__((tls_model("initial-exec")));
static uint32_t wake_word;
static uint32_t export_wanted;
static uint32_t refresh_asked, refresh_done;
static void (*exporter)(const char *, const char *);

void memscope_own_set_exporter(void (*function)(const char *, const char *)) {
    __atomic_store_n(&exporter, function, __ATOMIC_RELEASE);
}

static void wake(void) {
    __atomic_fetch_add(&wake_word, 1, __ATOMIC_SEQ_CST);
    memscope_futex_wake(&wake_word, 1);
}

void memscope_service_export_soon(void) {
    __atomic_store_n(&export_wanted, 1, __ATOMIC_RELEASE);
    wake();
}

void memscope_service_refresh_modules(unsigned milliseconds) {
    if (is_service_thread) {
        memscope_modules_refresh(false);
        return;
    }
    uint32_t ticket = __atomic_add_fetch(&refresh_asked, 1, __ATOMIC_SEQ_CST);
    wake();
    uint64_t deadline = memscope_now() + milliseconds * UINT64_C(1000000);
    for (;;) {
        uint32_t done = __atomic_load_n(&refresh_done, __ATOMIC_ACQUIRE);
        if ((int32_t)(done - ticket) >= 0 || memscope_now() >= deadline) return;
        memscope_futex_wait(&refresh_done, done, 20);
    }
}

static void remove_tree_of_one(const char *directory) {
    static const char *const files[] = {
        "report.json", "report.html", MEMSCOPE_CAPTURE_NAME, MEMSCOPE_CAPTURE_NAME MEMSCOPE_CAPTURE_PART};
    char path[4200];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        size_t length = strlen(directory);
        memcpy(path, directory, length);
        path[length] = '/';
        strcpy(path + length + 1, files[i]);
        unlink(path);
    }
    rmdir(directory);
}

// OUTPUT/export-N, keeping the latest few.
static void export_now(const char *reason) {
    if (!memscope_own_was_started()) return;
    static uint64_t number;
    char directory[4160];
    const char *output = memscope_configuration.output;
    size_t length = strlen(output);
    memcpy(directory, output, length);
    memcpy(directory + length, "/export-", 8);
    length += 8;
    mkdir(output, 0777);
    memscope_decimal(directory + length, ++number);
    if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
        memscope_say("cannot write a report: no directory ", directory);
        return;
    }
    void (*function)(const char *, const char *) = __atomic_load_n(&exporter, __ATOMIC_ACQUIRE);
    memscope_standard_error_borrow();
    if (function) function(directory, reason);
    else memscope_capture_and_render(directory, reason, memscope_configuration.leaks);
    memscope_standard_error_return();
    if (number > memscope_configuration.export_keep) {
        memscope_decimal(directory + length, number - memscope_configuration.export_keep);
        remove_tree_of_one(directory);
    }
}

static void *serve(void *unused) {
    memscope_local.ours = 1;
    is_service_thread = true;
    memscope_detach_from_files();
    uint64_t every = memscope_configuration.export_every * UINT64_C(1000000), next_export = every;
    for (;;) {
        uint32_t seen = __atomic_load_n(&wake_word, __ATOMIC_SEQ_CST);
        uint32_t ticket = __atomic_load_n(&refresh_asked, __ATOMIC_SEQ_CST);
        memscope_modules_refresh(false);
        __atomic_store_n(&refresh_done, ticket, __ATOMIC_RELEASE);
        memscope_futex_wake(&refresh_done, 1 << 30);
        if (__atomic_exchange_n(&export_wanted, 0, __ATOMIC_ACQ_REL)) export_now("signal");
        if (every && memscope_now() >= next_export) {
            export_now("period");
            // Those that were missed, because the program stood still or the report took longer, are left out.
            next_export += ((memscope_now() - next_export) / every + 1) * every;
        }
        memscope_note_tracker_cpu(1);
        uint64_t now = memscope_now();
        unsigned pause = 200;
        if (every && next_export < now + pause * UINT64_C(1000000))
            pause = next_export > now ? (unsigned)((next_export - now) / 1000000) + 1 : 0;
        if (pause) memscope_futex_wait(&wake_word, seen, pause);
    }
    return unused;
}

bool memscope_service_start(void) { return memscope_start_thread("memscope-serve", (size_t)8 << 20, serve); }
