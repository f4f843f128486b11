// Which objects the ledger is about.
#ifndef MEMSCOPE_LEDGER_SELECTION_H
#define MEMSCOPE_LEDGER_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// How objects are selected; the value of memscope_switch.ledger, where 0 is off.
enum memscope_ledger_mode : uint32_t {
    MEMSCOPE_LEDGER_MODE_OFF = 0,
    /// The hooks count their calls for the test at the start.
    MEMSCOPE_LEDGER_MODE_TEST = 1,
    MEMSCOPE_LEDGER_MODE_ALL = 2,
    MEMSCOPE_LEDGER_MODE_TYPES = 3,
    MEMSCOPE_LEDGER_MODE_SCOPES = 4,
    MEMSCOPE_LEDGER_MODE_SAMPLED = 5,
};

/// A selection is shorter.
#define MEMSCOPE_SELECTION_BYTES 4096u

/// Reads a selection: `all`, `sampled:N`, `types:NAME,…` or `scopes:NAME,…`. A comma in brackets that are closed, or after a
/// backslash, is part of a name. Returns MEMSCOPE_LEDGER_MODE_OFF for one that makes no sense or is too long.
enum memscope_ledger_mode memscope_selection_read(const char *selection);

/// Verdicts by metadata address, with the lowest bit set for a type that is selected. A newcomer takes the place of another.
#define MEMSCOPE_SELECTION_TYPES 4096u
extern uint64_t memscope_selection_types[MEMSCOPE_SELECTION_TYPES] __attribute__((visibility("hidden")));

/// One in how many objects is selected, for MEMSCOPE_LEDGER_MODE_SAMPLED.
extern uint32_t memscope_selection_rate __attribute__((visibility("hidden")));

/// Reads a type's name and looks for the selected ones in it. About 1 µs; no lock, no allocation.
bool memscope_selection_judge_type(uint64_t type);

/// Whether blocks of a context were allocated in a selected scope, or in one inside of it.
bool memscope_selection_has_scope(uint32_t context);

/// Whether objects of a type are selected. A load for a type met before.
static inline bool memscope_selection_has_type(uint64_t type) {
    uint64_t seen = __atomic_load_n(&memscope_selection_types[type >> 4 & (MEMSCOPE_SELECTION_TYPES - 1)], __ATOMIC_RELAXED);
    if (__builtin_expect((seen & ~UINT64_C(1)) == type, 1)) return seen & 1;
    return memscope_selection_judge_type(type);
}

/// Whether an object is in the sample: by its address alone, so that an object is followed from its first event to its last,
/// or not at all.
static inline bool memscope_selection_samples(uintptr_t object) {
    uint64_t hash = (object >> 4) * UINT64_C(0x9E3779B97F4A7C15);
    return ((hash >> 32) * memscope_selection_rate) >> 32 == 0;
}

#pragma clang assume_nonnull end
#endif
