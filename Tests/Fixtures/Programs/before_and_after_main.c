// Allocations in constructors, before main has begun, and in atexit handlers and destructors, after exit has begun;
// blocks of the one time are freed in the other.
#include "checksum.h"
#include <stdlib.h>
#include <string.h>

static char *early[100], *lasting;
static uint64_t sum = 1;

static void fill(char **blocks, int value) {
    for (int i = 0; i < 100; i++) {
        blocks[i] = malloc((size_t)i * 10 + 1);
        memset(blocks[i], value, (size_t)i * 10 + 1);
    }
}

__attribute__((constructor(101))) static void first(void) { fill(early, 3); }

__attribute__((constructor)) static void second(void) {
    for (int i = 0; i < 50; i++) free(early[i]);
    lasting = strdup("from a constructor");
}

static void at_exit(void) {
    char *blocks[100];
    fill(blocks, 7);
    for (int i = 0; i < 100; i++) {
        checksum_mix(&sum, (unsigned char)blocks[i][0]);
        free(blocks[i]);
    }
    checksum_print("before_and_after_main", sum);
}

__attribute__((destructor)) static void last(void) {
    for (int i = 50; i < 100; i++) free(early[i]);
    char *text = strdup(lasting);
    free(lasting);
    // Left on purpose: nobody comes after us.
    text = realloc(text, 4000);
    if (!text) abort();
}

int main(void) {
    for (int i = 50; i < 100; i++) checksum_mix(&sum, (unsigned char)early[i][i]);
    checksum_mix(&sum, strlen(lasting));
    return atexit(at_exit);
}
