// Programs that were written for LeakSanitizer: they call its functions through weak references, and run with its runtime or under
// MemScope. Each prints what the checks that it makes say, and ends as it ends.
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#pragma weak __lsan_disable
#pragma weak __lsan_enable
#pragma weak __lsan_ignore_object
#pragma weak __lsan_register_root_region
#pragma weak __lsan_unregister_root_region
#pragma weak __lsan_do_leak_check
#pragma weak __lsan_do_recoverable_leak_check
#include <sanitizer/lsan_interface.h>

// What the runner asks for: how much of everything.
static int n;

struct node { struct node *next; char rest[40]; };

__attribute__((noinline)) static struct node *chain(int length) {
    struct node *last = NULL;
    for (int i = 0; i < length; i++) {
        struct node *node = malloc(sizeof *node);
        node->next = last;
        last = node;
    }
    return last;
}

__attribute__((noinline)) static void scrub(void) {
    volatile char bytes[1 << 16];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = 0;
}

__attribute__((noinline)) static void lose(int length) {
    chain(length);
    scrub();
}

static void say(const char *what, int value) {
    printf("%s %d\n", what, value);
    fflush(stdout);
}

static void check(const char *what) {
    scrub();
    say(what, __lsan_do_recoverable_leak_check() != 0);
}

static void disabled(void) {
    __lsan_disable();
    __lsan_disable();
    lose(n);
    __lsan_enable();
    lose(n);
    __lsan_enable();
    check("after ignored");
    lose(1);
    check("after lost");
}

// What an ignored block leads to is ignored, whoever allocated it, and whenever it was put there.
__attribute__((noinline)) static void lose_behind_ignored(void) {
    __lsan_disable();
    struct node *first = malloc(sizeof *first);
    __lsan_enable();
    first->next = chain(n);
}
static void disabled_and_below(void) {
    lose_behind_ignored();
    check("below ignored");
}

static void *lose_in_thread(void *count) {
    lose((int)(intptr_t)count);
    return NULL;
}

// Other threads are not concerned.
static void disabled_elsewhere(void) {
    pthread_t thread;
    __lsan_disable();
    pthread_create(&thread, NULL, lose_in_thread, (void *)(intptr_t)n);
    pthread_join(thread, NULL);
    __lsan_enable();
    check("lost elsewhere");
}

__attribute__((noinline)) static void lose_ignored(int inside) {
    for (int i = 0; i < n; i++) {
        struct node *node = chain(2);
        __lsan_ignore_object((char *)node + inside);
    }
}
static void ignored_object(void) {
    lose_ignored(0);
    check("ignored");
    lose_ignored(20);
    check("ignored by a pointer into it");
}

// Freed and allocated anew at the same place, it is another object.
__attribute__((noinline)) static void lose_after_ignored(void) {
    for (int i = 0; i < n; i++) {
        void *block = malloc(3000);
        __lsan_ignore_object(block);
        free(block);
    }
    for (int i = 0; i < n; i++) memset(malloc(3000), 0, 3000);
}
static void ignored_and_freed(void) {
    lose_after_ignored();
    check("reused");
}

__attribute__((noinline)) static void lose_after_growth(void) {
    for (int i = 0; i < n; i++) {
        void *block = malloc(100);
        __lsan_ignore_object(block);
        memset(realloc(block, 5000), 0, 5000);
    }
}
static void ignored_and_grown(void) {
    lose_after_growth();
    check("grown");
}

// Memory that is no root by itself: of a file that processes share.
static void **shared;
static void share(size_t bytes) {
    char path[] = "/tmp/memscope-region-XXXXXX";
    int file = mkstemp(path);
    if (file < 0 || ftruncate(file, (off_t)bytes) != 0) abort();
    unlink(path);
    shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
}
static void root_region(void) {
    size_t bytes = (size_t)n * sizeof *shared;
    share(bytes);
    __lsan_register_root_region(shared, bytes);
    __lsan_register_root_region(shared, bytes);
    for (int i = 0; i < n; i++) shared[i] = malloc(64);
    check("registered");
    __lsan_unregister_root_region(shared, bytes);
    check("registered once more");
    __lsan_unregister_root_region(shared, bytes);
    check("unregistered");
}

// A part of it that cannot be read is passed over.
static void root_region_with_hole(void) {
    size_t bytes = 4 << 20;
    share(bytes);
    shared[bytes / sizeof *shared - 1] = malloc(64);
    mprotect((char *)shared + (1 << 20), 1 << 20, PROT_NONE);
    __lsan_register_root_region(shared, bytes);
    check("behind the hole");
}

// Twice the same: a check changes nothing.
static void recoverable_twice(void) {
    check("nothing lost");
    lose(n);
    check("lost");
    check("lost, again");
}

// Held by registers and the stack of the one that asks.
__attribute__((noinline)) static int held_by_caller(void) {
    struct node *volatile on_stack = chain(n);
    register struct node *kept = chain(n);
    int leaked = __lsan_do_recoverable_leak_check();
    __asm__ volatile("" : : "r"(kept));
    return leaked || !on_stack;
}
static void recoverable_while_held(void) {
    say("held by the caller", held_by_caller());
    check("held no more");
}

static void last_check_with_leaks(void) {
    lose(n);
    say("before", 0);
    __lsan_do_leak_check();
    say("after", 0);
}

// Nothing is looked for after it.
static void last_check_without(void) {
    __lsan_do_leak_check();
    lose(n);
    __lsan_do_leak_check();
    check("after the last");
}

// Pointers at addresses that are no multiple of 8, as packed structures have them.
static char *packed;
static void held_at_odd_addresses(void) {
    packed = calloc((size_t)n, 16);
    for (int i = 0; i < n; i++) {
        void *block = malloc(64);
        memcpy(packed + 16 * i + 1 + i % 7, &block, sizeof block);
    }
}

// Has a report written, and waits until it is there: the directory has a name that the program can tell.
static void export(int number) {
    char path[4096];
    snprintf(path, sizeof path, "%s/export-%d/report.html", getenv("MEMSCOPE_OUTPUT"), number);
    kill(getpid(), SIGUSR2);
    for (int i = 0; i < 60000 && access(path, F_OK) != 0; i++) usleep(1000);
}

static void lost_while_exporting(void) {
    lose(n);
    scrub();
    export(1);
    export(2);
    lose(n);
    scrub();
    export(3);
}

static void nothing(void) {}
static void lost_at_end(void) { lose(n); }

static const struct { const char *name; void (*run)(void); } cases[] = {
    {"disabled", disabled}, {"disabled_and_below", disabled_and_below}, {"disabled_elsewhere", disabled_elsewhere},
    {"ignored_object", ignored_object}, {"ignored_and_freed", ignored_and_freed}, {"ignored_and_grown", ignored_and_grown},
    {"root_region", root_region}, {"root_region_with_hole", root_region_with_hole}, {"recoverable_twice", recoverable_twice},
    {"recoverable_while_held", recoverable_while_held}, {"last_check_with_leaks", last_check_with_leaks},
    {"last_check_without", last_check_without}, {"held_at_odd_addresses", held_at_odd_addresses}, {"lost_while_exporting", lost_while_exporting},
    {"nothing", nothing}, {"lost_at_end", lost_at_end},
};

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    n = atoi(argv[2]);
    if (!__lsan_do_recoverable_leak_check) return 3;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(cases[i].name, argv[1]) != 0) continue;
        cases[i].run();
        scrub();
        return 0;
    }
    return 2;
}
