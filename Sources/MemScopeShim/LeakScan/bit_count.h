// Functions that count bits: one for processors that have an instruction for it, one for those that have not.
#ifndef MEMSCOPE_BIT_COUNT_H
#define MEMSCOPE_BIT_COUNT_H

#include <stdbool.h>

#if defined(__x86_64__)
#include <cpuid.h>

/// Whether the processor has POPCNT, which x86-64 does not promise.
static inline bool memscope_has_bit_count(void) {
    static int known;  // 1 no, 2 yes
    unsigned eax, ebx, ecx = 0, edx;
    if (known == 0) known = __get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx >> 23 & 1) ? 2 : 1;
    return known == 2;
}

/// Defines the static function `name` with the given body, twice, and chooses when it is called.
#define MEMSCOPE_COUNTS_BITS(name, type, argument, ...)                                                                \
    __attribute__((target("popcnt"), noinline)) static void name##_by_instruction(type argument) __VA_ARGS__           \
    __attribute__((noinline)) static void name##_by_hand(type argument) __VA_ARGS__                                    \
    static void name(type argument) {                                                                                  \
        if (memscope_has_bit_count()) name##_by_instruction(argument);                                                 \
        else name##_by_hand(argument);                                                                                 \
    }
#else
#define MEMSCOPE_COUNTS_BITS(name, type, argument, ...) static void name(type argument) __VA_ARGS__
#endif

#endif
