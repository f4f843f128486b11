#ifndef MEMSCOPE_METADATA_H
#define MEMSCOPE_METADATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "module_ranges.h"

// What a heap block is, judged by its first two words.
//
// The first word of every Swift heap object is its metadata pointer, the second its reference counts.
// Nothing here faults whatever the words are, takes a lock, allocates or calls the Swift runtime, so all
// of it runs inside malloc and free, in a signal handler and in a forked child.

/// What a block holds. The raw values are those of the capture file's section of types.
enum memscope_type_kind : uint8_t {
    MEMSCOPE_TYPE_CLASS = 0,
    MEMSCOPE_TYPE_CLOSURE_CONTEXT = 1,
    MEMSCOPE_TYPE_BOX = 2,
    MEMSCOPE_TYPE_ERROR_BOX = 3,
    MEMSCOPE_TYPE_TASK = 4,
    MEMSCOPE_TYPE_JOB = 5,
    MEMSCOPE_TYPE_TASK_SLAB = 6,
    // The rest is not told by the first word's metadata alone, so none of the functions below says it.
    MEMSCOPE_TYPE_ACTOR = 7,
    MEMSCOPE_TYPE_CXX_OBJECT = 8,
    MEMSCOPE_TYPE_SIDE_TABLE = 9,
    MEMSCOPE_TYPE_METADATA_POOL = 10,
    /// Not a Swift object, as far as can be told.
    MEMSCOPE_TYPE_NONE = 0xff,
};

/// Whether `word0` can be a metadata pointer at all: aligned, in user space, and in a 64 KiB page that a
/// module or a metadata pool touches. About 1 ns. False rejects for good; true asks for a full test.
static inline bool memscope_metadata_is_plausible(uint64_t word0)
{
    return (word0 & 7) == 0 && word0 >= 0x10000 && (word0 >> 47) == 0 && memscope_page_filter_passes(word0);
}

/// What a block of `block_size` usable bytes holds, by its first word alone; MEMSCOPE_TYPE_NONE if it is
/// no Swift object. 5 to 10 ns for a metadata pointer seen before, 40 to 60 ns otherwise.
///
/// A raw block that holds a copy of a metadata pointer in its first word passes; the two functions below
/// ask the second word too.
enum memscope_type_kind memscope_metadata_kind(uint64_t word0, size_t block_size);

/// As memscope_metadata_kind without the cache of verdicts.
enum memscope_type_kind memscope_metadata_kind_uncached(uint64_t word0, size_t block_size);

/// What a block that is being freed held. `word1` must be what the runtime leaves behind: a finished
/// deinit (with or without a last unowned release), a side table, or a job that never deinits.
enum memscope_type_kind memscope_metadata_freed_kind(uint64_t word0, uint64_t word1, size_t block_size);

/// What a live block holds. `word1` must be reference counts of an object that is not being destroyed,
/// or a side table (whose own counts the caller may read at memscope_metadata_side_table + 0x10, bit 32
/// meaning destroyed). So a freed object's words in a reused raw block are not taken for an object.
enum memscope_type_kind memscope_metadata_live_kind(uint64_t word0, uint64_t word1, size_t block_size);

/// Whether the words can head a Swift object, live or just freed.
bool memscope_metadata_recognise(uint64_t word0, uint64_t word1, size_t block_size);

/// The address of the object's side table, or 0 when `word1` holds the counts itself.
static inline uintptr_t memscope_metadata_side_table(uint64_t word1)
{
    return word1 >> 62 == 3 ? (uintptr_t)((word1 & 0x3fffffffffffffff) << 3) : 0;
}

/// Whether the class whose metadata this is is an actor. Reads its descriptor.
bool memscope_metadata_is_actor(uint64_t isa);

/// Tells what the first word of a task's slab is. It looks like metadata and is none.
/// memscope_swift_runtime_find calls it; 0 means unknown.
void memscope_metadata_set_task_slab(uintptr_t slab_metadata);

/// Whether this is the first word of a task's slab.
bool memscope_metadata_is_task_slab(uintptr_t word0);

/// Drops all cached verdicts. memscope_metadata_set_ranges calls it, since an address may mean something
/// else once a module is unloaded.
void memscope_metadata_forget_verdicts(void);

#endif
