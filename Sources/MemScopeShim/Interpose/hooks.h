// What the hooks can be told.
#ifndef MEMSCOPE_HOOKS_H
#define MEMSCOPE_HOOKS_H

/// Lets hooks look at who frees (Custody/). After `memscope_custody_start`, before the hooks are on.
void memscope_hooks_take_custody(void);

#endif
