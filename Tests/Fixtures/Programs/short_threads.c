// Thousands of threads that live shortly, some joined, some detached, eight at a time.
#include "checksum.h"
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

enum { rounds = 500, together = 8 };

static sem_t finished;
static _Atomic uint64_t total;

static void *work(void *argument) {
    long number = (long)argument;
    char *blocks[20];
    for (int i = 0; i < 20; i++) {
        blocks[i] = malloc((size_t)(number % 50 + i * 16 + 1));
        blocks[i][0] = (char)i;
    }
    for (int i = 0; i < 20; i++) {
        total += (uint64_t)blocks[i][0] + (uint64_t)(number % 3);
        free(blocks[i]);
    }
    sem_post(&finished);
    return NULL;
}

int main(void) {
    sem_init(&finished, 0, 0);
    for (long round = 0; round < rounds; round++) {
        pthread_t threads[together];
        for (int i = 0; i < together; i++) {
            pthread_create(&threads[i], NULL, work, (void *)(round * together + i));
            if (i % 2) pthread_detach(threads[i]);
        }
        for (int i = 0; i < together; i += 2) pthread_join(threads[i], NULL);
        for (int i = 0; i < together; i++) sem_wait(&finished);
    }
    return checksum_print("short_threads", total);
}
