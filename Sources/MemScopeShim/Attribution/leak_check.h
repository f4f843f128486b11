// What searches for leaks at the end of scopes' runs came to, by scope.
#ifndef MEMSCOPE_LEAK_CHECK_H
#define MEMSCOPE_LEAK_CHECK_H

#include <stdint.h>

#pragma clang assume_nonnull begin

struct memscope_leak_check {
    /// Runs that were looked at, and those of them in which something leaked.
    uint64_t runs, leaking_runs;
    /// What leaked.
    uint64_t blocks, bytes;
};

/// The account of a scope, an index + 1; null if there is none.
const struct memscope_leak_check *_Nullable memscope_leak_check_of(uint32_t scope);

#pragma clang assume_nonnull end
#endif
