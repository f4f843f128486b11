// What the programs of these tests share: blocks whose size tells who made them.
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Makes a block that the optimiser must not take away.
static inline void *make(size_t size) {
    void *volatile block = malloc(size);
    if (!block) abort();
    memset(block, 1, size);
    return block;
}

/// Makes and frees `count` blocks of `size` bytes.
static inline void churn(int count, size_t size) {
    for (int i = 0; i < count; i++) free(make(size));
}

#endif
