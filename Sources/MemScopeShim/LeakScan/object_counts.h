// How often live Swift objects are referred to, as their own counts say it: for a capture with the whole graph.
#ifndef MEMSCOPE_OBJECT_COUNTS_H
#define MEMSCOPE_OBJECT_COUNTS_H

#include "../Capture/writer.h"
#include "block_index.h"

#pragma clang assume_nonnull begin

/// Writes the section of counts, one element for each object whose counts count; those that live for ever have none. In the
/// frozen copy only, and for a section of blocks that has every block of the index.
void memscope_object_counts_write(struct memscope_writer *writer, const struct memscope_block_index *index);

#pragma clang assume_nonnull end
#endif
