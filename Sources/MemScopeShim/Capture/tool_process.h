// The command line tool, run by the program without the program's knowing.
//
//     program ── clone without exit signal ──▶ a copy, which executes nothing, waits and has the status
//                                               └── clone ──▶ becomes the tool
//
// Whoever executes something gets SIGCHLD for its exit signal. So the tool is the copy's child, and the program sees the copy at
// most, which neither `wait` nor SIGCHLD tells it of, unless it waits for clones as well (__WALL, __WCLONE). Where no second process can be
// made the copy itself becomes the tool, and is a child like others.
#ifndef MEMSCOPE_TOOL_PROCESS_H
#define MEMSCOPE_TOOL_PROCESS_H

#pragma clang assume_nonnull begin

/// Runs the command line tool (MEMSCOPE_CLI), untracked, and waits for its end, ten minutes at most.
/// @param arguments What follows the tool's own name; at most 14, ending with null.
/// @param output Where its standard output goes: a descriptor of the caller's, or below 0 for nowhere.
/// @return As memscope_process_copy_wait; 127 when it could not be started.
int memscope_tool_run(const char *_Nullable const *_Nonnull arguments, int output);

#pragma clang assume_nonnull end
#endif
