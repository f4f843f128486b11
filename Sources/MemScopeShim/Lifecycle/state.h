// The one instance of all tables.
#ifndef MEMSCOPE_STATE_H
#define MEMSCOPE_STATE_H

#include <stdbool.h>

#include "memscope_layout.h"

extern struct memscope_engine memscope_engine __attribute__((visibility("hidden")));

/// How often tables are halved for the memory and the address space that the process may use: with 64 GiB not at all. Full tables
/// take about an eighth of the memory, a retain ledger's included.
unsigned memscope_table_shift(void);

/// Maps all tables. False when the kernel refuses even small ones. Call once, before the switch goes on.
bool memscope_state_start(void);

#endif
