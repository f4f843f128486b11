// Reading memory that may not be readable, in the frozen copy of the process, or in the process while all its threads but the
// reading one stand still.
//
//     if (memscope_guard_begin()) { reads that may fault }     // once more with false after a fault
#ifndef MEMSCOPE_GUARDED_READ_H
#define MEMSCOPE_GUARDED_READ_H

#include <setjmp.h>
#include <stdint.h>

/// Where a fault leads to.
extern sigjmp_buf memscope_guard __attribute__((visibility("hidden")));

/// What could not be read, as of the latest fault.
extern volatile uintptr_t memscope_guard_address __attribute__((visibility("hidden")));

/// Makes faults of the calling thread lead to the latest `memscope_guard_begin`.
void memscope_guard_start(void);

/// Puts back what stood for faults before, and sends on the signals that were no faults. Before the threads are let go; the frozen
/// copy, whose handlers are its own, ends without it.
void memscope_guard_end(void);

/// True at first, false when a read since has faulted. In the function that reads; nothing may be read after it returns.
#define memscope_guard_begin() (sigsetjmp(memscope_guard, 0) == 0)

#endif
