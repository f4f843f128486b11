// Blocks that only a thread holds, in whatever place.
#define _GNU_SOURCE
#include "leak_cases.h"

#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static sem_t ready;
static void **(*place_in_library)(void);

// Waits for good, and holds nothing of its own.
static void park(void) {
    sem_post(&ready);
    for (;;) pause();
}

static pthread_t start(void *(*body)(void *), void *argument) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    if (pthread_create(&thread, &attributes, body, argument) != 0) abort();
    return thread;
}

// Starts one thread for each of `n`, in at most 64, and waits until all are parked.
static void start_all(int n, void *(*body)(void *)) {
    sem_init(&ready, 0, 0);
    int threads = n < 64 ? n : 64;
    for (int i = 0; i < threads; i++) start(body, (void *)(intptr_t)(n / threads + (i < n % threads)));
    for (int i = 0; i < threads; i++) while (sem_wait(&ready) != 0) {}
}

// Blocks that hold each other; whoever has the last one has all. Where it was made is overwritten by `scrub` afterwards.
__attribute__((noinline)) static void *make_chain(void *count) {
    void **last = NULL;
    for (intptr_t i = 0; i < (intptr_t)count; i++) {
        void **block = malloc(64);
        *block = last;
        last = block;
    }
    return last;
}

static __thread void *variable;
static void *hold_in_variable(void *count) {
    variable = make_chain(count);
    scrub();
    park();
    return NULL;
}
static void held_by_thread_local(int n) { start_all(n, hold_in_variable); }

static void held_by_main_thread_local(int n) {
    variable = make_chain((void *)(intptr_t)n);
}

static pthread_key_t first_key, far_key;
static void *hold_by_key(void *count) {
    pthread_setspecific((intptr_t)count % 2 ? first_key : far_key, make_chain(count));
    scrub();
    park();
    return NULL;
}
static void held_by_key(int n) {
    pthread_key_create(&first_key, NULL);
    // Beyond the 32 that lie in the thread itself.
    for (int i = 0; i < 100; i++) pthread_key_create(&far_key, NULL);
    start_all(n, hold_by_key);
}

static void *hold_on_stack(void *count) {
    void *volatile last = NULL;
    for (intptr_t i = 0; i < (intptr_t)count; i++) {
        void **block = malloc(64);
        *block = last;
        last = block;
    }
    park();
    return last;
}
static void held_by_stack(int n) { start_all(n, hold_on_stack); }

// Below the stack pointer a waiting thread has nothing.
__attribute__((noinline)) static void lose_on_stack(intptr_t count) {
    void *volatile places[256];
    for (int i = 0; i < 256; i++) places[i] = NULL;
    for (intptr_t i = 0; i < count; i++) places[i % 200] = malloc(64);
    __asm__ volatile("" ::: "memory");
}
static void *lose_below_stack(void *count) {
    lose_on_stack((intptr_t)count);
    park();
    return NULL;
}
static void lost_below_stack(int n) { start_all(n, lose_below_stack); }

#if defined(__x86_64__)
// Only in r15, while the kernel waits.
static void *hold_in_register(void *count) {
    uintptr_t turned = hidden(make_chain(count));
    sem_post(&ready);
    scrub();
    __asm__ volatile("movq %0, %%r15\n\tnotq %%r15\n\txorl %%eax, %%eax\n\tmovq %%rax, %0\n"
                     "1:\tmovl $34, %%eax\n\tsyscall\n\tjmp 1b" : "+r"(turned) : : "r15", "rax", "rcx", "r11", "memory");
    return NULL;
}

static void *hold_in_vector(void *count) {
    uintptr_t turned = hidden(make_chain(count));
    sem_post(&ready);
    scrub();
    __asm__ volatile("notq %0\n\tmovq %0, %%xmm9\n\txorl %%eax, %%eax\n\tmovq %%rax, %0\n"
                     "1:\tmovl $34, %%eax\n\tsyscall\n\tjmp 1b" : "+r"(turned) : : "xmm9", "rax", "rcx", "r11", "memory");
    return NULL;
}
static void held_by_register(int n) { start_all(n, hold_in_register); usleep(100000); }
static void held_by_vector_register(int n) { start_all(n, hold_in_vector); usleep(100000); }
#endif

// What a thread returned that nobody joined.
static void *returns_block(void *unused) {
    (void)unused;
    return malloc(64);
}
static void held_as_result(int n) {
    for (int i = 0; i < n; i++) start(returns_block, NULL);
    usleep(200000);
}

// Joined, and the result is thrown away; the stack is kept for the next thread.
static void *loses_block(void *unused) {
    (void)unused;
    void *volatile block = malloc(64);
    block = NULL;
    return (void *)block;
}
static void lost_in_ended_threads(int n) {
    for (int i = 0; i < n; i++) pthread_join(start(loses_block, NULL), NULL);
}

// The stacks of threads that ended are kept, and with them what belongs to the thread-local storage of libraries.
static void *touches_library(void *unused) {
    *place_in_library() = NULL;
    usleep(20000);
    return unused;
}
static void stacks_kept(int n) {
    void *library = dlopen(getenv("LEAK_LIBRARY"), RTLD_NOW);
    if (!library) abort();
    place_in_library = (void **(*)(void))dlsym(library, "leak_library_place");
    pthread_t threads[64];
    int count = n / 5;
    for (int i = 0; i < count; i++) threads[i] = start(touches_library, NULL);
    for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
}

// Threads that come and go leave nothing behind, nor do those that wait.
static void *does_nothing(void *unused) { return unused; }
static void many_threads(int n) {
    for (int i = 0; i < n; i++) pthread_join(start(does_nothing, NULL), NULL);
    start_all(64, hold_on_stack);
}

// Dynamic thread-local storage, which a library that is loaded late has.
static void *hold_in_library(void *count) {
    *place_in_library() = make_chain(count);
    scrub();
    park();
    return NULL;
}
static void held_by_dynamic_thread_local(int n) {
    void *library = dlopen(getenv("LEAK_LIBRARY"), RTLD_NOW);
    if (!library) abort();
    place_in_library = (void **(*)(void))dlsym(library, "leak_library_place");
    start_all(n, hold_in_library);
}

// A stack of the program's own, in a block that nothing leads to but the stack pointer.
static ucontext_t main_context, coroutine;
static int coroutine_count;
static void run_coroutine(void) {
    void *volatile last = NULL;
    for (int i = 0; i < coroutine_count; i++) {
        void **block = malloc(64);
        *block = last;
        last = block;
    }
    memset(&coroutine, 0, sizeof coroutine);
    park();
}
__attribute__((noinline)) static void make_coroutine(void) {
    getcontext(&coroutine);
    coroutine.uc_stack.ss_sp = malloc(64 * 1024);
    coroutine.uc_stack.ss_size = 64 * 1024;
    makecontext(&coroutine, run_coroutine, 0);
}
static void *on_coroutine(void *unused) {
    make_coroutine();
    scrub();
    swapcontext(&main_context, &coroutine);
    return unused;
}
static void held_by_coroutine(int n) {
    sem_init(&ready, 0, 0);
    coroutine_count = n;
    start(on_coroutine, NULL);
    while (sem_wait(&ready) != 0) {}
}

// A handler's stack, in a block that only the kernel and the stack pointer know.
static int handler_count;
static void hold_in_handler(int number) {
    (void)number;
    hold_on_stack((void *)(intptr_t)handler_count);
}
__attribute__((noinline)) static void make_signal_stack(void) {
    stack_t stack = {.ss_sp = malloc(64 * 1024), .ss_size = 64 * 1024};
    sigaltstack(&stack, NULL);
}
static void *on_signal_stack(void *unused) {
    make_signal_stack();
    scrub();
    raise(SIGUSR1);
    return unused;
}
static void held_on_signal_stack(int n) {
    struct sigaction action = {.sa_handler = hold_in_handler, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &action, NULL);
    sem_init(&ready, 0, 0);
    handler_count = n;
    start(on_signal_stack, NULL);
    while (sem_wait(&ready) != 0) {}
}

// Each holds a block, and has lost another.
enum { MANY = 2000 };
static void *hold_and_lose(void *count) {
    lose_on_stack((intptr_t)count);
    scrub();
    return hold_on_stack(count);
}
static void two_thousand_threads(int n) {
    sem_init(&ready, 0, 0);
    for (int i = 0; i < MANY; i++) start(hold_and_lose, (void *)(intptr_t)(n / MANY + (i < n % MANY)));
    for (int i = 0; i < MANY; i++) while (sem_wait(&ready) != 0) {}
}

// Threads that take no signal, as far as the C library lets them; and by system call, none at all.
static bool by_call;
static void *hold_while_deaf(void *count) {
    uint64_t all = UINT64_MAX;
    sigset_t most;
    sigfillset(&most);
    if (by_call) syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    else pthread_sigmask(SIG_SETMASK, &most, NULL);
    return hold_and_lose(count);
}
static void deaf_threads(int n) { start_all(n, hold_while_deaf); }
static void threads_deaf_to_everything(int n) {
    by_call = true;
    start_all(n, hold_while_deaf);
}

// Threads that swap blocks among themselves, and resize them, all the time.
static void *volatile shared[64];
static void *swaps(void *seed) {
    unsigned state = (unsigned)(uintptr_t)seed * 2654435761u + 1;
    void *mine = malloc(100);
    memset(mine, 0, 100);
    sem_post(&ready);
    for (;;) {
        state = state * 1664525 + 1013904223;
        mine = __atomic_exchange_n(&shared[state >> 26], mine, __ATOMIC_ACQ_REL);
        if (!mine) mine = calloc(1, 100);
        size_t size = 100 + (state >> 16) % 3000;
        void *child = *(void **)mine;
        if (!child) *(void **)mine = child = malloc(48);
        mine = realloc(mine, size);
        (void)child;
    }
    return NULL;
}
static void swapping(int n) {
    (void)n;
    sem_init(&ready, 0, 0);
    for (intptr_t i = 0; i < 8; i++) start(swaps, (void *)i);
    for (int i = 0; i < 8; i++) while (sem_wait(&ready) != 0) {}
    usleep(50000);
}

// A thread that stands still inside realloc, which copies a block with a page that cannot be read: the old block is no longer
// known, the new one not yet.
static char *resized, *neighbour;
static void wait_in_handler(int number) {
    (void)number;
    park();
}
// Leaks cannot be looked for, and the program asks.
extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));
extern void __lsan_do_leak_check(void) __attribute__((weak));
static void checked_among_deaf_threads(int n) {
    threads_deaf_to_everything(n);
    printf("check %d\n", __lsan_do_recoverable_leak_check());
    fflush(stdout);
    __lsan_do_leak_check();
    printf("after\n");
}

static void *resizes(void *unused) {
    (void)unused;
    char *grown = realloc(resized, 100000);
    return grown;
}
static void held_by_block_in_realloc(int n) {
    signal(SIGSEGV, wait_in_handler);
    sem_init(&ready, 0, 0);
    size_t bytes = 16384 + (size_t)n * sizeof(void *);
    resized = calloc(1, bytes);
    neighbour = malloc(64);  // so that it must move
    void **children = (void **)(resized + 16384);
    for (int i = 0; i < n; i++) children[i] = malloc(64);
    mprotect((void *)(((uintptr_t)resized + 8191) & ~(uintptr_t)4095), 4096, PROT_NONE);
    start(resizes, NULL);
    while (sem_wait(&ready) != 0) {}
    resized = NULL;
    children = NULL;
}

static const struct leak_case cases[] = {
    {"held_by_thread_local", held_by_thread_local}, {"held_by_main_thread_local", held_by_main_thread_local},
    {"held_by_key", held_by_key}, {"held_by_stack", held_by_stack}, {"lost_below_stack", lost_below_stack},
#if defined(__x86_64__)
    {"held_by_register", held_by_register}, {"held_by_vector_register", held_by_vector_register},
#endif
    {"held_as_result", held_as_result}, {"lost_in_ended_threads", lost_in_ended_threads}, {"many_threads", many_threads},
    {"stacks_kept", stacks_kept},
    {"held_by_dynamic_thread_local", held_by_dynamic_thread_local}, {"held_by_coroutine", held_by_coroutine},
    {"held_on_signal_stack", held_on_signal_stack}, {"two_thousand_threads", two_thousand_threads},
    {"checked_among_deaf_threads", checked_among_deaf_threads},
    {"deaf_threads", deaf_threads}, {"threads_deaf_to_everything", threads_deaf_to_everything},
    {"swapping", swapping}, {"held_by_block_in_realloc", held_by_block_in_realloc},
};

int main(int argc, char **argv) { return run_case(cases, sizeof cases / sizeof *cases, argc, argv); }
