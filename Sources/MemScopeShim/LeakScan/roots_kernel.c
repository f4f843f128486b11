// What a program gives the kernel to keep and gets back with an event: the `data` of epoll, the value of a timer. They are
// read where the kernel shows them. What io_uring, libaio and message queues keep it shows nowhere.
//
// The kernel tells only of the program that runs. What is taken out of an epoll while a copy is searched is in the copy's heap, and the
// kernel knows it no more. So it is read while the threads stand still; or where that would last, before that and in the search, and both
// readings count.
#define _GNU_SOURCE
#include "roots.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../Lifecycle/decimal.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/start.h"

// The kernel takes about 2 ms to tell of a thousand descriptors of an epoll (x86-64, Linux 6.18, both processors busy).
enum { MOST_WORDS = 1 << 18, MOST_WORDS_AT_STOP = 1 << 11, MOST_EPOLLS_AT_STOP = 64, NAME = 12 };

static struct {
    // In memory of ours, which is no root itself.
    uint64_t *words;
    uint32_t count, epoll_count;
    bool is_full, is_known, is_of_the_stop;
    char epolls[MOST_EPOLLS_AT_STOP][NAME];
} kept;

struct reading {
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

// The hexadecimal number behind `mark` in a line that has it.
static void keep_word(const char *line, const char *mark) {
    const char *at = strstr(line, mark);
    if (!at) return;
    uint64_t word = 0;
    for (at += strlen(mark); *at == ' '; at++) {}
    for (;; at++) {
        unsigned digit = *at >= 'a' && *at <= 'f' ? (unsigned)(*at - 'a' + 10) : (unsigned)(*at - '0');
        if (digit > 15) break;
        word = word << 4 | digit;
    }
    if (kept.count == MOST_WORDS) kept.is_full = true;
    else if (word) kept.words[kept.count++] = word;
}

static bool read_file(const char *path, const char *mark) {
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
            keep_word(line, mark);
            line = end + 1;
        }
        held -= (size_t)(line - buffer);
        memmove(buffer, line, held);
    }
    close(file);
    return true;
}

// "tfd: 5 events: 19 data: 55d0c8a012a0 pos:0 …", a line for each descriptor that is waited for.
static bool is_epoll(struct reading *reading, const char *name) {
    char target[32];
    ssize_t bytes = readlink(with(reading, "fd/", name), target, sizeof target - 1);
    if (bytes <= 0) return false;
    target[bytes] = 0;
    return strcmp(target, "anon_inode:[eventpoll]") == 0;
}

static void read_descriptor(struct reading *reading, const char *name) {
    if (!is_epoll(reading, name)) return;
    if (kept.epoll_count < MOST_EPOLLS_AT_STOP && strlen(name) < NAME) strcpy(kept.epolls[kept.epoll_count], name);
    kept.epoll_count++;
    read_file(with(reading, "fdinfo/", name), " data:");
}

static struct reading start_reading(void) {
    struct reading reading = {.path = "/proc/"};
    reading.length = 6 + memscope_decimal(reading.path + 6, (uint64_t)memscope_tracked_pid());
    reading.path[reading.length++] = '/';
    return reading;
}

// "signal: 10/000055d0c8a012a0"
static bool read_timers(struct reading *reading) { return read_file(with(reading, "timers", ""), "/"); }

static void read_all(void) {
    struct reading reading = start_reading();
    bool known = read_timers(&reading);
    int directory = open(with(&reading, "fd", ""), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    static char entries[1 << 14];
    long bytes;
    while (directory >= 0 && (bytes = syscall(SYS_getdents64, directory, entries, sizeof entries)) > 0)
        for (long at = 0; at < bytes; at += ((struct dirent64 *)(entries + at))->d_reclen)
            if (((struct dirent64 *)(entries + at))->d_name[0] != '.')
                read_descriptor(&reading, ((struct dirent64 *)(entries + at))->d_name);
    if (directory >= 0) close(directory);
    kept.is_known = known && directory >= 0;
}

void memscope_kernel_words_find(void) {
    if ((kept.words = memscope_map(MOST_WORDS * sizeof *kept.words))) read_all();
}

void memscope_kernel_words_read(void) {
    if (!kept.is_known || kept.count > MOST_WORDS_AT_STOP || kept.epoll_count > MOST_EPOLLS_AT_STOP) return;
    struct reading reading = start_reading();
    kept.count = 0;
    kept.is_of_the_stop = read_timers(&reading);
    // One that was closed since keeps nothing.
    for (uint32_t i = 0; i < kept.epoll_count; i++) read_file(with(&reading, "fdinfo/", kept.epolls[i]), " data:");
}

void memscope_kernel_words_complete(void) {
    if (kept.words && !kept.is_of_the_stop) read_all();
}

void memscope_kernel_words_forget(void) {
    if (kept.words) memscope_unmap(kept.words, MOST_WORDS * sizeof *kept.words);
    kept.words = NULL;
    kept.count = kept.epoll_count = 0;
    kept.is_full = kept.is_known = kept.is_of_the_stop = false;
}

void memscope_roots_mark_kernel(struct memscope_roots *roots) {
    for (uint32_t i = 0; i < kept.count; i++) memscope_mark_word(roots->mark, kept.words[i], MEMSCOPE_ROOT_MAPPING);
    if (!kept.is_known || kept.is_full)
        memscope_roots_complain(roots, "What the program gave the kernel to keep (epoll, timers) cannot all be read: it may be reported.");
}
