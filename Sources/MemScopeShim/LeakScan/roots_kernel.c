// What a program gives the kernel to keep and gets back with an event: the `data` of epoll, the value of a timer. They are
// read where the kernel shows them. What io_uring keeps it shows nowhere.
#define _GNU_SOURCE
#include "roots.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../Lifecycle/decimal.h"
#include "../Lifecycle/start.h"

struct reading {
    const struct memscope_roots *roots;
    /// "/proc/PID/"
    char path[64];
    size_t length;
};

static const char *with(struct reading *reading, const char *directory, const char *name) {
    size_t length = strlen(directory);
    memcpy(reading->path + reading->length, directory, length + 1);
    if (strlen(name) + reading->length + length < sizeof reading->path) strcpy(reading->path + reading->length + length, name);
    return reading->path;
}

// The hexadecimal number behind each occurrence of `mark` in a line that has it.
static void mark_line(const struct memscope_roots *roots, const char *line, const char *mark) {
    const char *at = strstr(line, mark);
    if (!at) return;
    uint64_t word = 0;
    for (at += strlen(mark); *at == ' '; at++) {}
    for (;; at++) {
        unsigned digit = *at >= 'a' && *at <= 'f' ? (unsigned)(*at - 'a' + 10) : (unsigned)(*at - '0');
        if (digit > 15) break;
        word = word << 4 | digit;
    }
    memscope_mark_word(roots->mark, word, MEMSCOPE_ROOT_MAPPING);
}

static bool mark_file(const struct memscope_roots *roots, const char *path, const char *mark) {
    static char buffer[1 << 14];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    size_t held = 0;
    ssize_t bytes;
    while ((bytes = read(file, buffer + held, sizeof buffer - 1 - held)) > 0) {
        held += (size_t)bytes;
        char *line = buffer, *end;
        while ((end = memchr(line, '\n', held - (size_t)(line - buffer)))) {
            *end = 0;
            mark_line(roots, line, mark);
            line = end + 1;
        }
        held -= (size_t)(line - buffer);
        memmove(buffer, line, held);
    }
    close(file);
    return true;
}

// "tfd: 5 events: 19 data: 55d0c8a012a0 pos:0 …", a line for each descriptor that is waited for.
static void mark_descriptor(struct reading *reading, const char *name) {
    char target[32];
    ssize_t bytes = readlink(with(reading, "fd/", name), target, sizeof target - 1);
    if (bytes <= 0) return;
    target[bytes] = 0;
    if (strcmp(target, "anon_inode:[eventpoll]") == 0) mark_file(reading->roots, with(reading, "fdinfo/", name), " data:");
}

void memscope_roots_mark_kernel(struct memscope_roots *roots) {
    struct reading reading = {.roots = roots, .path = "/proc/"};
    reading.length = 6 + memscope_decimal(reading.path + 6, (uint64_t)memscope_tracked_pid());
    reading.path[reading.length++] = '/';
    // "signal: 10/000055d0c8a012a0"
    bool known = mark_file(roots, with(&reading, "timers", ""), "/");
    int directory = open(with(&reading, "fd", ""), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    static char entries[1 << 14];
    long bytes;
    while (directory >= 0 && (bytes = syscall(SYS_getdents64, directory, entries, sizeof entries)) > 0)
        for (long at = 0; at < bytes; at += ((struct dirent64 *)(entries + at))->d_reclen)
            if (((struct dirent64 *)(entries + at))->d_name[0] != '.')
                mark_descriptor(&reading, ((struct dirent64 *)(entries + at))->d_name);
    if (directory >= 0) close(directory);
    if (!known || directory < 0)
        memscope_roots_complain(roots, "What the program gave the kernel to keep (epoll, timers) cannot be read: it may be reported.");
}
