// What the hooks of retain and release need to know of the machine.
#ifndef MEMSCOPE_ARC_CODE_H
#define MEMSCOPE_ARC_CODE_H

#include "arc_symbols.h"

/// Whether the code of the runtime's functions is what the entries below were written for.
/// @return Why not, as a sentence; null when it is.
const char *_Nullable memscope_arc_code_check(const struct memscope_arc_symbols *_Nonnull runtime);

/// What to store in the runtime's pointers.
extern const uintptr_t memscope_arc_entries[ARC_FUNCTIONS] __attribute__((visibility("hidden")));

#endif
