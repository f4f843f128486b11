// How much memory the process may use: the machine's, or what its control groups leave of it.
#ifndef MEMSCOPE_MEMORY_LIMIT_H
#define MEMSCOPE_MEMORY_LIMIT_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// The memory that this process may use, in bytes. Reads /proc/self/cgroup and a file for each control group that the process is in:
/// some tens of microseconds, no allocation.
uint64_t memscope_memory_limit(void);

/// The lowest limit among control groups and all those above them, UINT64_MAX for none.
/// @param groups The groups, as /proc/self/cgroup has them.
/// @param root Where control groups are mounted. Of version 1 those for memory are in its folder `memory`.
uint64_t memscope_control_group_limit(const char *groups, const char *root);

#pragma clang assume_nonnull end
#endif
