// What scopes' own searches for leaks came to, in a capture: section 36.
#ifndef MEMSCOPE_SCOPE_LEAKS_TABLE_H
#define MEMSCOPE_SCOPE_LEAKS_TABLE_H

#include "writer.h"

#pragma clang assume_nonnull begin

/// Writes the section, with an element for each scope that was looked at.
void memscope_scope_leaks_table_write(struct memscope_writer *writer);

#pragma clang assume_nonnull end
#endif
