// What the two halves of the oracle share: the lock and the counting of one event.
#ifndef TRUTH_TABLES_H
#define TRUTH_TABLES_H

#include <stdint.h>

#include "truth.h"

/// Whose a block is: remembered with it, so that its free is counted where its allocation was.
struct owner {
    uint32_t run, scope, task, task_generation;
    uint64_t sequence;
};

/// Whether anything is counted.
extern int truth_on __attribute__((visibility("hidden")));

/// Whose the calling thread's allocations are now.
struct owner truth_owner_here(void);

/// Count one event. Under the lock.
void truth_count_allocation(struct owner *owner, uintptr_t block, uint64_t size);
void truth_count_free(const struct owner *owner, uint64_t size);

void truth_lock(void);
void truth_unlock(void);

/// Ends the process with a message: the test is wrong.
_Noreturn void truth_fail(const char *message);

#endif
