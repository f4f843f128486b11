// Whether tracking began in this process.
#ifndef MEMSCOPE_START_H
#define MEMSCOPE_START_H

#include <stdbool.h>
#include <sys/types.h>

/// Whether tracking was ended by `memscope_stop`: blocks may be gone without our having seen it.
bool memscope_was_stopped(void);

/// The process that started tracking; in a frozen copy, the one it was copied from.
pid_t memscope_tracked_pid(void);

#endif
