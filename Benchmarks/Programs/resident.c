// What the tracker keeps in memory: prints the process's resident bytes when the given threads have each allocated once
// and wait, and the given blocks are live and written to.
//
// usage: resident THREADS BLOCKS SIZE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_barrier_t all_have_allocated, may_end;

static void *idle(void *unused) {
    void *block = malloc(64);
    pthread_barrier_wait(&all_have_allocated);
    pthread_barrier_wait(&may_end);
    free(block);
    return unused;
}

static long resident_bytes(void) {
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%ld %ld", &pages, &resident) != 2) exit(1);
    fclose(file);
    return resident * sysconf(_SC_PAGESIZE);
}

int main(int count, char **arguments) {
    if (count != 4) return 64;
    unsigned threads = (unsigned)atoi(arguments[1]);
    long blocks = atol(arguments[2]);
    size_t size = (size_t)atol(arguments[3]);
    if (threads > 1000) return 64;
    pthread_t all[1000];
    pthread_barrier_init(&all_have_allocated, NULL, threads + 1);
    pthread_barrier_init(&may_end, NULL, threads + 1);
    for (unsigned i = 0; i < threads; i++)
        if (pthread_create(&all[i], NULL, idle, NULL)) return 1;
    pthread_barrier_wait(&all_have_allocated);
    // A list through the blocks themselves, so that nothing else grows with them.
    void **last = NULL;
    for (long i = 0; i < blocks; i++) {
        void **block = malloc(size);
        memset(block, 1, size);
        *block = last;
        last = block;
    }
    // Until a tracker is through with the events and has given back what they lay in.
    usleep(300000);
    printf("%ld\n", resident_bytes());
    pthread_barrier_wait(&may_end);
    for (unsigned i = 0; i < threads; i++) pthread_join(all[i], NULL);
    while (last) {
        void **next = *last;
        free(last);
        last = next;
    }
    return 0;
}
