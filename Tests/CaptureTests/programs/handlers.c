// Timer signals that interrupt the allocator anywhere, with handlers that free and allocate. Stands on
// signal_safe_allocator.c, so it may. What is live at the end is known: 500 blocks of 1201 bytes a thread, none of 1202.
// With an argument, handlers free more than a thread has slots for.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "program.h"

enum { MOST = 256, LIVE = 500, THREADS = 2 };
static int slots_used = 16;
static _Thread_local void *slots[MOST];
static _Thread_local void *mixed[MOST];
static int handled, freed_in_handler;

// Nested on purpose: the other timer's signal may interrupt this one.
static void on_timer(int number) {
    (void)number;
    __atomic_fetch_add(&handled, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < slots_used; i++) {
        void *block = __atomic_exchange_n(&slots[i], NULL, __ATOMIC_RELAXED);
        if (block) __atomic_fetch_add(&freed_in_handler, 1, __ATOMIC_RELAXED);
        free(block);
        if (i % 4 == 0) free(__atomic_exchange_n(&mixed[i], NULL, __ATOMIC_RELAXED));
    }
    free(malloc(1203));
}

static void *work(void *unused) {
    void *live[LIVE] = {0};
    unsigned random = 1;
    for (int round = 0; round < 300000 || __atomic_load_n(&handled, __ATOMIC_RELAXED) < 400; round++) {
        random = random * 1103515245 + 12345;
        int i = (int)(random >> 8) % LIVE;
        free(live[i]);
        live[i] = make(1201);
        int slot = (int)(random >> 20) % slots_used;
        if (!__atomic_load_n(&slots[slot], __ATOMIC_RELAXED)) {
            void *block = make(1202);
            free(__atomic_exchange_n(&slots[slot], block, __ATOMIC_RELAXED));
        }
        // More sizes than a stack may have of its own.
        free(__atomic_exchange_n(&mixed[slot], malloc(2000 + random % 1000), __ATOMIC_RELAXED));
    }
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    for (int i = 0; i < slots_used; i++) free(slots[i]), free(mixed[i]);
    for (int i = 0; i < LIVE; i++)
        if (!live[i]) live[i] = make(1201);
    return unused;
}

int main(int count, char **arguments) {
    (void)arguments;
    if (count > 1) slots_used = MOST;
    struct sigaction action = {.sa_handler = on_timer, .sa_flags = SA_RESTART};
    sigaction(SIGPROF, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    struct itimerval every = {{0, 100}, {0, 100}}, never = {{0, 0}, {0, 0}};
    pthread_t threads[THREADS];
    setitimer(ITIMER_REAL, &every, NULL);
    setitimer(ITIMER_PROF, &every, NULL);
    for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    setitimer(ITIMER_REAL, &never, NULL);
    setitimer(ITIMER_PROF, &never, NULL);
    printf("interrupted: %d, freed there: %d\n", handled > 100, freed_in_handler > 100);
    return 0;
}
