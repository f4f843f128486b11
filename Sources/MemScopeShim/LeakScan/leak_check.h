// Checks for leaks that the program asks for by LeakSanitizer's functions.
#ifndef MEMSCOPE_LEAK_CHECK_H
#define MEMSCOPE_LEAK_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "memscope_shim.h"

#pragma clang assume_nonnull begin

/// Looks for leaks, and prints on standard error what there is. Where suppressions are to be applied the command line tool does it, or in a
/// program that links MemScope its Swift side. Checks queue. From the program's threads.
///
/// A check that could not be made counts as one that found something, and says so: nobody knows that nothing leaked.
/// @param stack_pointer The calling thread does not return below it, and its registers are saved above.
/// @param is_last The check in place of the one at the end: only the first of these does anything, and if something leaked and
///                MEMSCOPE_ERROR_EXITCODE is set it ends the process with that, or with 70 if nobody knows.
/// @return How many blocks leaked, UINT64_MAX if nobody knows; 0 too when leaks are not to be looked for.
uint64_t memscope_leak_check(uintptr_t stack_pointer, bool is_last);

/// Whether the check in place of the one at the end was made.
bool memscope_leak_check_was_last(void);

/// What the last capture says of leaks.
enum memscope_leak_mode memscope_leak_mode_at_end(void);

#pragma clang assume_nonnull end
#endif
