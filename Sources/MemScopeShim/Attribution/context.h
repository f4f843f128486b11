// Contexts: on whose behalf a block was allocated. Interned, so that an entry names one in 26 bits.
//
// The contexts of a task form a list, which only the thread that runs the task walks or changes; those of a thread
// outside of tasks likewise. So finding one takes no lock. What is in the lists is told to the engine in the thread's own
// ring, and the engine gives back the places of what has ended: it does so at cuts, where nothing is unaccounted for that
// happened before the end.
#ifndef MEMSCOPE_CONTEXT_H
#define MEMSCOPE_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "../Ring/thread.h"

#pragma clang assume_nonnull begin

/// Makes the context of the calling thread, the task of its record (0 for none) and the run the one that its next
/// allocations belong to. Contexts of runs that are over leave the list on the way. Inside a hook, or where no hook can
/// run. Takes the attribution lock when there is no such context yet; may wait for room in the ring.
void memscope_context_use(struct memscope_thread *thread, uint32_t task, uint64_t run);

/// Ends all contexts of a list. Drain thread only, once its owner is gone and its ring drained.
void memscope_contexts_end(uint32_t first);

/// A free place in memscope_engine.tasks; 0 when there is none. Takes the attribution lock.
uint32_t memscope_task_take(void);

/// A free place in memscope_engine.runs; 0 when there is none. One time in eight takes the attribution lock.
uint32_t memscope_run_take(struct memscope_thread *thread);

/// Gives back the places that an ended thread had in store. Drain thread only.
void memscope_runs_return(struct memscope_thread *thread);

/// Where tables of threads, scopes and sites of tasks begin to look for these three.
static inline uint32_t memscope_owner_hash(uint32_t thread, uint32_t scope, uint32_t site) {
    uint64_t hash = ((uint64_t)thread << 32 | site) * UINT64_C(0x9E3779B97F4A7C15) ^ scope * UINT64_C(0xD6E8FEB86659FD93);
    return (uint32_t)((hash ^ hash >> 31) >> 16);
}

#pragma clang assume_nonnull end
#endif
