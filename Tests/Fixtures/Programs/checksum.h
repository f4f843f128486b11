// What every fixture program prints at its end: a number that depends on the contents of its blocks and on nothing else,
// so that two runs can be compared.
#pragma once
#include <stdint.h>
#include <stdio.h>

static inline void checksum_mix(uint64_t *sum, uint64_t value) {
    *sum = (*sum ^ value) * 0x100000001B3u;
}

static inline int checksum_print(const char *name, uint64_t sum) {
    return printf("%s %016llx\n", name, (unsigned long long)sum) < 0;
}
