// malloc and free in turn, from a stack of known depth, in one or more threads: what one event costs.
//
// usage: malloc_pairs DEPTH [THREADS [PAIRS]]        pairs per thread (4 000 000)
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static int depth, threads = 1;
static long pairs = 4000000;

__attribute__((noinline)) static long descend(int left) {
    // The stores after the calls keep them from becoming jumps.
    volatile long kept;
    if (left > 0) {
        kept = descend(left - 1);
        return kept;
    }
    long sum = 0;
    for (long i = 0; i < pairs; i++) {
        char *block = malloc((size_t)(i % 8) * 16 + 16);
        block[0] = (char)i;
        sum += block[0];
        free(block);
    }
    kept = sum;
    return kept;
}

static void *work(void *sum) {
    // main or the thread's start, and the allocator's caller itself, are frames too.
    *(long *)sum = descend(depth > 3 ? depth - 3 : 0);
    return NULL;
}

int main(int count, char **arguments) {
    if (count < 2) return 64;
    depth = atoi(arguments[1]);
    if (count > 2) threads = atoi(arguments[2]);
    if (count > 3) pairs = atol(arguments[3]);
    pthread_t all[256];
    long sums[256] = {0};
    if (threads < 1 || threads > 256) return 64;
    for (int i = 1; i < threads; i++) pthread_create(&all[i], NULL, work, &sums[i]);
    work(&sums[0]);
    for (int i = 1; i < threads; i++) pthread_join(all[i], NULL);
    long sum = 0;
    for (int i = 0; i < threads; i++) sum += sums[i];
    printf("malloc_pairs %ld\n", sum);
    return 0;
}
