// Allocation functions that compare two walks and pass on. Linked into a test program, or preloaded.

#define _GNU_SOURCE
#include <stddef.h>
#include <stdlib.h>

#include "walk_comparison.h"

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

// Each hook goes on after the comparison: a tail call would take the hook's own frame away.
void *malloc(size_t size) {
    walk_comparison_take();
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    walk_comparison_take();
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
    walk_comparison_take();
    return __libc_realloc(block, size);
}

void free(void *block) {
    walk_comparison_take();
    __libc_free(block);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    walk_comparison_take();
    *block = __libc_memalign(alignment, size);
    return *block ? 0 : 12;
}

void *aligned_alloc(size_t alignment, size_t size) {
    walk_comparison_take();
    return __libc_memalign(alignment, size);
}

__attribute__((constructor(101))) static void start(void) { walk_comparison_start(); }

#ifdef WALK_PRELOAD
__attribute__((destructor)) static void finish(void) { walk_comparison_report(); }
#endif
