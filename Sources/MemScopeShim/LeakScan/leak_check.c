#define _GNU_SOURCE
#include "leak_check.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../Capture/capture.h"
#include "../Capture/tool_process.h"
#include "../Lifecycle/configuration.h"
#include "../Lifecycle/decimal.h"
#include "../Lifecycle/instance.h"
#include "../Lifecycle/lock.h"
#include "../Lifecycle/own_copy.h"
#include "../Lifecycle/service_thread.h"
#include "../Lifecycle/start.h"
#include "leak_scan.h"

// The library's Swift side defines them: a check, and the report that is made at exit.
extern uint64_t memscope_library_check_leaks(void) __attribute__((weak));
extern void memscope_library_report_at_exit(void) __attribute__((weak));

static bool was_last;

bool memscope_leak_check_was_last(void) { return __atomic_load_n(&was_last, __ATOMIC_ACQUIRE); }

enum memscope_leak_mode memscope_leak_mode_at_end(void) {
    return memscope_leak_check_was_last() ? MEMSCOPE_LEAKS_NONE : memscope_configuration.leaks;
}

// OUTPUT/leak-check, and the capture in it.
struct place { char directory[4160], file[4200]; };

static bool find_place(struct place *place) {
    const char *output = memscope_configuration.output;
    if (strlen(output) > sizeof place->directory - 16) return false;
    strcpy(stpcpy(place->directory, output), "/leak-check");
    mkdir(output, 0777);
    mkdir(place->directory, 0777);
    strcpy(stpcpy(stpcpy(place->file, place->directory), "/"), MEMSCOPE_CAPTURE_NAME);
    return true;
}

// As `memscope run` ends where nothing is known of leaks.
enum { STATUS_UNKNOWN = 70 };
static const uint64_t unknown = UINT64_MAX;

// What the tool counts, which knows the suppressions; without it, what the search found.
static uint64_t count(const char *file) {
    uint64_t blocks, bytes;
    bool is_known = memscope_leak_scan_found(&blocks, &bytes);
    if (!memscope_configuration.cli[0]) {
        if (!is_known) return unknown;
        char text[96] = "";
        size_t length = memscope_decimal(text, blocks);
        strcpy(text + length, " blocks of ");
        length += 11;
        length += memscope_decimal(text + length, bytes);
        strcpy(text + length, " bytes leaked");
        if (blocks) memscope_say(text, NULL);
        return blocks;
    }
    const char *arguments[8] = {"leaks", file};
    memscope_capture_add_suppressions(arguments + 2);
    int status = blocks || !is_known ? memscope_tool_run(arguments, STDERR_FILENO) : 0;
    if (status == 0) return 0;
    // 2: they could not be looked for, and the tool has said why.
    if (status == 1) return blocks ? blocks : 1;
    return status == 2 || !is_known ? unknown : blocks;
}

static void discard(const struct place *place) {
    unlink(place->file);
    rmdir(place->directory);
}

static uint64_t check_by_tool(bool is_last, struct place *place) {
    if (!find_place(place)) return unknown;
    memscope_service_refresh_modules(2000);
    memscope_leak_scan_learn();
    enum memscope_status status = memscope_capture_write(place->file, "leak check", memscope_configuration.leaks, 120000);
    if (status != MEMSCOPE_OK) {
        memscope_say("no check for leaks: ", memscope_status_text(status));
        discard(place);
        return unknown;
    }
    uint64_t blocks = count(place->file);
    if (!is_last) discard(place);
    return blocks;
}

// The capture of the check is the process's last, if there is one. As LeakSanitizer does, without any of the program's handlers.
static _Noreturn void end(const struct place *place, uint32_t status) {
    if (memscope_library_report_at_exit && !memscope_this_is_preload()) {
        memscope_library_report_at_exit();
    } else {
        char last[4200];
        strcpy(stpcpy(stpcpy(last, memscope_configuration.output), "/"), MEMSCOPE_CAPTURE_NAME);
        bool is_there = rename(place->file, last) == 0;
        rmdir(place->directory);
        if (is_there && !memscope_configuration.under_run && memscope_configuration.cli[0])
            memscope_capture_render(memscope_configuration.output, last);
    }
    for (;;) syscall(SYS_exit_group, status);
}

uint64_t memscope_leak_check(uintptr_t stack_pointer, bool is_last) {
    static memscope_lock queue;
    static bool is_taken;
    if (is_last && __atomic_exchange_n(&is_taken, true, __ATOMIC_ACQ_REL)) return 0;
    bool in_library = memscope_library_check_leaks && !memscope_this_is_preload();
    if (!memscope_own_was_started() || memscope_was_stopped()) return 0;
    // Whoever runs a program under the tool says whether leaks are to be looked for.
    if (!in_library && memscope_configuration.leaks == MEMSCOPE_LEAKS_NONE) return 0;
    static struct place place;
    memscope_own_ours_begin();
    memscope_lock_take(&queue);
    memscope_leak_scan_leave(stack_pointer);
    uint64_t blocks = in_library ? memscope_library_check_leaks() : check_by_tool(is_last, &place);
    memscope_leak_scan_leave(0);
    bool is_known = blocks != unknown, ends = is_last && blocks && memscope_configuration.leak_status;
    if (!is_known)
        memscope_say(ends      ? "leaks could not be looked for: the program ends with status 70"
                     : is_last ? "leaks could not be looked for"
                               : "leaks could not be looked for, which the check does not call success", NULL);
    if (ends) end(&place, is_known ? memscope_configuration.leak_status : STATUS_UNKNOWN);
    // One that failed is not the last: the search at the end may tell more.
    if (is_last && !is_known && !in_library) discard(&place);
    is_last &= is_known;
    if (is_last && !in_library && !memscope_configuration.under_run && memscope_configuration.cli[0])
        memscope_capture_render(place.directory, place.file);
    if (is_last) __atomic_store_n(&was_last, true, __ATOMIC_RELEASE);
    memscope_lock_drop(&queue);
    memscope_own_ours_end();
    return blocks;
}
