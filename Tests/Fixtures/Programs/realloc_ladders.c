// Blocks that grow and shrink step by step, realloc from nothing and to nothing, and calls that must fail. With the
// argument `no-failures` the failing calls on live blocks are left out: Valgrind counts them, and nobody else does.
#define _GNU_SOURCE
#include "checksum.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments) {
    uint64_t sum = 1;
    int failures = count < 2 || strcmp(arguments[1], "no-failures") != 0;
    volatile size_t huge = (size_t)1 << 62;
    for (int round = 0; round < 200; round++) {
        unsigned char *block = realloc(NULL, 1);
        block[0] = (unsigned char)round;
        size_t size = 1;
        while (size < 300000) {
            size_t next = size * 3 / 2 + (size_t)round % 7 + 1;
            block = realloc(block, next);
            memset(block + size, (int)next & 0xFF, next - size);
            size = next;
        }
        if (failures) {
            errno = 0;
            if (realloc(block, huge) != NULL || errno != ENOMEM) return 1;
            if (reallocarray(block, huge, 8) != NULL || errno != ENOMEM) return 2;
        }
        for (size_t i = 0; i < size; i += 997) checksum_mix(&sum, block[i]);
        while (size > 10) {
            size /= 2;
            block = reallocarray(block, size, 1);
        }
        checksum_mix(&sum, block[0]);
        // glibc frees the block and returns nothing.
        if (realloc(block, 0) != NULL) return 3;
        void *empty = malloc(0), *zero = calloc(0, 8), *none = realloc(NULL, 0);
        if (!empty || !zero || !none) return 4;
        free(empty), free(zero), free(none), free(NULL);
    }
    if (malloc(huge) != NULL || calloc(huge, 8) != NULL || reallocarray(NULL, huge, 8) != NULL) return 5;
    return checksum_print("realloc_ladders", sum);
}
