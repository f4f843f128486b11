// A program that allocates from the places that are hard to walk from; each allocation compares two walks.

#define _GNU_SOURCE
#include <alloca.h>
#include <dlfcn.h>
#include <glob.h>
#include <pthread.h>
#include <search.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "walk_comparison.h"

static void *volatile sink;

__attribute__((noinline)) static void touch(size_t size) {
    sink = malloc(size);
    sink = realloc(sink, size * 2);
    free(sink);
}

__attribute__((noinline)) static int recurse(int depth) {
    if (depth == 0) {
        touch(24);
        return 1;
    }
    int result = recurse(depth - 1);
    // Odd frames differ in size from even ones and cannot become a loop.
    volatile char space[64];
    space[depth % 64] = (char)result;
    if (depth % 2) touch((size_t)depth);
    return result + space[depth % 64];
}

__attribute__((noinline)) static void on_the_stack(size_t size) {
    char *space = alloca(size);
    memset(space, 1, size);
    touch(size);
    if (size > 16) on_the_stack(size / 2);
    sink = (void *)(uintptr_t)space[size / 2];
}

/// Realigns its stack.
__attribute__((noinline)) static void aligned(int depth) {
    _Alignas(64) volatile char space[192];
    space[depth] = 1;
    char *more = alloca((size_t)depth * 8 + 8);
    more[0] = 2;
    touch(40);
    if (depth) aligned(depth - 1);
    sink = (void *)(uintptr_t)(space[depth] + more[0]);
}

static int by_value(const void *left, const void *right, void *unused) {
    (void)unused;
    touch(8);
    return *(const int *)left - *(const int *)right;
}

static int by_value2(const void *left, const void *right) { return by_value(left, right, NULL); }

static void visit(const void *node, VISIT which, int depth) {
    (void)node, (void)which, (void)depth;
    touch(8);
}

static void library_calls(void) {
    int numbers[64], key = 7;
    for (int index = 0; index < 64; index++) numbers[index] = index * 37 % 64;
    qsort_r(numbers, 64, sizeof *numbers, by_value, NULL);
    sink = bsearch(&key, numbers, 64, sizeof *numbers, by_value2);
    void *root = NULL;
    for (int index = 0; index < 64; index++) tsearch(&numbers[index], &root, by_value2);
    twalk(root, visit);
    free(strdup("a string"));
    char *line = NULL;
    size_t size = 0;
    FILE *file = fopen("/proc/self/maps", "r");
    while (file && getline(&line, &size, file) > 0) {}
    free(line);
    if (file) fclose(file);
    glob_t found;
    if (glob("/usr/lib/*/lib[a-c]*.so*", 0, NULL, &found) == 0) globfree(&found);
    char *text;
    if (asprintf(&text, "%s %d %f", "text", 1, 2.5) > 0) free(text);
    setenv("WALK_PROGRAM", "1", 1);
    time_t now = time(NULL);
    struct tm broken_down;
    localtime_r(&now, &broken_down);
    void *library = dlopen("libm.so.6", RTLD_NOW);
    if (library) dlclose(library);
    free(realpath("/proc/self/exe", NULL));
}

static void on_signal(int number, siginfo_t *information, void *context) {
    (void)number, (void)information, (void)context;
    touch(56);
}

static void on_nested_signal(int number) {
    (void)number;
    touch(16);
    raise(SIGUSR1);
}

static void signals(void) {
    static char stack[65536];
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternative, NULL);
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    action.sa_flags |= SA_ONSTACK;
    sigaction(SIGUSR2, &action, NULL);
    raise(SIGUSR2);
    struct sigaction nested = {.sa_handler = on_nested_signal};
    sigaction(SIGHUP, &nested, NULL);
    raise(SIGHUP);
}

/// Is interrupted at arbitrary instructions, prologues and library code among them.
static void interruptions(void) {
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    timer_t timer;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return;
    struct itimerspec often = {.it_interval = {.tv_nsec = 100000}, .it_value = {.tv_nsec = 100000}};
    timer_settime(timer, 0, &often, NULL);
    char text[128];
    // Nothing here allocates: the handler does.
    for (int round = 0; round < 200000; round++) {
        snprintf(text, sizeof text, "%d %s %f", round, "text", round / 7.0);
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        sink = (void *)(uintptr_t)(strtod(text, NULL) + (double)strlen(text));
        getppid();
    }
    timer_delete(timer);
}

static void *in_thread(void *argument) {
    pthread_key_t *key = argument;
    pthread_setspecific(*key, key);
    recurse(20);
    library_calls();
    aligned(8);
    return NULL;
}

static void at_thread_end(void *unused) {
    (void)unused;
    touch(72);
}

static ucontext_t main_context, own_context;

static void on_own_stack(void) {
    recurse(5);
    swapcontext(&own_context, &main_context);
}

static void contexts(void) {
    static char stack[262144];
    getcontext(&own_context);
    own_context.uc_stack.ss_sp = stack;
    own_context.uc_stack.ss_size = sizeof stack;
    own_context.uc_link = &main_context;
    makecontext(&own_context, on_own_stack, 0);
    swapcontext(&main_context, &own_context);
}

__attribute__((constructor(102))) static void before_main(void) {
    touch(32);
    recurse(3);
}

static void at_end(void) { touch(32); }

int main(int count, char **arguments) {
    if (count == 2 && strcmp(arguments[1], "--required") == 0 && !walk_comparison_start()) return 77;
    atexit(at_end);
    // More than the comparison keeps of a stack: both must give the same first frames.
    recurse(100);
    recurse(600);
    on_the_stack(4096);
    aligned(20);
    library_calls();
    signals();
    contexts();
    pthread_key_t key;
    pthread_key_create(&key, at_thread_end);
    pthread_t threads[4];
    for (int index = 0; index < 4; index++) pthread_create(&threads[index], NULL, in_thread, &key);
    for (int index = 0; index < 4; index++) pthread_join(threads[index], NULL);
    if (!getenv("WALK_WITHOUT_TIMER")) interruptions();
    return walk_comparison_report() != 0;
}
