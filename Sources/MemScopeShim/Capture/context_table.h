// On whose behalf blocks were allocated, as a capture says it: by thread, scope and site of the task. Contexts, of which a
// server has one a request and task, are summed up into these rows.
#ifndef MEMSCOPE_CONTEXT_TABLE_H
#define MEMSCOPE_CONTEXT_TABLE_H

#include <stdbool.h>

#include "memscope_layout.h"
#include "task_table.h"
#include "writer.h"

#pragma clang assume_nonnull begin

/// Open addressing by thread, scope and site; `order` keeps the rows as they came.
struct memscope_context_table {
    uint32_t *slots;
    uint32_t mask;
    struct memscope_group *rows;
    uint32_t count;
    /// For each context the row + 1 that it belongs to, 0 for one that is younger than the cut.
    uint32_t *row_of;
    uint32_t context_count;
};

/// Maps the table and sums up all contexts, those that are gone included. False when the kernel refuses.
bool memscope_context_table_start(struct memscope_context_table *table);

/// The row + 1 of a thread, scope and site, 0 if there is none.
uint32_t memscope_context_table_row(const struct memscope_context_table *table, uint32_t thread, uint32_t scope, uint32_t site);

/// Writes the section of contexts.
void memscope_context_table_write(const struct memscope_context_table *table, struct memscope_task_table *tasks,
                                  struct memscope_writer *writer);

#pragma clang assume_nonnull end
#endif
