#ifndef MEMSCOPE_FIXTURE_H
#define MEMSCOPE_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What the fixture programs, which are Swift, ask of the C code under test.

/// Publishes the loaded modules' segments and finds the runtime, as MemScope does at start.
/// Returns false, after a message, when the runtime cannot be found.
bool fixture_start(void);

/// The name that memscope_type_name gives; `kind` as in the capture file, 255 for none.
size_t fixture_type_name(const void *_Nonnull isa, const void *_Nullable object, char *_Nonnull buffer, size_t capacity,
    uint8_t *_Nonnull kind);

/// The kinds of the block at `object` by the tests for live and for freed blocks.
uint8_t fixture_live_kind(const void *_Nonnull object);
uint8_t fixture_freed_kind(uint64_t word0, uint64_t word1, size_t size);
uint8_t fixture_kind(uint64_t word0, size_t size);
uint8_t fixture_kind_uncached(uint64_t word0, size_t size);

/// From here on until fixture_census_end every free is judged; blocks that swift_allocObject made must be recognised.
void fixture_census_begin(void);
/// Counts: objects recognised, objects missed, other blocks recognised, other blocks not.
void fixture_census_end(uint64_t *_Nonnull counts);

/// Polls the runtime's metadata pool, and the number of pools known.
size_t fixture_pool_count(void);

#endif
