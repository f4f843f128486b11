// How a preloaded process ends: whichever way it goes, it leaves a capture if that is possible.
//
//     exit          a handler registered before all others, so it runs after them and after the libraries' destructors
//     _exit, _Exit  hooked
//     quick_exit    at_quick_exit
//     a signal      see dispositions.h
#ifndef MEMSCOPE_PROCESS_END_H
#define MEMSCOPE_PROCESS_END_H

#include <stdbool.h>

#pragma clang assume_nonnull begin

/// Registers all of the above where the environment asked for a capture at the end (`memscope run`), and the export
/// signal where one was asked for. Once, at start.
void memscope_process_end_start(void);

/// Writes the last capture, once; a thread that comes second waits until it is written. Async-signal-safe but for locks
/// whose holders it may have interrupted, for which it waits a bounded time.
void memscope_capture_at_end(const char *reason);

/// Whether the calling thread is writing the last capture: then a fatal signal is noted, and the process ends by it
/// when the capture is written. Called by the handler of that signal.
bool memscope_end_is_waited_for(int number);

#pragma clang assume_nonnull end
#endif
