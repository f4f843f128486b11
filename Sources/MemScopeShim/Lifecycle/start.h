// Whether tracking began in this process.
#ifndef MEMSCOPE_START_H
#define MEMSCOPE_START_H

#include <stdbool.h>
#include <sys/types.h>

/// Whether this very process, not one it was copied from, started tracking; true after a stop too.
bool memscope_was_started(void);

/// The process that started tracking; in a frozen copy, the one it was copied from.
pid_t memscope_tracked_pid(void);

#endif
