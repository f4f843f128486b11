// How a preloaded process ends: whichever way it goes, it leaves a capture if that is possible.
//
//     exit          a handler registered before all others, so it runs after them and after the libraries' destructors
//     _exit, _Exit  hooked
//     quick_exit    at_quick_exit
//     a signal      handlers for the signals that would end the process; sigaction and signal are hooked so that the
//                   program sees, and gets, exactly the dispositions it would have without us
#ifndef MEMSCOPE_PROCESS_END_H
#define MEMSCOPE_PROCESS_END_H

#include <signal.h>

#pragma clang assume_nonnull begin

/// Registers all of the above where the environment asked for a capture at the end (`memscope run`), and the export
/// signal where one was asked for. Once, at start.
void memscope_process_end_start(void);

/// The C library's sigaction, past our hook.
int memscope_real_sigaction(int number, const struct sigaction *_Nullable action, struct sigaction *_Nullable old);

#pragma clang assume_nonnull end
#endif
