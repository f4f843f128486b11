// The runtime's functions for retain and release, replaced by ours while a ledger runs.
//
// The runtime reads a flag in each of them; where it is set, they call what five pointers hold. `swift_retain` masks the
// tag bits off first and so makes a bad pointer of a small string, which the runtime's own function would then touch: its
// replacement looks at the value from before the masking, which is in a register, and leaves such values alone. The sixth
// pointer, `_swift_allocObject`, is never stored to: with it set, the runtime sets the flag by itself.
#ifndef MEMSCOPE_ARC_HOOKS_H
#define MEMSCOPE_ARC_HOOKS_H

#include <stdbool.h>

#pragma clang assume_nonnull begin

/// Finds the program's runtime, looks at the code of its functions, puts ours in, and tries them on an object made for it,
/// with values that are none, too. On any doubt all is as before. Once, at start, with the mode MEMSCOPE_LEDGER_MODE_TEST.
/// @return Why not, as a sentence; null when the hooks are in place.
const char *_Nullable memscope_arc_hooks_install(void);

/// Puts the runtime's own functions back. Threads that are in a hook come out of it as before.
void memscope_arc_hooks_remove(void);

#pragma clang assume_nonnull end
#endif
