// Threads whose thread-specific destructors allocate, some in a second and third round of destructors, and free what
// the thread and other destructors left.
#include "checksum.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { threads = 500 };

static pthread_key_t keys[3];
static _Atomic uint64_t total;

static void destroy(void *value) {
    uint32_t *counter = value;
    uint32_t round = counter[0], key = counter[1];
    char *scratch = malloc(200 + round * 50);
    memset(scratch, (int)round, 200);
    total += (uint64_t)scratch[100] + key;
    free(scratch);
    free(counter);
    if (round == 0) return;
    uint32_t *again = malloc(2 * sizeof *again);
    again[0] = round - 1;
    again[1] = key;
    pthread_setspecific(keys[key], again);
}

static void *work(void *argument) {
    for (uint32_t key = 0; key < 3; key++) {
        uint32_t *counter = malloc(2 * sizeof *counter);
        counter[0] = key;  // how many more rounds
        counter[1] = key;
        pthread_setspecific(keys[key], counter);
    }
    total += (uint64_t)(long)argument;
    return NULL;
}

int main(void) {
    for (int i = 0; i < 3; i++) pthread_key_create(&keys[i], destroy);
    for (long i = 0; i < threads; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, work, (void *)i);
        pthread_join(thread, NULL);
    }
    return checksum_print("thread_ends", total);
}
