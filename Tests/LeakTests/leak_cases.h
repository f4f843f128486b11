// What the programs of these tests share. Each case makes `n` of something and says by its name in check.py what of that
// nothing leads to in the end.
#ifndef LEAK_CASES_H
#define LEAK_CASES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct leak_case {
    const char *name;
    void (*make)(int n);
};

// A pointer that the program can still make, but that no scanner sees.
static inline uintptr_t hidden(const void *pointer) { return ~(uintptr_t)pointer; }

// Overwrites what calls left on the stack.
__attribute__((noinline)) static void scrub(void) {
    volatile char bytes[1 << 16];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = 0;
}

// Runs the case that the arguments name: NAME N.
static inline int run_case(const struct leak_case *cases, size_t count, int argc, char **argv) {
    if (argc != 3) return 2;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(cases[i].name, argv[1]) != 0) continue;
        cases[i].make(atoi(argv[2]));
        scrub();
        return 0;
    }
    return 2;
}

#endif
