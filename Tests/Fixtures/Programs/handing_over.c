// Eight threads in a ring: each allocates blocks, hands them to the next and frees what it was handed, so that nearly
// every block is freed by another thread than the one that allocated it.
#include "checksum.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { threads = 8, blocks = 20000, room = 64 };

static struct queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned char *items[room];
    size_t sizes[room];
    int first, count;
} queues[threads];
static uint64_t sums[threads];

static void put(struct queue *queue, unsigned char *item, size_t size) {
    pthread_mutex_lock(&queue->lock);
    while (queue->count == room) pthread_cond_wait(&queue->changed, &queue->lock);
    int place = (queue->first + queue->count++) % room;
    queue->items[place] = item;
    queue->sizes[place] = size;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}

static unsigned char *get(struct queue *queue, size_t *size) {
    pthread_mutex_lock(&queue->lock);
    while (queue->count == 0) pthread_cond_wait(&queue->changed, &queue->lock);
    unsigned char *item = queue->items[queue->first];
    *size = queue->sizes[queue->first];
    queue->first = (queue->first + 1) % room;
    queue->count--;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
    return item;
}

static void *work(void *argument) {
    long me = (long)argument;
    sums[me] = 1;
    for (int i = 0; i < blocks; i++) {
        size_t size = (size_t)((i * 37 + me * 11) % 900) + 1;
        unsigned char *mine = malloc(size);
        memset(mine, (int)(i + me), size);
        put(&queues[(me + 1) % threads], mine, size);
        unsigned char *other = get(&queues[me], &size);
        checksum_mix(&sums[me], other[size / 2]);
        if (i % 3 == 0) other = realloc(other, size * 2);
        free(other);
    }
    return NULL;
}

int main(void) {
    pthread_t all[threads];
    for (int i = 0; i < threads; i++) {
        pthread_mutex_init(&queues[i].lock, NULL);
        pthread_cond_init(&queues[i].changed, NULL);
    }
    for (long i = 0; i < threads; i++) pthread_create(&all[i], NULL, work, (void *)i);
    uint64_t sum = 1;
    for (int i = 0; i < threads; i++) {
        pthread_join(all[i], NULL);
        checksum_mix(&sum, sums[i]);
    }
    return checksum_print("handing_over", sum);
}
