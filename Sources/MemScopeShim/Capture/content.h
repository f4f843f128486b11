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

/// What is written from.
enum memscope_source {
    /// The process while it runs: the live heap changes meanwhile, and is not looked into.
    MEMSCOPE_SOURCE_RUNNING,
    /// A copy of the process.
    MEMSCOPE_SOURCE_COPY,
    /// The process while all its threads but this one stand still.
    MEMSCOPE_SOURCE_STILL,
};

/// Writes all sections that need the source as it is now.
/// @param leaks Whether leaks are searched for, too; a copy must have been made while all threads stood still.
void memscope_content_write(struct memscope_writer *writer, enum memscope_source source, enum memscope_leak_mode leaks);

/// Writes the sections that are left: counters and properties. The strings are the writer's. When the threads run again.
void memscope_content_finish(struct memscope_writer *writer, const char *reason);

#pragma clang assume_nonnull end
#endif
