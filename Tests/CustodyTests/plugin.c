// A library that is loaded while the program runs, and lends a block of a size that tells it from others.
#include <stdlib.h>

void *plugin_lend(void) {
    void *volatile block = malloc(PLUGIN * 1000);
    return block;
}
