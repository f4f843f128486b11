// What the hooks of retain and release do: no lock and no allocation for a known object and stack.
#ifndef MEMSCOPE_LEDGER_EVENTS_H
#define MEMSCOPE_LEDGER_EVENTS_H

#include "../Ring/thread.h"

#pragma clang assume_nonnull begin

/// Called by arc_hooks before the runtime's own function, with a valid object. The walk begins at the caller of the function
/// whose frame is given: `frame` points at the saved frame pointer, and the return address follows.
void memscope_ledger_on_retain(uintptr_t object, uintptr_t frame);
void memscope_ledger_on_release(uintptr_t object, uintptr_t frame);
void memscope_ledger_on_retain_n(uintptr_t object, uintptr_t frame, uint32_t count);
void memscope_ledger_on_release_n(uintptr_t object, uintptr_t frame, uint32_t count);
/// After a tryRetain that succeeded.
void memscope_ledger_on_try_retain(uintptr_t object, uintptr_t frame);

/// Calls of the hooks while the mode is MEMSCOPE_LEDGER_MODE_TEST, by kind: retains, releases, counted singly.
extern uint32_t memscope_ledger_tested[2] __attribute__((visibility("hidden")));

/// Takes the object of a block that is about to go out of the object index. Returns its row, 0 for none.
uint32_t memscope_ledger_object_take(uintptr_t block);

/// Gives back the rows that an ended thread had in store. Drain thread only.
void memscope_ledger_rows_return(struct memscope_thread *thread);

#pragma clang assume_nonnull end
#endif
