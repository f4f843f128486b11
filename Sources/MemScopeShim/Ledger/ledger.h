// The retain ledger: who retained and released an object, from its first retain to its end.
//
//     runtime ──▶ arc_hooks      its functions for retain and release, replaced while a ledger runs
//             ──▶ events         is the object selected? stack, task and thread as for an allocation, a record
//     ring    ──▶ book           per object: which retain has no release; per stack and type: how many
//
// Nouns. An *object* is a row of the ledger: a live Swift object that was selected, from its first retain or release on.
// The *object index* says which row an address has. A *claim* is what remains of retains from one stack, task and thread.
// The *origin* is the reference that an object is made with.
//
// Who writes what: an object's row is filled by the thread that sees it first, before any record names it; from then on it
// is the drain thread's. A row is used again after the round in which its object ended: a release is recorded before it
// happens, so no record of an object lies beyond the cut that its end is in.
#ifndef MEMSCOPE_LEDGER_STATE_H
#define MEMSCOPE_LEDGER_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "involved.h"

#pragma clang assume_nonnull begin

/// Objects at a time, claims at a time, types. What finds no room is counted.
#define MEMSCOPE_LEDGER_OBJECTS (1u << 22)
#define MEMSCOPE_LEDGER_CLAIMS (1u << 22)
#define MEMSCOPE_LEDGER_TYPES (1u << 13)
/// Objects that ended and are remembered one by one: those with most retains and releases.
#define MEMSCOPE_LEDGER_ENDED 128u
/// Events that one record can stand for, and the largest strong count it can carry.
#define MEMSCOPE_LEDGER_COUNT_MAX 1023u
#define MEMSCOPE_LEDGER_STRONG_MAX ((1u << 22) - 1)

/// Where something came from: a stack, and who ran it.
struct memscope_ledger_place {
    uint32_t leaf;
    uint32_t thread;
    /// The low half of the task's number, 0 for none.
    uint32_t task;
};

struct memscope_ledger_claim {
    struct memscope_ledger_place place;
    /// The call-trie node of the caller of the function that retained: equal for what one run of a function does.
    uint32_t caller;
    uint32_t count;
    /// The claim before it. For a free one, the next free one.
    uint32_t next;
};

enum memscope_ledger_object_flag : uint32_t {
    /// The origin's reference was released.
    MEMSCOPE_LEDGER_ORIGIN_RELEASED = 1,
    /// `instead` is set: the function that made the object released it, and the release went to that retain.
    MEMSCOPE_LEDGER_HAS_INSTEAD = 2,
    /// It ended.
    MEMSCOPE_LEDGER_ENDED_FLAG = 4,
    /// The callee of `judged_caller` made it.
    MEMSCOPE_LEDGER_IS_MAKER = 8,
};

struct memscope_ledger_object {
    /// 0 in a row that is free.
    uint64_t address;
    /// Its metadata.
    uint64_t type;
    struct memscope_ledger_place origin;
    uint32_t flags;
    /// Strong references, seen once and not accounted for by any record: from before the ledger saw the object.
    uint32_t earlier;
    uint32_t next;
    // From here on the drain thread's.
    uint64_t retains, releases;
    struct memscope_involved involved;
    uint32_t peak, lowest;
    /// The latest claim; all of them, counted singly.
    uint32_t claim, claimed;
    /// References that were made out of sight and are still there.
    uint32_t unseen;
    /// Retains that were concluded in round `guess_round` and may still come: out of any ring, and out of any but that of
    /// `guess_thread`, which is being entered.
    uint32_t guessed, guessed_here, guess_round, guess_thread;
    /// Retains and releases that happened out of sight.
    uint32_t unseen_retains, unseen_releases;
    struct memscope_ledger_place instead;
    /// The caller that was last asked about whether its callee made the object.
    uint32_t judged_caller;
};

/// What was retained and released from one stack. By the number of its leaf.
struct memscope_ledger_site {
    uint64_t retains, releases;
    /// The call-trie node above, + 1; 0 for a stack that was not met.
    uint32_t caller;
    /// The second of the latest event, and the events in it; the second with most events, and these.
    uint32_t second, in_second, busiest_second, busiest;
    uint32_t unused;
};

/// Objects of one type that are gone. Open addressing; objects 0 = empty.
struct memscope_ledger_type {
    uint64_t type;
    uint64_t objects, retains, releases;
    /// Of these retains and releases, how many more happened out of sight.
    uint64_t unseen;
    struct memscope_involved involved;
    uint32_t peak, unused;
};

struct memscope_ledger {
    struct memscope_ledger_object *objects;
    struct memscope_ledger_claim *claims;
    struct memscope_ledger_site *sites;
    struct memscope_ledger_type *types;
    struct memscope_ledger_object *ended;
    uint32_t object_capacity, claim_capacity;
    /// Rows that were ever used; the list of those that are free again. Atomic.
    uint32_t object_count, free_object;
    /// Objects that found no row. Atomic.
    uint64_t objects_lost;
    // From here on the drain thread's.
    uint32_t claim_count, free_claim;
    uint32_t ended_object, ended_count;
    uint64_t retains, releases;
    uint64_t unseen_retains, unseen_releases;
    uint64_t claims_lost, types_lost;
};

extern struct memscope_ledger memscope_ledger __attribute__((visibility("hidden")));

/// What became of the wish for a ledger.
enum memscope_ledger_state : uint32_t {
    MEMSCOPE_LEDGER_OFF = 0,
    MEMSCOPE_LEDGER_RUNS = 1,
    MEMSCOPE_LEDGER_DECLINED = 2,
};

/// Begins a ledger of the objects that `selection` names, when the runtime is one that we know and nobody else has replaced its
/// functions. With tracking on, one caller at a time; when a ledger was asked for before, nothing changes. Objects from before are
/// followed if tracking saw them begin.
/// @param selection As memscope_selection_read takes it; empty for none. Need not stay.
void memscope_ledger_start(const char *selection);

/// Maps the tables. False when the kernel refuses. `memscope_ledger_start` calls it.
bool memscope_ledger_map(void);

/// Gives the runtime its own functions back. What was entered stays.
void memscope_ledger_stop(void);

/// Whether there is a ledger, was none asked for, or was it declined.
enum memscope_ledger_state memscope_ledger_state(void);

/// Why the ledger was declined. Constant text, empty otherwise.
const char *memscope_ledger_complaint(void);

/// What was asked for, empty for nothing.
const char *memscope_ledger_selection(void);

/// The row of an object's type in a table of MEMSCOPE_LEDGER_TYPES; null when it is full.
struct memscope_ledger_type *_Nullable memscope_ledger_type_of(struct memscope_ledger_type *types,
                                                               const struct memscope_ledger_object *object);

/// Adds an object to its type.
void memscope_ledger_type_add(struct memscope_ledger_type *type, const struct memscope_ledger_object *object);

/// Whether the reference that an object was made with is left.
static inline bool memscope_ledger_has_origin(const struct memscope_ledger_object *object) {
    return !(object->flags & MEMSCOPE_LEDGER_ORIGIN_RELEASED);
}

/// Strong references that are left by the records.
static inline uint32_t memscope_ledger_held(const struct memscope_ledger_object *object) {
    return memscope_ledger_has_origin(object) + object->claimed + object->unseen;
}

/// Who is named for the first reference while it is left: `origin`, or the retain that its release went to.
static inline const struct memscope_ledger_place *memscope_ledger_first_place(const struct memscope_ledger_object *object) {
    return object->flags & MEMSCOPE_LEDGER_HAS_INSTEAD ? &object->instead : &object->origin;
}

#pragma clang assume_nonnull end
#endif
