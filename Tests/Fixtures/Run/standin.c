// Stands in for the preload library in the tests of `memscope run`: it keeps the same contract with the environment and
// leaves an empty, whole capture, without tracking anything. STANDIN_LOG, when set, is a file that each process which
// loads the library adds a line to.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct header {
    char magic[8];
    uint32_t version, architecture, sections, whole;
    uint64_t size;
    char zero[32];
};

struct section {
    uint32_t kind, element_size;
    uint64_t offset, count, zero;
};

struct capture {
    struct header header;
    struct section table[2];
    char strings[8];
    uint32_t root[2];
};

static const char *value(const char *name) {
    const char *text = getenv(name);
    return text ? text : "-";
}

static int is_main(void) { return atoi(value("MEMSCOPE_RUN_PID")) == getppid(); }

static void log_line(const char *what) {
    const char *path = getenv("STANDIN_LOG");
    if (!path) return;
    char line[8192];
    int length = snprintf(
        line, sizeof line, "%s pid=%d main=%d name=%s mode=%s output=%s follow=%s pressure=%s cli=%s preload=%s\n", what,
        getpid(), is_main(), program_invocation_short_name, value("MEMSCOPE"), value("MEMSCOPE_OUTPUT"),
        value("MEMSCOPE_FOLLOW"), value("MEMSCOPE_BACKPRESSURE"), value("MEMSCOPE_CLI"), value("LD_PRELOAD"));
    int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0) return;
    if (write(log, line, (size_t)length) < 0) { /* the test misses the line */
    }
    close(log);
}

static pid_t owner;

__attribute__((constructor)) static void start(void) {
    owner = getpid();
    log_line("start");
}

__attribute__((destructor)) static void finish(void) {
    static int finished;
    if (finished++) return;
    if (owner != getpid() || strcmp(value("MEMSCOPE"), "run") != 0) return;
    if (!is_main() && strcmp(value("MEMSCOPE_FOLLOW"), "1") != 0) return;
    if (getenv("STANDIN_NO_CAPTURE")) return;
    char directory[4096], path[4200];
    snprintf(directory, sizeof directory, "%s", value("MEMSCOPE_OUTPUT"));
    if (!is_main()) {
        snprintf(
            directory, sizeof directory, "%s/%s-%d", value("MEMSCOPE_OUTPUT"), program_invocation_short_name, getpid());
        mkdir(directory, 0777);
    }
    snprintf(path, sizeof path, "%s/capture.memscope", directory);
    struct capture capture = {
        .header = {.version = 2, .sections = 2, .whole = 1, .size = sizeof capture},
        .table = {
            {.kind = 1, .element_size = 1, .offset = offsetof(struct capture, strings), .count = 8},
            {.kind = 5, .element_size = 8, .offset = offsetof(struct capture, root), .count = 1},
        },
    };
    memcpy(capture.header.magic, "MEMSCOPE", 8);
#if defined(__aarch64__)
    capture.header.architecture = 2;
#else
    capture.header.architecture = 1;
#endif
    if (getenv("STANDIN_BAD_CAPTURE")) memset(&capture.header, 0x55, sizeof capture.header);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) return;
    if (write(file, &capture, sizeof capture) < 0) { /* run says that there is no whole capture */
    }
    close(file);
}

// Shells end this way, without running destructors.
__attribute__((noreturn)) void _exit(int status) {
    if (owner == getpid()) finish();
    syscall(SYS_exit_group, status);
    __builtin_unreachable();
}
