#include "figures.h"

#include <stddef.h>

#include "own_copy.h"
#include "state.h"
#include "switch.h"

enum { WORDS = sizeof(struct memscope_figures) / sizeof(uint64_t) };
_Static_assert(sizeof(struct memscope_figures) == WORDS * sizeof(uint64_t), "all figures are words");

// Publication n stands in slot n % 2, so the one that readers are sent to is not touched while the next is written. A
// reader starts anew only when two rounds ended meanwhile. Unlike with a lock, a process forked in the middle of a write
// reads on.
static uint64_t slots[2][WORDS];
static uint64_t published;

void memscope_figures_publish(void) {
    const struct memscope_engine *engine = &memscope_engine;
    struct memscope_figures figures = {
        .time = engine->now,
        .allocations = engine->allocations,
        .frees = engine->frees,
        .temporaries = engine->temporaries,
        .allocated_bytes = engine->allocated_bytes,
        .live_blocks = engine->allocations - engine->frees,
        .live_bytes = engine->allocated_bytes - engine->freed_bytes,
        .peak_bytes = engine->peak_bytes,
    };
    uint64_t words[WORDS], next = published + 1;
    __builtin_memcpy(words, &figures, sizeof words);
    // Whoever sees a word of this slot must also see that the publication before it was superseded.
    __atomic_thread_fence(__ATOMIC_RELEASE);
    for (size_t i = 0; i < WORDS; i++) __atomic_store_n(&slots[next % 2][i], words[i], __ATOMIC_RELAXED);
    __atomic_store_n(&published, next, __ATOMIC_RELEASE);
}

bool memscope_own_read_figures(struct memscope_figures *into) {
    if (!memscope_switch.started) return false;
    uint64_t words[WORDS], seen;
    do {
        seen = __atomic_load_n(&published, __ATOMIC_ACQUIRE);
        for (size_t i = 0; i < WORDS; i++) words[i] = __atomic_load_n(&slots[seen % 2][i], __ATOMIC_RELAXED);
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
    } while (__atomic_load_n(&published, __ATOMIC_RELAXED) != seen);
    __builtin_memcpy(into, words, sizeof words);
    return true;
}
