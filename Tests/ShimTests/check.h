// Assertions of the C tests: they report and count, so that one run shows all failures.

#ifndef MEMSCOPE_TESTS_CHECK_H
#define MEMSCOPE_TESTS_CHECK_H

#include <stdio.h>

/// How often something is done: `count` times, and a fifth of it under the thread sanitizer, where each takes as long as some dozens,
/// unless FULL_SIZE is defined.
#define REPEATED(count) (count)
#if defined(__has_feature) && !defined(FULL_SIZE)
#if __has_feature(thread_sanitizer)
#undef REPEATED
#define REPEATED(count) ((count) / 5)
#endif
#endif

/// As many rounds of `count` as suffice to meet what rarely happens once or twice; all of them if FULL_SIZE is defined.
#if defined(FULL_SIZE)
#define ROUNDS_OF(count) (count)
#else
#define ROUNDS_OF(count) ((count) / 4)
#endif

static int check_failures;
static unsigned long check_count;

/// Counts and reports a condition that does not hold.
#define CHECK(condition)                                                                     \
    do {                                                                                     \
        __atomic_fetch_add(&check_count, 1, __ATOMIC_RELAXED);                                                                       \
        if (!(condition)) {                                                                  \
            __atomic_fetch_add(&check_failures, 1, __ATOMIC_RELAXED);                                                                \
            fprintf(stderr, "%s:%d: %s: not so: %s\n", __FILE__, __LINE__, __func__, #condition); \
        }                                                                                    \
    } while (0)

/// Ends a test program.
#define CHECK_END()                                                                             \
    (printf("%s: %lu checks, %d failures\n", __FILE__, check_count, check_failures), check_failures != 0)

#endif
