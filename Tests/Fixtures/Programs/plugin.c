// The library that loading.c loads: its constructor allocates, its destructor frees.
#include <stdlib.h>
#include <string.h>

static char *blocks[64];

__attribute__((constructor)) static void begin(void) {
    for (int i = 0; i < 64; i++) blocks[i] = calloc(1, (size_t)i + 1);
}

__attribute__((destructor)) static void end(void) {
    for (int i = 0; i < 64; i++) free(blocks[i]);
}

// Returns a block that the caller frees, possibly when this code is gone.
char *plugin_make(size_t size) {
    char *block = malloc(size);
    memset(block, 'p', size);
    return block;
}
