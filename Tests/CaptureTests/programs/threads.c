// Many threads: short ones by the thousand, reallocation across threads, blocks handed over and freed elsewhere.
#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

#include "program.h"

static void *short_life(void *info) {
    churn(4, 1301);
    return make(info ? 1302 : 1303);
}

static void thousands(void) {
    for (int round = 0; round < 3000; round++) {
        pthread_t threads[2];
        void *block;
        for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, short_life, i ? &block : NULL);
        for (int i = 0; i < 2; i++) {
            pthread_join(threads[i], &block);
            free(block);
        }
    }
}

enum { EXCHANGE = 256, WORKERS = 4 };
static void *exchange[EXCHANGE];
static unsigned long rounds_wanted;

// Takes whatever lies in a slot, wherever it came from, changes its size and puts it back.
static void *reallocate(void *info) {
    unsigned random = (unsigned)(size_t)info;
    for (unsigned long i = 0; i < rounds_wanted; i++) {
        random = random * 1103515245 + 12345;
        void **slot = &exchange[(random >> 8) % EXCHANGE];
        void *block = __atomic_exchange_n(slot, NULL, __ATOMIC_ACQ_REL);
        size_t size = 1310 + (random >> 16) % 8 * 100;
        switch ((random >> 20) % 8) {
            case 0: free(block); block = NULL; break;
            case 1: free(block); block = malloc(size); break;
            case 2: if (realloc(block, (size_t)-1 / 4) != NULL) abort(); break;  // fails; the block stays
            case 3: block = reallocarray(block, size / 10, 10); break;
            default: block = realloc(block, size);
        }
        free(__atomic_exchange_n(slot, block, __ATOMIC_ACQ_REL));
    }
    return NULL;
}

static void across(unsigned long rounds, int finish) {
    pthread_t threads[WORKERS];
    rounds_wanted = rounds;
    for (int i = 0; i < WORKERS; i++) pthread_create(&threads[i], NULL, reallocate, (void *)(size_t)(i + 1));
    if (!finish) {  // ends while they are at it
        usleep(400000);
        return;
    }
    for (int i = 0; i < WORKERS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < EXCHANGE; i++) free(exchange[i]);
}

enum { MANY = 1500 };
static pthread_barrier_t all_are_here;

static void *wait_for_all(void *unused) {
    (void)unused;
    void *kept = malloc(1401);
    pthread_barrier_wait(&all_are_here);
    free(malloc(1401));
    return kept;
}

// All threads live at once, and each has allocated.
static void many(void) {
    static pthread_t threads[MANY];
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 * 1024);
    pthread_barrier_init(&all_are_here, NULL, MANY);
    for (int i = 0; i < MANY; i++)
        if (pthread_create(&threads[i], &attributes, wait_for_all, NULL) != 0) abort();
    for (int i = 0; i < MANY; i++) pthread_join(threads[i], NULL);
}

int main(int count, char **arguments) {
    const char *what = count > 1 ? arguments[1] : "";
    if (strcmp(what, "short") == 0) thousands();
    else if (strcmp(what, "many") == 0) many();
    else if (strcmp(what, "realloc") == 0) across(250000, 1);
    else if (strcmp(what, "unfinished") == 0) across(~0ul, 0);
    else return 2;
    puts("done");
    return 0;
}
