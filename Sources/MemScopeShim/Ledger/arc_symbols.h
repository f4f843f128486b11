#ifndef MEMSCOPE_ARC_SYMBOLS_H
#define MEMSCOPE_ARC_SYMBOLS_H

#include <stdint.h>

/// The functions that count references, in the order of everything that is kept for each.
enum memscope_arc_function { ARC_RETAIN, ARC_RELEASE, ARC_RETAIN_N, ARC_RELEASE_N, ARC_TRY_RETAIN, ARC_FUNCTIONS };

/// Where the program's Swift runtime has what the hooks need.
struct memscope_arc_symbols {
    /// The functions that programs call.
    uintptr_t functions[ARC_FUNCTIONS];
    /// The pointers that they jump through while the flag is set.
    uintptr_t slots[ARC_FUNCTIONS];
    uintptr_t flag;
    /// The layout version that the runtime states, 0 when it does not.
    uintptr_t layout_version;
};

/// Finds them as memscope_swift_runtime_find finds the rest. Returns why not, as a sentence; null when all were found.
const char *_Nullable memscope_arc_symbols_find(struct memscope_arc_symbols *_Nonnull symbols);

#endif
