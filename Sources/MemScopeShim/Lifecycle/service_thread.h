// The thread for what may block: the module list, exports while the program runs.
#ifndef MEMSCOPE_SERVICE_THREAD_H
#define MEMSCOPE_SERVICE_THREAD_H

#include <stdbool.h>

#pragma clang assume_nonnull begin

/// Starts the thread. False when the kernel refuses. Once per process.
bool memscope_service_start(void);

/// Asks for an export. Async-signal-safe.
void memscope_service_export_soon(void);

/// Refreshes the module list on the service thread and waits for it, at most `milliseconds`: for callers that may hold
/// the dynamic linker's lock or run in a signal handler. Async-signal-safe.
void memscope_service_refresh_modules(unsigned milliseconds);

#pragma clang assume_nonnull end
#endif
