// The graph of blocks and pointers, as a capture has it: of what cannot be reached, or of everything.
#ifndef MEMSCOPE_GRAPH_H
#define MEMSCOPE_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "../Capture/context_table.h"
#include "../Capture/type_table.h"
#include "../Capture/writer.h"
#include "mark.h"

#pragma clang assume_nonnull begin

enum memscope_graph_flag : uint32_t {
    MEMSCOPE_GRAPH_REACHABLE = 1,
    /// A Swift object that was deinitialised and is there for unowned references only.
    MEMSCOPE_GRAPH_DEAD = 2,
    /// The program said that it is no leak, or that of what leads to it; no root does.
    MEMSCOPE_GRAPH_IGNORED = 4,
    MEMSCOPE_GRAPH_WEAKLY_HELD = 8,
    /// It was allocated in the run that the capture was asked about.
    MEMSCOPE_GRAPH_OF_RUN = 16,
};

/// Writes the sections of edges, blocks and, for the whole graph, roots. False when there is no memory for it.
bool memscope_graph_write(struct memscope_writer *writer, const struct memscope_marking *mark, bool whole,
                          const struct memscope_context_table *contexts, struct memscope_type_table *types);

#pragma clang assume_nonnull end
#endif
