// The shared store of ring segments: bounded in sum, whatever the number of threads.
#ifndef MEMSCOPE_SEGMENT_POOL_H
#define MEMSCOPE_SEGMENT_POOL_H

#include <stdbool.h>

#include "memscope_layout.h"

#pragma clang assume_nonnull begin

/// Threads that can have a first segment at once, however small the pool.
#define MEMSCOPE_THREADS_AT_ONCE 16384u

/// Reserves address space for `segments` segments, and for the first ones of threads. False when the kernel refuses.
bool memscope_segment_pool_start(unsigned segments);

/// Lets one more segment be in use, on behalf of a thread that is about to take its first: a thread keeps one as long as
/// it lives, so thousands of idle ones would leave none for the others. False when there are too many. Takes no lock.
bool memscope_segment_pool_admit(void);

/// Takes that back, once the thread's segment was given back. Takes no lock.
void memscope_segment_pool_dismiss(void);

/// Takes a segment, ready to be written. Null when all are in use; with `keep_reserve` also when fewer than a quarter
/// are free (what is left is for frees, which may not be dropped). Takes the pool's lock.
struct memscope_segment *_Nullable memscope_segment_take(bool keep_reserve);

/// Gives a drained segment back and wakes threads that wait for one. Called by the drain thread; takes no lock.
void memscope_segment_give(struct memscope_segment *segment);

/// How often a segment was given back. To be read before a `take` whose failure is waited out.
uint32_t memscope_segment_given(void);

/// Waits until a segment is given back after `memscope_segment_given` returned `seen`, at most `milliseconds`.
void memscope_segment_wait(uint32_t seen, unsigned milliseconds);

/// Returns the memory of free segments to the kernel. Called by the drain thread when little happens.
void memscope_segment_pool_trim(void);

/// Full segments that wait for the engine; it is woken when there are several. Atomic.
extern unsigned memscope_segments_waiting __attribute__((visibility("hidden")));

#pragma clang assume_nonnull end
#endif
