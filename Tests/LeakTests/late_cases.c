// Blocks that tracking does not know, and captures that the program asks for itself.
#include <dlfcn.h>
#include <unistd.h>

#include "leak_cases.h"

#include "instance.h"

static const struct memscope_instance *memscope;

// What is allocated in a pause is as unknown as what was there before tracking began.
static void ***unknown;
static void held_by_unknown_block(int n) {
    memscope->pause();
    unknown = malloc((size_t)n * sizeof *unknown);
    for (int i = 0; i < n; i++) unknown[i] = calloc(1, 64);
    memscope->resume();
    for (int i = 0; i < n; i++) unknown[i][3] = malloc(80);
}

// Those that are free again, in whichever list the C library keeps them, hold nothing.
static void lost_in_free_unknown_block(int n) {
    memscope->pause();
    void ***blocks = malloc((size_t)n * sizeof *blocks);
    for (int i = 0; i < n; i++) blocks[i] = calloc(1, (size_t)(40 + 40 * (i % 5)));
    memscope->resume();
    for (int i = 0; i < n; i++) blocks[i][3] = malloc(80);
    for (int i = 0; i < n; i++) free(blocks[i]);
    memset(blocks, 0, (size_t)n * sizeof *blocks);
    free(blocks);
}

// Each sees what leaked by then, and none hides anything from the next.
static void captured_again_and_again(int n) {
    char path[4096];
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < n; k++) malloc(48);
        scrub();
        snprintf(path, sizeof path, "%s/asked-%d.memscope", getenv("MEMSCOPE_OUTPUT"), i);
        if (memscope->capture_with(path, "asked", i % 2 ? MEMSCOPE_LEAKS_GRAPH : MEMSCOPE_LEAKS_UNREACHABLE) != MEMSCOPE_OK) abort();
    }
}

static const struct leak_case cases[] = {
    {"held_by_unknown_block", held_by_unknown_block},
    {"lost_in_free_unknown_block", lost_in_free_unknown_block},
    {"captured_again_and_again", captured_again_and_again},
};

int main(int argc, char **argv) {
    memscope = dlsym(RTLD_DEFAULT, "memscope_instance_v1");
    return memscope ? run_case(cases, sizeof cases / sizeof *cases, argc, argv) : 3;
}
