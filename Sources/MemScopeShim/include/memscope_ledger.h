// The drain thread's part of the retain ledger.
#ifndef MEMSCOPE_LEDGER_H
#define MEMSCOPE_LEDGER_H

#include "memscope_layout.h"

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Enters a retain, a release or an object's end into the ledger.
/// @param word The control record: leaf and context of the event, and which of the three it is.
/// @param raw Its raw word: object in the low 32 bits, how many in the next 10, strong count before it in the upper 22.
MEMSCOPE_DRAIN_SAFE void memscope_ledger_apply(uint64_t word, uint64_t raw);

/// Ends a round: objects that went in it are summed up by type, and their places are free again.
MEMSCOPE_DRAIN_SAFE void memscope_ledger_end_round(void);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
