// Contexts: on whose behalf a block was allocated. Interned, so that an entry names one in 26 bits.
#ifndef MEMSCOPE_CONTEXT_H
#define MEMSCOPE_CONTEXT_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// The context of a thread (index) and a scope (index + 1, 0 for none). Takes the context lock on a short, bounded
/// path. Returns 0 (no context) when the table is full.
uint32_t memscope_context_find(uint32_t thread, uint32_t scope);

/// The scope (index + 1) of a name entered inside `parent` (index + 1, 0 for none); counts the entry. Takes the
/// context lock. When all names are taken (65 536 paths, 4 MiB of text) returns a scope named "(other scopes)".
uint32_t memscope_scope_find(uint32_t parent, const char *name, uint32_t length);

/// Stores a NUL-terminated copy of a name and returns its offset, 0 when there is no room. Takes the context lock.
uint32_t memscope_name_store(const char *name, uint32_t length);

#pragma clang assume_nonnull end
#endif
