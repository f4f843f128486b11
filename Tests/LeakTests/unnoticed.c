// A program that listens for children that it never made, while MemScope makes reports of it.
//
//   unnoticed wait REPORTS       waits for any child all the time
//   unnoticed handle REPORTS     has a handler for SIGCHLD that waits
//   unnoticed ignore REPORTS     ignores SIGCHLD
//   unnoticed check              has the handler, and asks whether anything leaked; losing() has left ten blocks
//   unnoticed idle               sleeps
//
// Until TOOL_LOG has as many lines as reports are wanted. Prints "children N signals N", and "leaked N" with the answer.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak_cases.h"

extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

// Larger than what a copy keeps that only waits.
enum { HEAP = 96 << 20 };

static volatile int children, signals;

static void wait_for_any(void) {
    while (waitpid(-1, NULL, WNOHANG) > 0) children++;
}

static void on_child(int number) {
    (void)number;
    signals++;
    wait_for_any();
}

static int lines(const char *path) {
    char buffer[4096];
    int file = open(path, O_RDONLY | O_CLOEXEC), count = 0;
    for (ssize_t bytes; file >= 0 && (bytes = read(file, buffer, sizeof buffer)) > 0;)
        for (ssize_t i = 0; i < bytes; i++) count += buffer[i] == '\n';
    if (file >= 0) close(file);
    return count;
}

__attribute__((noinline)) static void losing(void) {
    for (int i = 0; i < 10; i++) memset(malloc(64), 0, 64);
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    const char *what = argv[1];
    if (strcmp(what, "handle") == 0 || strcmp(what, "check") == 0) signal(SIGCHLD, on_child);
    if (strcmp(what, "ignore") == 0) signal(SIGCHLD, SIG_IGN);
    if (strcmp(what, "idle") == 0)
        for (;;) pause();
    if (strcmp(what, "check") == 0) {
        losing();
        scrub();
        if (!__lsan_do_recoverable_leak_check) return 2;
        printf("leaked %d\n", __lsan_do_recoverable_leak_check());
    } else {
        char *heap = malloc(HEAP);
        memset(heap, 1, HEAP);
        for (int wanted = argc == 3 ? atoi(argv[2]) : 0; lines(getenv("TOOL_LOG")) < wanted;) {
            // So often that MemScope, which waits now and then, would hardly ever be the first.
            for (int i = 0; i < 10000 && strcmp(what, "wait") == 0; i++) wait_for_any();
            usleep(1000);
        }
        free(heap);
    }
    printf("children %d signals %d\n", children, signals);
    return 0;
}
