// Ends with a million blocks alive, of 64 to 1000 bytes each, that all hang on one global and lead on to three others each: what a
// search for leaks has to look through.
//
// usage: living_blocks BLOCKS
#include <stdlib.h>
#include <string.h>

static void **kept;

int main(int count, char **arguments) {
    if (count != 2) return 64;
    size_t blocks = strtoul(arguments[1], NULL, 10);
    unsigned long state = 1;
    kept = malloc((blocks + 1) * sizeof *kept);
    if (!kept) return 1;
    for (size_t i = 0; i < blocks; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        size_t size = 64 + (state >> 33) % 937;
        void **block = malloc(size);
        if (!block) return 1;
        memset(block, 1, size);
        for (int k = 0; k < 3; k++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            block[k] = i ? kept[(state >> 33) % i] : NULL;
        }
        kept[i] = block;
    }
    return 0;
}
