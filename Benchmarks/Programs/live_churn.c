// 100 000 live blocks of 528 bytes, of which one after the other, in no order, is freed and allocated anew: what events
// cost when the heap is larger than the caches.
//
// usage: live_churn [THREADS [STEPS [LIVE]]]        steps per thread (2 000 000), live blocks per thread (100 000)
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { size = 528 };

static long steps = 2000000, live = 100000;

static void *work(void *result) {
    uint64_t state = 0x9E3779B97F4A7C15u, sum = 0;
    char **blocks = calloc((size_t)live, sizeof *blocks);
    for (long i = 0; i < live; i++) {
        blocks[i] = malloc(size);
        blocks[i][0] = (char)i;
    }
    for (long i = 0; i < steps; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        long place = (long)((state >> 33) % (uint64_t)live);
        sum += (uint64_t)blocks[place][0];
        free(blocks[place]);
        blocks[place] = malloc(size);
        blocks[place][0] = (char)i;
    }
    for (long i = 0; i < live; i++) free(blocks[i]);
    free(blocks);
    *(uint64_t *)result = sum;
    return NULL;
}

int main(int count, char **arguments) {
    int threads = count > 1 ? atoi(arguments[1]) : 1;
    if (count > 2) steps = atol(arguments[2]);
    if (count > 3) live = atol(arguments[3]);
    if (threads < 1 || threads > 64 || live < 1) return 64;
    pthread_t all[64];
    uint64_t sums[64];
    for (int i = 1; i < threads; i++) pthread_create(&all[i], NULL, work, &sums[i]);
    work(&sums[0]);
    for (int i = 1; i < threads; i++) pthread_join(all[i], NULL);
    uint64_t sum = 0;
    for (int i = 0; i < threads; i++) sum += sums[i];
    printf("live_churn %llu\n", (unsigned long long)sum);
    return 0;
}
