// Loaded, unloaded, and loaded again as another library of the same shape: PLUGIN tells them apart.
#include "program.h"

static void *kept;

__attribute__((constructor)) static void loaded(void) {
    churn(3, 1700 + PLUGIN);
    kept = make(1710 + PLUGIN);
}

__attribute__((destructor)) static void unloaded(void) {
    free(kept);
    churn(2, 1720 + PLUGIN);
}

/// Makes `count` blocks that outlive the library.
__attribute__((noinline)) void *plugin_work(int count) {
    void *block = NULL;
    for (int i = 0; i < count; i++) block = make(1730);
    __asm__ volatile("" ::: "memory");
    return block;
}
