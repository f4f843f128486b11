// The tasks of a capture: those that are there, one by one as far as there is room, and all by the site that created them.
#ifndef MEMSCOPE_TASK_TABLE_H
#define MEMSCOPE_TASK_TABLE_H

#include <stdbool.h>

#include "memscope_layout.h"
#include "writer.h"

#pragma clang assume_nonnull begin

/// As many tasks are written one by one: those that hold most bytes.
#define MEMSCOPE_TASKS_LISTED 4096

/// What a task does, as its own words say.
enum memscope_task_state : uint32_t {
    MEMSCOPE_TASK_STATE_UNKNOWN = 0,
    MEMSCOPE_TASK_STATE_RUNNING = 1,
    MEMSCOPE_TASK_STATE_ENQUEUED = 2,
    MEMSCOPE_TASK_STATE_SUSPENDED = 3,
    /// It has returned; somebody still holds it.
    MEMSCOPE_TASK_STATE_COMPLETE = 4,
    MEMSCOPE_TASK_STATES = 5,
};

struct memscope_task_table_site {
    uint32_t site;
    uint32_t unused;
    uint64_t in_state[MEMSCOPE_TASK_STATES];
};

/// Open addressing by site; `rows` keeps them as they came.
struct memscope_task_table {
    uint32_t *slots;
    uint32_t mask;
    struct memscope_task_table_site *rows;
    uint32_t count, capacity;
    /// The tasks that were written one by one: where they are, with the index + 1 of each in the section of tasks.
    struct { uint64_t address; uint32_t index, unused; } *listed;
};

/// Maps an empty table. False when the kernel refuses.
bool memscope_task_table_start(struct memscope_task_table *table);

/// The index + 1 of a task's site, 0 for any other and when there are too many.
uint32_t memscope_task_table_site(struct memscope_task_table *table, uint32_t site);

/// Counts a task object that was found among the live blocks. Only in a frozen copy.
/// @param node The call-trie node of the stack that allocated it.
void memscope_task_table_count(struct memscope_task_table *table, uintptr_t task, uint32_t node);

/// The index + 1, in the section of tasks, of the task at an address; 0 for none. After `memscope_task_table_write`.
uint32_t memscope_task_table_listed(const struct memscope_task_table *table, uint64_t address);

/// Writes the sections of tasks and of their sites; after the live heap was looked through.
/// @param frozen Whether the objects of tasks may be read.
void memscope_task_table_write(struct memscope_task_table *table, struct memscope_writer *writer, bool frozen);

#pragma clang assume_nonnull end
#endif
