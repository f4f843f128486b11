// What lies at which offset of the objects of a capture's types.
#ifndef MEMSCOPE_FIELD_TABLE_H
#define MEMSCOPE_FIELD_TABLE_H

#include "type_table.h"

#pragma clang assume_nonnull begin

/// Writes the section of fields for all types known so far. Only in the frozen copy: what cannot be read any more,
/// because its module is gone, has no fields then. Writes an empty section where the runtime is none that we understand.
void memscope_field_table_write(struct memscope_writer *writer, const struct memscope_type_table *types);

#pragma clang assume_nonnull end
#endif
