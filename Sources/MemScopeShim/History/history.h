// What changed from instant to instant, leaf by leaf and owner by owner: the notes that growth is judged by.
//
// A note ends at a cut, because the program marked it or because it was time, and lists what was allocated and freed since the
// note before. All notes together, with what changed since the last, add up to the leaves' totals. When there are too many,
// two neighbours become one; the boundary that goes is the one that is missed least.
//
// Everything here is the drain thread's own, and of a frozen copy's one thread. No lock; memory is mapped.
#ifndef MEMSCOPE_HISTORY_H
#define MEMSCOPE_HISTORY_H

#include <stdbool.h>

#include "change_list.h"

#pragma clang assume_nonnull begin

/// The most notes that a capture has.
#define MEMSCOPE_NOTES 60

enum memscope_note_flag : uint32_t {
    /// The program named the instant.
    MEMSCOPE_NOTE_MARK = 1,
    /// Kept until `memscope_history_release`.
    MEMSCOPE_NOTE_HELD = 2,
};

struct memscope_note {
    /// When it ends, nanoseconds since the start.
    uint64_t time;
    /// The mark's name, an offset into memscope_engine.names.
    uint32_t name;
    /// memscope_note_flag.
    uint32_t flags;
    struct memscope_change_list changes;
    /// The same by owner, by their numbers; Docs/growth.md.
    struct memscope_change_list owners;
};

/// Maps the table of what was noted last, 16 bytes a leaf. Without it, where the kernel refuses, there is no history.
void memscope_history_start(void);

/// Goes on merging notes, some hundred microseconds at most, and ends a note if it is time: after a second, and later on whenever the
/// time that was tracked has grown by a fortieth. That is a pass over all leaves and contexts, a few milliseconds for 400 000, and where
/// there are more than a million contexts it is time more rarely; Docs/growth.md.
void memscope_history_tick(void);

/// Ends a note here. The round must be complete.
void memscope_history_mark(uint32_t name, uint32_t flags);

/// Lets notes that were held be merged like others.
void memscope_history_release(void);

/// Bytes that the history takes: its lists, and what it remembers of each leaf.
uint64_t memscope_history_bytes(void);

/// Calls `visit` for every note, oldest first, and then for one that ends at the cut and is not kept.
/// @param leaves How many leaves the cut has.
/// @return False when there is no history, or no memory for the last note.
bool memscope_history_visit(uint32_t leaves, void (*visit)(void *info, const struct memscope_note *note), void *info);

#pragma clang assume_nonnull end
#endif
