// Which threads and tasks have to do with an object: bounded, and exact where it can be.
#ifndef MEMSCOPE_LEDGER_INVOLVED_H
#define MEMSCOPE_LEDGER_INVOLVED_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Threads with numbers from 64 on that are told apart. Together with one more they are as many as make an object contended.
enum { MEMSCOPE_INVOLVED_HIGH = 3 };

/// Threads and tasks by their numbers. Tasks have numbers above 0; so have threads from 64 on.
struct memscope_involved {
    /// A bit for each thread below 64.
    uint64_t threads;
    /// A bit for each remainder of a task's number by 64: of numbers less than 64 apart no two have the same.
    uint64_t tasks;
    /// The first of the other threads, 0 for none, and whether there were more.
    uint32_t high_threads[MEMSCOPE_INVOLVED_HIGH];
    uint32_t has_more_threads;
    uint32_t lowest_task, highest_task;
};

/// How many there are, or at least are.
struct memscope_involved_count {
    uint32_t count;
    bool is_at_least;
};

static inline void memscope_involved_add_high_thread(struct memscope_involved *involved, uint32_t thread) {
    for (int i = 0; i < MEMSCOPE_INVOLVED_HIGH; i++) {
        if (involved->high_threads[i] == 0) involved->high_threads[i] = thread;
        if (involved->high_threads[i] == thread) return;
    }
    involved->has_more_threads = 1;
}

static inline void memscope_involved_add_thread(struct memscope_involved *involved, uint32_t thread) {
    if (__builtin_expect(thread < 64, 1)) involved->threads |= UINT64_C(1) << thread;
    else memscope_involved_add_high_thread(involved, thread);
}

static inline void memscope_involved_add_task(struct memscope_involved *involved, uint32_t task) {
    involved->tasks |= UINT64_C(1) << (task & 63);
    if (involved->lowest_task == 0 || task < involved->lowest_task) involved->lowest_task = task;
    if (task > involved->highest_task) involved->highest_task = task;
}

/// Adds all of another's.
static inline void memscope_involved_add_all(struct memscope_involved *involved, const struct memscope_involved *others) {
    involved->threads |= others->threads;
    for (int i = 0; i < MEMSCOPE_INVOLVED_HIGH && others->high_threads[i]; i++)
        memscope_involved_add_high_thread(involved, others->high_threads[i]);
    involved->has_more_threads |= others->has_more_threads;
    if (others->highest_task == 0) return;
    uint64_t tasks = others->tasks;
    memscope_involved_add_task(involved, others->lowest_task);
    memscope_involved_add_task(involved, others->highest_task);
    involved->tasks |= tasks;
}

/// Whether there is one thread and no other.
static inline bool memscope_involved_is_one_thread(const struct memscope_involved *involved) {
    if (involved->high_threads[0] == 0) return (involved->threads & (involved->threads - 1)) == 0;
    return involved->threads == 0 && involved->high_threads[1] == 0;
}

static inline struct memscope_involved_count memscope_involved_threads(const struct memscope_involved *involved) {
    uint32_t count = (uint32_t)__builtin_popcountll(involved->threads) + involved->has_more_threads;
    for (int i = 0; i < MEMSCOPE_INVOLVED_HIGH; i++) count += involved->high_threads[i] != 0;
    return (struct memscope_involved_count){count, involved->has_more_threads != 0};
}

static inline struct memscope_involved_count memscope_involved_tasks(const struct memscope_involved *involved) {
    uint32_t count = (uint32_t)__builtin_popcountll(involved->tasks);
    bool is_folded = involved->highest_task - involved->lowest_task >= 64;
    return (struct memscope_involved_count){is_folded && count < 2 ? 2 : count, is_folded};
}

#pragma clang assume_nonnull end
#endif
