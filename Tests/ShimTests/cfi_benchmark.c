// What a rule and a step cost: nanoseconds, medians of several series. Prints; asserts nothing.

#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cfi_memory.h"
#include "cfi_section.h"
#include "reference_walk.h"

enum { depth = 40, capacity = 128, series = 9 };

static uintptr_t frames[capacity];
static struct memscope_frame_registers start;
static size_t count;
static volatile uintptr_t sink;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

static int by_value(const void *left, const void *right) {
    return *(const double *)left > *(const double *)right ? 1 : -1;
}

static void print_median(const char *name, double (*measure)(void)) {
    double results[series];
    for (int index = 0; index < series; index++) results[index] = measure();
    qsort(results, series, sizeof *results, by_value);
    printf("%-44s %8.1f ns (best %.1f)\n", name, results[series / 2], results[0]);
}

static double compile_rules(void) {
    enum { rounds = 2000 };
    double begin = now();
    for (int round = 0; round < rounds; round++) {
        for (size_t index = 1; index < count; index++) sink += memscope_cfi_rule(frames[index], true).bits;
    }
    return (now() - begin) / rounds / (double)(count - 1);
}

/// Addresses all over the C library: neither the table nor the records are in a near cache.
static double compile_scattered_rules(void) {
    enum { rounds = 20000 };
    uintptr_t low, high;
    memscope_cfi_function((uintptr_t)&qsort, &low, &high);
    double begin = now();
    for (uintptr_t round = 0; round < rounds; round++) {
        sink += memscope_cfi_rule(low - 0x10000 + round * 7919 % 0x100000, true).bits;
    }
    return (now() - begin) / rounds;
}

static double steps(void) {
    enum { rounds = 500 };
    double begin = now();
    size_t taken = 0;
    for (int round = 0; round < rounds; round++) {
        struct memscope_frame_registers registers = start;
        while (registers.pc && memscope_cfi_step(&registers)) taken++;
    }
    return (now() - begin) / (double)taken;
}

static double cached_rules(void) {
    enum { rounds = 20000 };
    static memscope_unwind_rule rules[capacity];
    for (size_t index = 0; index < count; index++) rules[index] = memscope_cfi_rule(frames[index], index > 0);
    double begin = now();
    for (int round = 0; round < rounds; round++) {
        uintptr_t sp = start.sp, fp = start.fp;
        for (size_t index = 0; index < count && rules[index].kind == memscope_rule_regular; index++) {
            memscope_unwind_rule rule = rules[index];
            uintptr_t cfa = (rule.cfa_from_fp ? fp : sp) + (uintptr_t)(8 * (int64_t)rule.cfa_words);
            sink = *(uintptr_t *)(cfa + (uintptr_t)(8 * (int64_t)rule.ra_words));
            if (rule.fp_saved) fp = *(uintptr_t *)(cfa + (uintptr_t)(8 * (int64_t)rule.fp_words));
            sp = cfa;
        }
    }
    return (now() - begin) / rounds / (double)count;
}

static double modules(void) {
    enum { rounds = 200000 };
    struct memscope_cfi_section section;
    double begin = now();
    for (int round = 0; round < rounds; round++) {
        sink += memscope_cfi_find_section(frames[(size_t)round % count], &section);
    }
    return (now() - begin) / rounds;
}

static double probes(void) {
    enum { rounds = 100000 };
    struct memscope_frame_registers no_stack = {0};
    uint64_t value;
    double begin = now();
    for (int round = 0; round < rounds; round++) sink += memscope_cfi_load(&no_stack, start.sp, 8, &value);
    return (now() - begin) / rounds;
}

__attribute__((noinline)) static int bottom(int level) {
    if (level > 0) return bottom(level - 1) + (int)sink;
    pthread_attr_t attributes;
    void *low;
    size_t size;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstack(&attributes, &low, &size);
    REFERENCE_WALK_WORDS;
    REFERENCE_WALK_CAPTURE(&start);
    start.stack_low = (uintptr_t)low;
    start.stack_high = start.stack_low + size;
    struct walk_report report;
    count = reference_walk(start, frames, capacity, &report);
    printf("%zu frames\n", count);
    print_median("module and section of an address", modules);
    print_median("rule of an address on the stack", compile_rules);
    print_median("rule of an address all over the C library", compile_scattered_rules);
    print_median("memscope_cfi_step", steps);
    print_median("frame with rules at hand", cached_rules);
    print_median("load outside the stack's bounds", probes);
    return 1;
}

int main(void) {
    sink = (uintptr_t)bottom(depth);
    return 0;
}
