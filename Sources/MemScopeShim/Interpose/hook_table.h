// Every allocation function that is hooked: MEMSCOPE_HOOK_TABLE(X) expands X(need, result, name, (parameters),
// (arguments)) once per function. REQUIRED ones exist in every libc we support; OPTIONAL ones may be missing.
#ifndef MEMSCOPE_HOOK_TABLE_H
#define MEMSCOPE_HOOK_TABLE_H

#include <stddef.h>

#define MEMSCOPE_HOOK_TABLE(X)                                                                                         \
    X(REQUIRED, void *, malloc, (size_t size), (size))                                                                 \
    X(REQUIRED, void *, calloc, (size_t count, size_t size), (count, size))                                            \
    X(REQUIRED, void *, realloc, (void *block, size_t size), (block, size))                                            \
    X(OPTIONAL, void *, reallocarray, (void *block, size_t count, size_t size), (block, count, size))                  \
    X(REQUIRED, void, free, (void *block), (block))                                                                    \
    X(REQUIRED, int, posix_memalign, (void **place, size_t alignment, size_t size), (place, alignment, size))          \
    X(OPTIONAL, void *, aligned_alloc, (size_t alignment, size_t size), (alignment, size))                             \
    X(OPTIONAL, void *, memalign, (size_t alignment, size_t size), (alignment, size))                                  \
    X(OPTIONAL, void *, valloc, (size_t size), (size))                                                                 \
    X(OPTIONAL, void *, pvalloc, (size_t size), (size))                                                                \
    X(OPTIONAL, void, free_sized, (void *block, size_t size), (block, size))                                           \
    X(OPTIONAL, void, free_aligned_sized, (void *block, size_t alignment, size_t size), (block, alignment, size))

#endif
