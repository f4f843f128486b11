// Whose allocator it is: jemalloc's mallctl works, and the figures it keeps grow with our allocations.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <malloc.h>
#include <stdint.h>

#include "program.h"

int main(void) {
    int (*mallctl)(const char *, void *, size_t *, void *, size_t) =
        (int (*)(const char *, void *, size_t *, void *, size_t))dlsym(RTLD_DEFAULT, "mallctl");
    uint64_t before = 0, after = 0;
    size_t bytes = sizeof before;
    if (mallctl) mallctl("thread.allocated", &before, &bytes, NULL, 0);
    void *blocks[1000];
    for (int i = 0; i < 1000; i++) blocks[i] = make(1801);
    if (mallctl) mallctl("thread.allocated", &after, &bytes, NULL, 0);
    size_t usable = malloc_usable_size(blocks[0]);
    for (int i = 0; i < 900; i++) free(blocks[i]);
    for (int i = 0; i < 1000; i++) {  // small and odd ones, which pack tightly elsewhere
        void *small = make((size_t)(i % 24) + 1);
        if (i % 2) free(small);
    }
    printf("mallctl %d, grown %d, usable %zu\n", mallctl != NULL, after - before >= 1801000, usable);
    return 0;
}
