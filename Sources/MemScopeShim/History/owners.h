// On whose behalf what changed: by thread, scope and site of the task, as captures sum contexts up.
//
// An owner's number stays what it is, so a note lists changes by it as it does by leaf. The drain thread's own, and of a frozen copy's
// one thread.
#ifndef MEMSCOPE_OWNERS_H
#define MEMSCOPE_OWNERS_H

#include <stdbool.h>

#include "change_list.h"

#pragma clang assume_nonnull begin

/// How many owners are told apart, 5 MiB; what others did is summed up as number 1.
#define MEMSCOPE_OWNERS (1u << 16)

struct memscope_owner_figures {
    uint64_t allocations, frees, allocated_bytes, freed_bytes;
};

struct memscope_owner {
    uint32_t thread;
    /// Index + 1.
    uint32_t scope;
    uint32_t site, unused;
    /// At the pass that is made, and at the latest note.
    struct memscope_owner_figures now, noted;
};

/// Maps the table. False when the kernel refuses: then there are no owners.
bool memscope_owners_start(void);

/// How many numbers are given, 0 without a table. Number 0 is nobody, number 1 whoever found no number.
uint32_t memscope_owner_count(void);

/// An owner by its number.
const struct memscope_owner *memscope_owner_at(uint32_t number);

/// Lists what changed since the latest note, owner by owner, in memory of the list's own. One pass over all contexts, those that are
/// gone included: 10 to 20 ns each. The round must be complete.
/// @param is_kept Whether this is a note: the next list begins here.
/// @return False without a table or memory.
bool memscope_owners_collect(struct memscope_change_list *list, bool is_kept);

/// Bytes that the table takes.
uint64_t memscope_owners_bytes(void);

#pragma clang assume_nonnull end
#endif
