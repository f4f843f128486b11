// Stopping threads by ptrace. A thread cannot trace its own process, so a helper does: a process that shares this one's
// memory and descriptors and, because it never had any of its own, the caller's thread-local storage. It therefore runs
// nothing but plain system calls: no C library, no errno.
#ifndef MEMSCOPE_WORLD_PTRACE_H
#define MEMSCOPE_WORLD_PTRACE_H

#include "world.h"

#pragma clang assume_nonnull begin

/// Stops all threads but the calling one, which must have blocked all signals and opened the list of threads.
/// @return Null when they stand still. Else they run, nothing of the helper is left, and this is why: static text.
const char *_Nullable memscope_ptrace_stop(struct memscope_world *world);

/// Lets them run; the helper is gone afterwards.
void memscope_ptrace_release(struct memscope_world *world);

#pragma clang assume_nonnull end
#endif
