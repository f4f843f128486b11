// The live heap, read from the shadow and summed over blocks of the same site, context and type.
#ifndef MEMSCOPE_LIVE_HEAP_H
#define MEMSCOPE_LIVE_HEAP_H

#include <stdbool.h>

#include "census.h"
#include "context_table.h"
#include "task_table.h"
#include "type_table.h"
#include "writer.h"

#pragma clang assume_nonnull begin

/// Writes the section of live groups. In a frozen copy each block's type is read from the block; a block that cannot
/// be read (guard pages, memory kept out of copies) counts as of its site's type. While the program runs no block is
/// looked at. Task objects are counted in `tasks`, bytes and ages in
/// `census`. In a frozen copy sites whose blocks tell no type when they are freed get that of what lives there: so before
/// the section of sites.
void memscope_live_heap_write(struct memscope_writer *writer, struct memscope_type_table *types,
                              const struct memscope_context_table *contexts, struct memscope_task_table *tasks, bool frozen,
                              struct memscope_census *census);

#pragma clang assume_nonnull end
#endif
