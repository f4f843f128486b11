// Every way to ask for an alignment, at many alignments and sizes, freed and resized like any other block. pvalloc is
// asked for with the argument `pvalloc` only: Valgrind does not count it.
#define _GNU_SOURCE
#include "checksum.h"
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static uint64_t sum = 1;

static int use(void *block, size_t alignment, size_t size) {
    if (!block || (uintptr_t)block % alignment != 0) return 1;
    memset(block, (int)(size & 0xFF), size);
    if (size) checksum_mix(&sum, ((unsigned char *)block)[size - 1]);
    checksum_mix(&sum, alignment);
    return 0;
}

int main(int count, char **arguments) {
    for (size_t alignment = 8; alignment <= 65536; alignment *= 2) {
        for (size_t size = 0; size < 5000; size = size * 2 + 13) {
            void *block = NULL;
            if (posix_memalign(&block, alignment, size) != 0 || use(block, alignment, size)) return 1;
            block = realloc(block, size + 100);
            if (use(block, 1, size + 100)) return 2;
            free(block);
            block = aligned_alloc(alignment, size);
            if (use(block, alignment, size)) return 3;
            free(block);
            block = memalign(alignment, size);
            if (use(block, alignment, size)) return 4;
            free(block);
            block = valloc(size);
            if (use(block, 4096, size)) return 5;
            free(block);
            if (count > 1 && strcmp(arguments[1], "pvalloc") == 0) {
                block = pvalloc(size);
                if (use(block, 4096, size)) return 6;
                free(block);
            }
        }
    }
    void *untouched = &sum;
    if (posix_memalign(&untouched, 3, 10) != EINVAL || untouched != &sum) return 7;
    return checksum_print("aligned", sum);
}
