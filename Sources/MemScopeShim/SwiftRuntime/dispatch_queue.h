#ifndef MEMSCOPE_DISPATCH_QUEUE_H
#define MEMSCOPE_DISPATCH_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "../Ring/thread.h"

// Which dispatch queue a worker thread serves. Outside of tasks that says more than the thread does, whose name is that of a
// pool.

#pragma clang assume_nonnull begin

/// Finds libdispatch, if the program has it as a library of its own. Once, at start, after the module list.
void memscope_dispatch_start(void);

/// Whether the calling thread is a worker of libdispatch, judged by the outermost frames of its last walk; asked once a
/// thread, when there was a walk.
bool memscope_dispatch_look(struct memscope_thread *thread);

/// The label of the queue that the calling worker serves, NULL for none. About 7 ns; a worker only, in a hook: on its first
/// use in a thread libdispatch makes two system calls.
const char *_Nullable memscope_dispatch_label(void);

#pragma clang assume_nonnull end
#endif
