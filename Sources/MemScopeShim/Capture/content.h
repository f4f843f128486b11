// What a capture holds.
#ifndef MEMSCOPE_CONTENT_H
#define MEMSCOPE_CONTENT_H

#include <stdbool.h>

#include "memscope_shim.h"
#include "writer.h"

#pragma clang assume_nonnull begin

/// How much of the tables that any thread may append to was complete at the cut.
struct memscope_cut {
    uint32_t leaves, nodes, scopes, threads, modules;
    /// The run whose blocks are to be told from others; 0 for none.
    uint64_t run;
};

/// The latest cut's.
extern struct memscope_cut memscope_cut __attribute__((visibility("hidden")));

/// Notes the cut. On the drain thread, before the process is copied.
void memscope_content_prepare(void);

/// Writes all sections but the strings.
/// @param frozen This is a frozen copy: the live heap may be read, and every block in the shadow is there.
/// @param leaks Whether leaks are searched for, too; then the copy was made while all threads stood still.
void memscope_content_write(struct memscope_writer *writer, const char *reason, bool frozen, enum memscope_leak_mode leaks);

#pragma clang assume_nonnull end
#endif
