// The one instance of all tables.
#ifndef MEMSCOPE_STATE_H
#define MEMSCOPE_STATE_H

#include <stdbool.h>

#include "memscope_layout.h"

extern struct memscope_engine memscope_engine __attribute__((visibility("hidden")));

/// Maps all tables. False when the kernel refuses even small ones. Call once, before the switch goes on.
bool memscope_state_start(void);

#endif
