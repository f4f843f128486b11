// A heap to measure the search with: COUNT blocks of 64 to 1000 bytes, each with two pointers to others, all held; EXTRA MiB
// of other memory; THREADS that wait.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void ***blocks;

static void *waits(void *unused) {
    for (;;) pause();
    return unused;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    size_t count = strtoull(argv[1], NULL, 10), extra = strtoull(argv[2], NULL, 10) << 20;
    uint32_t state = 1;
    blocks = malloc(count * sizeof *blocks);
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525 + 1013904223;
        size_t size = 64 + (state >> 8) % 937;
        blocks[i] = malloc(size);
        memset(blocks[i], 1, size);
        blocks[i][0] = blocks[(state >> 4) % (i + 1)];
        blocks[i][3] = i ? blocks[i - 1] : NULL;
    }
    char *other = mmap(NULL, extra + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(other, 1, extra);
    for (int i = 0; i < atoi(argv[3]); i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, waits, NULL);
    }
    return 0;
}
