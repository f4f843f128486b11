// What a capture holds.
#ifndef MEMSCOPE_CONTENT_H
#define MEMSCOPE_CONTENT_H

#include <stdbool.h>

#include "writer.h"

#pragma clang assume_nonnull begin

/// Writes all sections but the strings.
/// @param frozen This is a frozen copy: the live heap may be read, and every block in the shadow is there.
void memscope_content_write(struct memscope_writer *writer, const char *reason, bool frozen);

#pragma clang assume_nonnull end
#endif
