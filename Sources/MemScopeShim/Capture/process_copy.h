// Copies of the process that do something for us: write a capture, become the command line tool.
//
// They are made by a raw clone without an exit signal: the program's SIGCHLD handler and its wait() never hear of them.
#ifndef MEMSCOPE_PROCESS_COPY_H
#define MEMSCOPE_PROCESS_COPY_H

#include <sys/types.h>

#pragma clang assume_nonnull begin

/// Makes a copy. 0 in the copy, its id in the original, below 0 when the kernel refuses.
pid_t memscope_process_copy(void);

/// In the copy, first of all: gives up the program's sockets and pipes, and offers itself when memory runs out.
void memscope_process_copy_keep_quiet(void);

/// Waits for a copy, which is killed when it takes longer.
/// @return Its exit status; below 0 a negative errno: EFAULT if a signal ended it, ETIMEDOUT, or ECHILD.
int memscope_process_copy_wait(pid_t copy, unsigned milliseconds);

/// Runs the command line tool (MEMSCOPE_CLI), untracked, and waits for its end, ten minutes at most.
/// @param arguments What follows the tool's own name; at most 14, ending with null.
/// @param output Where its standard output goes: a descriptor of the caller's, or below 0 for nowhere.
/// @return As memscope_process_copy_wait; 127 when it could not be started.
int memscope_tool_run(const char *_Nullable const *_Nonnull arguments, int output);

#pragma clang assume_nonnull end
#endif
