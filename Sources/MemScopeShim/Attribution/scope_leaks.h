// What searches for leaks at the end of scopes' runs came to, by scope.
#ifndef MEMSCOPE_SCOPE_LEAKS_H
#define MEMSCOPE_SCOPE_LEAKS_H

#include <stdint.h>

#pragma clang assume_nonnull begin

struct memscope_scope_leaks {
    /// Runs that were looked at, and those of them in which something leaked.
    uint64_t runs, leaking_runs;
    /// What leaked.
    uint64_t blocks, bytes;
};

/// The account of a scope, an index + 1; null if there is none.
const struct memscope_scope_leaks *_Nullable memscope_scope_leaks_of(uint32_t scope);

#pragma clang assume_nonnull end
#endif
