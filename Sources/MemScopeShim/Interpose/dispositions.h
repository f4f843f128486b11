// Handlers of ours for the signals whose default is to end the process, so that it leaves a capture first.
//
// The kernel holds the truth: a handler of ours stands only where the program's disposition is the default, and whatever
// the kernel says is passed on, with our handler read as the default that it stands for. So copies of the process, which
// share or inherit the kernel's table but not our memory's meaning, see what they would see without us.
#ifndef MEMSCOPE_DISPOSITIONS_H
#define MEMSCOPE_DISPOSITIONS_H

#include <signal.h>

#pragma clang assume_nonnull begin

/// Puts our handlers where the default stands, as the configuration asks. Once, at start.
void memscope_dispositions_start(void);

/// Ends the process by a signal, as its default would. Returns when the signal is blocked.
void memscope_die_of(int number);

/// The C library's sigaction, past our hook.
int memscope_real_sigaction(int number, const struct sigaction *_Nullable action, struct sigaction *_Nullable old);

#pragma clang assume_nonnull end
#endif
