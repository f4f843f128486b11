// What blocks of the graph have to do with tasks.
#ifndef MEMSCOPE_GRAPH_TASKS_H
#define MEMSCOPE_GRAPH_TASKS_H

#include "../Capture/task_table.h"
#include "../Capture/writer.h"
#include "graph_places.h"

#pragma clang assume_nonnull begin

/// What a block is to a task. The values are those of the capture file.
enum memscope_task_block : uint32_t {
    /// The task allocated it, and nothing leads to it.
    MEMSCOPE_TASK_BLOCK_LEAKED = 0,
    /// The task object itself.
    MEMSCOPE_TASK_BLOCK_OBJECT = 1,
    /// Memory that its frames lie in.
    MEMSCOPE_TASK_BLOCK_SLAB = 2,
};

/// Writes the section of blocks of tasks, empty where tasks are none that we understand. After the section of tasks; may fault on
/// nothing that it does not guard itself.
void memscope_graph_tasks_write(struct memscope_writer *writer, const struct memscope_graph_places *places,
                                const struct memscope_task_table *tasks);

#pragma clang assume_nonnull end
#endif
