// Copies of the process that do something for us: write a capture, wait for the command line tool.
//
// They are made by a raw clone without an exit signal: the program's SIGCHLD handler and its wait() never hear of them, and
// they can be waited for where SIGCHLD is ignored. That holds until a copy executes something: the kernel then gives it SIGCHLD
// for its exit signal. So none does; tool_process.h has who runs the tool.
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

#pragma clang assume_nonnull end
#endif
