// Stopping threads by a signal, where ptrace is not to be had. Each thread stores its registers in the signal's handler and
// stays there.
//
// The signal is 33, which the C library uses to change the user of all threads (setuid): it never lets a program block
// it, while the pool threads of libdispatch and Swift block the signals that programs have. What it sent itself goes on to
// its own handler.
#ifndef MEMSCOPE_WORLD_SIGNALS_H
#define MEMSCOPE_WORLD_SIGNALS_H

#include <stdbool.h>

#include "world.h"

#pragma clang assume_nonnull begin

/// For tests: do not try ptrace.
extern bool memscope_world_signals_only;

/// Stops all threads but the calling one, which must have blocked all signals and opened the list of threads.
/// @return Null when they stand still. Else they run, and this is why: static text.
const char *_Nullable memscope_signals_stop(struct memscope_world *world);

/// Lets them run, and puts the signal's old action back.
void memscope_signals_release(void);

#pragma clang assume_nonnull end
#endif
