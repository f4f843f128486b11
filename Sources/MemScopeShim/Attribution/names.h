// Text that the tables refer to by offset: names of scopes, tasks and instants, paths of modules.
#ifndef MEMSCOPE_NAMES_H
#define MEMSCOPE_NAMES_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// Stores a NUL-terminated copy of a text and returns its offset in memscope_engine.names, 0 when there is no room. Takes
/// the names lock.
uint32_t memscope_name_store(const char *name, uint32_t length);

/// As `memscope_name_store`, but the same text is stored once, and no more than a quarter of the room is used: for names
/// that a program may make up without end. Takes the names lock.
uint32_t memscope_name_intern(const char *name, uint32_t length);

#pragma clang assume_nonnull end
#endif
