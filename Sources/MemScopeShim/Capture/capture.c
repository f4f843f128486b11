#define _GNU_SOURCE
#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../History/snapshots.h"
#include "../LeakScan/leak_check.h"
#include "../LeakScan/leak_scan.h"
#include "../Lifecycle/configuration.h"
#include "../Lifecycle/drain_thread.h"
#include "../Lifecycle/lock.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/own_copy.h"
#include "../Lifecycle/service_thread.h"
#include "../Lifecycle/start.h"
#include "../Ring/thread.h"
#include "census.h"
#include "content.h"
#include "process_copy.h"
#include "tool_process.h"

#if defined(__x86_64__)
enum { ARCHITECTURE = 1 };
#elif defined(__aarch64__)
enum { ARCHITECTURE = 2 };
#else
enum { ARCHITECTURE = 0 };
#endif

struct request {
    const char *path;
    const char *reason;
    enum memscope_leak_mode leaks;
    uint64_t run;     // whose blocks to tell from others, 0 for none
    bool in_place;    // no copy is tried
    pid_t child;      // above 0: wait for it
    int error;        // when written in place
};

struct path { char text[4300]; };

static bool path_beside(const struct request *request, struct path *beside) {
    size_t length = strlen(request->path);
    if (length > sizeof beside->text - 8) return false;
    strcpy(stpcpy(beside->text, request->path), MEMSCOPE_CAPTURE_PART);
    return true;
}

static int write_file(const struct request *request, enum memscope_source source) {
    struct path beside;
    if (!path_beside(request, &beside)) return ENAMETOOLONG;
    // Too large for the stack of the thread that runs this.
    static struct memscope_writer writer;
    bool whole = memscope_writer_start(&writer);
    bool is_still = source == MEMSCOPE_SOURCE_STILL;
    if (whole && !is_still) whole = memscope_writer_open(&writer, beside.text);
    if (whole) memscope_content_write(&writer, source, request->leaks);
    // What waits for disks comes when the program runs again.
    if (is_still) memscope_leak_scan_release();
    if (whole && is_still) whole = memscope_writer_open(&writer, beside.text);
    if (whole) {
        memscope_content_finish(&writer, request->reason);
        whole = memscope_writer_close(&writer, ARCHITECTURE);
    }
    if (whole && rename(beside.text, request->path) == 0) return 0;
    int error = writer.error ? writer.error : errno;
    unlink(beside.text);
    return error;
}

// Without a copy. What is mapped for it here must not stay, as it may in a copy.
static int write_in_place(const struct request *request, enum memscope_source source) {
    memscope_scratch_begin();
    int error = write_file(request, source);
    memscope_scratch_end();
    return error;
}

static void capture_at_cut(void *info) {
    struct request *request = info;
    memscope_threads_name();
    memscope_content_prepare();
    memscope_cut.run = request->run;
    if (!request->in_place) memscope_snapshot_note(request->reason, request->leaks != MEMSCOPE_LEAKS_NONE);
    memscope_census_prepare();
    // Here, not where it was asked for: this thread still has the root that the path was meant in.
    if (memscope_configuration.capture_at_end && !memscope_configuration.under_run)
        mkdir(memscope_configuration.output, 0777);
    bool stops = request->leaks != MEMSCOPE_LEAKS_NONE && !request->in_place;
    if (stops) memscope_leak_scan_stop();
    uint64_t began = memscope_now();
    request->child = request->in_place ? -1 : memscope_process_copy();
    if (stops && request->child > 0) memscope_leak_scan_copied(memscope_now() - began);
    // While the threads stand still, nothing is half done: what they recorded since the cut belongs to the graph.
    bool is_still = memscope_leak_scan_holds();
    if (is_still && request->child <= 0) memscope_content_prepare();
    if (request->child == 0) {
        memscope_process_copy_keep_quiet();
        int error = write_file(request, MEMSCOPE_SOURCE_COPY);
        if (error == 0) memscope_leak_scan_note_written();
        syscall(SYS_exit_group, error);
    }
    if (request->child < 0) request->error = write_in_place(request, is_still ? MEMSCOPE_SOURCE_STILL : MEMSCOPE_SOURCE_RUNNING);
    if (stops) memscope_leak_scan_release();
}

// What a copy leaves that was killed. Here, where the path means what it meant to the copy.
static void remove_part(void *info) {
    struct path beside;
    if (path_beside(info, &beside)) unlink(beside.text);
}

// 0, or an errno.
static int wait_for_capture(struct request *request, unsigned milliseconds) {
    if (request->child <= 0) return request->error;
    int error = memscope_process_copy_wait(request->child, milliseconds);
    if (error >= 0) return error;
    // The program may have waited for a copy that had done its work.
    if (error == -ECHILD && request->leaks != MEMSCOPE_LEAKS_NONE && memscope_leak_scan_was_written()) return 0;
    memscope_drain_at_cut(remove_part, request, milliseconds);
    return -error;
}

// Whether a capture without a search may succeed where one failed. A search takes time and memory.
static bool is_worth_another_attempt(const struct request *request, int error) {
    if (error == ECHILD || error == EFAULT) return true;
    return request->leaks != MEMSCOPE_LEAKS_NONE && (error == ETIMEDOUT || error == ENOMEM);
}

static enum memscope_status write_capture(struct request request, unsigned milliseconds) {
    static memscope_lock queue;
    if (!memscope_lock_take_within(&queue, milliseconds)) return MEMSCOPE_BUSY;
    enum memscope_status status = MEMSCOPE_BUSY;
    // Where no copy can be made, the capture is written in place. One that was killed had perhaps no memory for a search, which the
    // program must not pay for: then no leaks are looked for.
    for (int attempt = 0; attempt < 2; attempt++) {
        request.in_place = attempt == 1;
        if (!memscope_drain_at_cut(capture_at_cut, &request, milliseconds)) break;
        int error = wait_for_capture(&request, milliseconds);
        status = error ? MEMSCOPE_NOT_WRITTEN : MEMSCOPE_OK;
        errno = error;
        if (!is_worth_another_attempt(&request, error)) break;
    }
    memscope_lock_drop(&queue);
    return status;
}

enum memscope_status memscope_capture_write(const char *path, const char *reason, enum memscope_leak_mode leaks,
                                            unsigned milliseconds) {
    return write_capture((struct request){.path = path, .reason = reason, .leaks = leaks}, milliseconds);
}

static enum memscope_status capture_for_program(struct request request) {
    if (!memscope_own_was_started()) return MEMSCOPE_NOT_TRACKING;
    memscope_own_ours_begin();
    memscope_service_refresh_modules(2000);
    if (request.leaks != MEMSCOPE_LEAKS_NONE) memscope_leak_scan_learn();
    enum memscope_status status = write_capture(request, 120000);
    memscope_own_ours_end();
    return status;
}

enum memscope_status memscope_own_capture_with(const char *path, const char *reason, enum memscope_leak_mode mode) {
    return capture_for_program((struct request){.path = path, .reason = reason, .leaks = mode});
}

enum memscope_status memscope_own_capture_of_run(const char *path, uint64_t run) {
    return capture_for_program((struct request){
        .path = path, .reason = "leaks", .leaks = MEMSCOPE_LEAKS_UNREACHABLE, .run = run});
}

enum memscope_status memscope_own_capture(const char *path, const char *reason) {
    bool is_last = strcmp(reason, "exit") == 0;
    return memscope_own_capture_with(path, reason, is_last ? memscope_leak_mode_at_end() : memscope_configuration.leaks);
}

// Rendering costs memory and time that a server may not have to spare; it happens in a process of its own, which the
// program does not hear of either (tool_process.h).
void memscope_capture_render(const char *directory, const char *path) {
    // What the report before found is news no more.
    char known[4160];
    strcpy(stpcpy(known, memscope_configuration.output), "/.known-leaks");
    const char *arguments[12] = {"report", path, "--output", directory, "--known-leaks", known};
    memscope_capture_add_suppressions(arguments + 6);
    if (memscope_tool_run(arguments, -1) == 0) unlink(path);
    else memscope_say("the report could not be rendered; `memscope report` can do it from ", path);
}

void memscope_capture_add_suppressions(const char **arguments) {
    if (memscope_configuration.suppressions[0]) {
        *arguments++ = "--suppressions";
        *arguments++ = memscope_configuration.suppressions;
    }
    if (memscope_configuration.without_builtin_suppressions) *arguments++ = "--no-builtin-suppressions";
    *arguments = NULL;
}

void memscope_capture_and_render(const char *directory, const char *reason, enum memscope_leak_mode leaks) {
    char path[4300];
    size_t length = strlen(directory);
    if (length > sizeof path - 32) return;
    memcpy(path, directory, length);
    path[length] = '/';
    strcpy(path + length + 1, MEMSCOPE_CAPTURE_NAME);
    enum memscope_status status = memscope_capture_write(path, reason, leaks, 120000);
    if (status != MEMSCOPE_OK) memscope_say("no report: ", memscope_status_text(status));
    else if (memscope_configuration.cli[0]) memscope_capture_render(directory, path);
}
