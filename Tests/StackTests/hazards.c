// Allocates from places that are hard to walk from: callbacks of the C library, deep recursion, signal handlers on
// stacks that go away, coroutines whose stacks go away, jumps, alloca, realigned frames, threads.
#define _GNU_SOURCE
#include <alloca.h>
#include <glob.h>
#include <iconv.h>
#include <netdb.h>
#include <pthread.h>
#include <regex.h>
#include <search.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <ucontext.h>
#include <unistd.h>

static __thread void *volatile sink;
static __thread unsigned random_state = 1;

static unsigned next_random(void) { return random_state = random_state * 1664525u + 1013904223u, random_state >> 8; }

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
    volatile char space[40];
    space[depth % 40] = (char)result;
    if (depth % 7 == 0) touch(16);
    return result + space[depth % 40];
}

// A random tree of calls: what a walk finds again of the one before varies.
__attribute__((noinline)) static int left(int depth);
__attribute__((noinline)) static int right(int depth) {
    char *space = alloca(next_random() % 200 + 1);
    space[0] = (char)depth;
    touch(next_random() % 100 + 1);
    int result = depth > 0 ? (next_random() % 3 ? left(depth - 1) : right(depth - 1)) : 0;
    return result + space[0];
}
static int left(int depth) {
    if (next_random() % 2) touch(32);
    if (depth > 0) right(depth - 1);
    if (depth > 0 && next_random() % 4 == 0) left(depth - 1);
    touch(8);
    return depth;
}

// Inner parts of stacks that are the same, to the word, on top of outer parts that differ, or only seem to be the same.
__attribute__((noinline)) static void inner(int depth) {
    if (depth > 0) inner(depth - 1);
    else touch(8);
    sink = (void *)&sink;
}
__attribute__((noinline)) static void wider(int depth) {
    volatile char room[64];
    room[0] = 0;
    inner(depth);
    sink = (void *)room;
}
__attribute__((noinline)) static void shared(void) {
    void (*volatile ways[])(int) = {inner, wider};
    for (int i = 0; i < 6; i++) ways[next_random() & 1](3);
}
__attribute__((noinline)) static void here(void) { shared(), sink = (void *)&sink; }
__attribute__((noinline)) static void there(void) { shared(), sink = NULL; }
// The same return address in the same place, now and then with a frame more outside of it: only the frame pointer tells.
__attribute__((noinline)) static void flexible(size_t size) {
    volatile char *room = alloca(size);
    room[0] = 0;
    touch(8);
    sink = (void *)room;
}
__attribute__((noinline)) static void padded(size_t size) {
    volatile char room[24];
    room[0] = 0;
    flexible(size);
    sink = (void *)room;
}
static void twins(void) {
    void (*volatile ways[])(size_t) = {flexible, padded};
    for (int i = 0; i < 1000; i++) {
        if (next_random() & 1) here();
        else there();
    }
    for (int i = 0; i < 1000; i++) ways[next_random() & 1](16 * (1 + next_random() % 8));
}

__attribute__((noinline)) static void realigned(int depth) {
    _Alignas(64) volatile char space[192];
    space[depth] = 1;
    char *more = alloca((size_t)depth * 8 + 8);
    more[0] = 2;
    touch(40);
    if (depth) realigned(depth - 1);
    sink = (void *)(uintptr_t)(space[depth] + more[0]);
}

static int by_value(const void *a, const void *b, void *unused) {
    (void)unused;
    touch(8);
    return *(const int *)a - *(const int *)b;
}
static int by_value2(const void *a, const void *b) { return by_value(a, b, NULL); }
static void visit(const void *node, VISIT which, int depth) { (void)node, (void)which, (void)depth, touch(8); }
static int on_glob_error(const char *path, int error) { (void)path, (void)error, touch(8); return 0; }

static void library_calls(void) {
    int numbers[600], key = 7;
    for (int i = 0; i < 600; i++) numbers[i] = (int)(next_random() % 1000);
    qsort_r(numbers, 600, sizeof *numbers, by_value, NULL);
    sink = bsearch(&key, numbers, 600, sizeof *numbers, by_value2);
    void *root = NULL;
    for (int i = 0; i < 64; i++) tsearch(&numbers[i], &root, by_value2);
    twalk(root, visit);
    free(strdup("a string"));
    FILE *file = fopen("/proc/self/maps", "r");
    char *line = NULL, *text = NULL;
    size_t size = 0;
    while (file && getline(&line, &size, file) > 0) {}
    free(line);
    if (file) fclose(file);
    FILE *memory = open_memstream(&text, &size);
    for (int i = 0; memory && i < 500; i++) fprintf(memory, "%d %s %.40f", i, "text", i / 3.0);
    if (memory) fclose(memory);
    free(text);
    if (asprintf(&text, "%*d %s %.300f", 2000, 1, "text", 2.5) > 0) free(text);
    glob_t found;
    if (glob("/etc/*/*a*", 0, on_glob_error, &found) == 0) globfree(&found);
    regex_t expression;
    if (regcomp(&expression, "^(a|b)*[[:alpha:]]+(foo|bar){2,5}\\.$", REG_EXTENDED) == 0) {
        regmatch_t matches[4];
        regexec(&expression, "ababxfoobarfoo.", 4, matches, 0);
        regfree(&expression);
    }
    const char *sets[] = {"UTF-16", "ISO-8859-2", "KOI8-R", "EUC-JP"};
    for (int i = 0; i < 4; i++) {
        iconv_t converter = iconv_open(sets[i], "UTF-8");
        if (converter != (iconv_t)-1) iconv_close(converter);
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *addresses;
    if (getaddrinfo("localhost", "80", &hints, &addresses) == 0) freeaddrinfo(addresses);
    free(realpath("/proc/self/exe", NULL));
    setenv("HAZARDS", "1", 1);
}

static jmp_buf back;
__attribute__((noinline)) static void jump_from(int depth) {
    touch(48);
    if (depth == 0) longjmp(back, 1);
    jump_from(depth - 1);
    touch(16);
}
static void jumps(void) {
    for (volatile int i = 0; i < 200; i++) {
        if (setjmp(back) == 0) jump_from(i % 40);
        touch(24);
    }
}

static void on_signal(int number) {
    touch(56);
    recurse(3);
    if (number == SIGUSR2) raise(SIGUSR1);
    touch(24);
}

// Handlers on a stack of their own, which is unmapped afterwards.
static void signals_on_stacks_that_go(void) {
    for (int i = 0; i < 100; i++) {
        size_t size = 256 * 1024;
        void *space = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        stack_t own = {.ss_sp = space, .ss_size = size}, none = {.ss_flags = SS_DISABLE};
        sigaltstack(&own, NULL);
        struct sigaction action = {.sa_handler = on_signal, .sa_flags = i % 3 ? SA_ONSTACK : 0};
        sigaction(SIGUSR1, &action, NULL);
        sigaction(SIGUSR2, &action, NULL);
        raise(i % 2 ? SIGUSR1 : SIGUSR2);
        touch(32);
        sigaltstack(&none, NULL);
        munmap(space, size);
        touch(32);
        recurse(i % 9);
    }
}

// An own stack that is part of the thread's.
__attribute__((noinline)) static void signals_on_part_of_the_stack(void) {
    char space[65536];
    stack_t own = {.ss_sp = space, .ss_size = sizeof space}, none = {.ss_flags = SS_DISABLE};
    sigaltstack(&own, NULL);
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < 20; i++) {
        raise(SIGUSR1);
        recurse(i % 4);
    }
    sigaltstack(&none, NULL);
}

static __thread ucontext_t caller, coroutine;
static void run_coroutine(void) {
    for (int i = 0;; i++) {
        recurse(i % 20);
        left(4);
        swapcontext(&coroutine, &caller);
    }
}
static void coroutines(void) {
    for (int i = 0; i < 60; i++) {
        size_t size = i % 2 ? 65536 : 4 << 20;
        void *space = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        getcontext(&coroutine);
        coroutine.uc_stack.ss_sp = space;
        coroutine.uc_stack.ss_size = size;
        coroutine.uc_link = &caller;
        makecontext(&coroutine, run_coroutine, 0);
        for (int round = 0; round < 10; round++) {
            swapcontext(&caller, &coroutine);
            touch(24);
        }
        munmap(space, size);
        touch(24);
    }
}

static void *in_thread(void *argument) {
    (void)argument;
    recurse(30);
    left(8);
    library_calls();
    coroutines();
    realigned(8);
    return NULL;
}

// Returns from signals at arbitrary instructions.
static void interruptions(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    timer_t timer;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return;
    struct itimerspec often = {.it_interval = {.tv_nsec = 150000}, .it_value = {.tv_nsec = 150000}};
    timer_settime(timer, 0, &often, NULL);
    char text[128];
    for (int round = 0; round < 300000; round++) {
        snprintf(text, sizeof text, "%d %s %f", round, "text", round / 7.0);
        sink = (void *)(uintptr_t)(strtod(text, NULL) + (double)strlen(text));
        getppid();
    }
    timer_delete(timer);
}

int main(int count, char **arguments) {
    random_state = count > 1 ? (unsigned)strtoul(arguments[1], NULL, 10) : 1;
    recurse(100);
    recurse(900);
    recurse(1500);
    recurse(5000);
    for (int i = 0; i < 100; i++) left(12);
    twins();
    realigned(20);
    library_calls();
    jumps();
    signals_on_stacks_that_go();
    signals_on_part_of_the_stack();
    coroutines();
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, in_thread, NULL);
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    interruptions();
    return 0;
}
