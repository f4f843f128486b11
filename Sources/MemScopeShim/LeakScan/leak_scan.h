// The search for blocks that no pointer leads to.
//
//     drain thread, at the cut:  stop ── the process is copied ── release
//     frozen copy:               make ── other content ── write
//
// Where no copy can be made, all of it is done in the process itself before the release. Threads that stand still may hold any lock
// of the program's: nothing here takes one, or allocates by malloc.
#ifndef MEMSCOPE_LEAK_SCAN_H
#define MEMSCOPE_LEAK_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "../Capture/content.h"
#include "../Capture/context_table.h"
#include "../Capture/task_table.h"
#include "../Capture/type_table.h"
#include "../Capture/writer.h"
#include "memscope_shim.h"

#pragma clang assume_nonnull begin

enum memscope_leak_scan_outcome : uint32_t {
    MEMSCOPE_LEAK_SCAN_NOT_ASKED = 0,
    MEMSCOPE_LEAK_SCAN_DONE = 1,
    /// The complaint says why.
    MEMSCOPE_LEAK_SCAN_IMPOSSIBLE = 2,
};

struct memscope_leak_scan {
    enum memscope_leak_scan_outcome outcome;
    /// Nanoseconds that the search took, and bytes by which the process was larger at its end.
    uint64_t time, memory;
    /// What nothing leads to.
    uint64_t blocks, bytes;
    /// What nothing but blocks leads to of which the program said that they are no leaks, those themselves included.
    uint64_t ignored_blocks, ignored_bytes;
    /// Threads that were stopped.
    uint64_t threads;
    /// Of the whole graph: roots that found no room. Each led to a block that another leads to as well.
    uint64_t unlisted_roots;
    /// Sentences in `complaint` by which leaks may be hidden, or something be reported that is none.
    uint64_t doubts;
    /// Sentences, or empty.
    char complaint[1024];
};

/// Finds out what the scan needs to know of the C library, and what the program defines for LeakSanitizer. Takes the dynamic linker's lock,
/// and may call the program. Idempotent.
void memscope_leak_scan_learn(void);

/// Says that the calling thread will not return below `stack_pointer`: what lies below is no root. 0 takes it back.
void memscope_leak_scan_leave(uintptr_t stack_pointer);

/// Stops all threads but the caller's, or notes why that cannot be. On the drain thread.
void memscope_leak_scan_stop(void);

/// Whether they stand still.
bool memscope_leak_scan_holds(void);

/// Notes how long the call took that copied the process meanwhile.
void memscope_leak_scan_copied(uint64_t nanoseconds);

/// What was noted; 0 of a search in place. Also in the copy, once the threads were let go.
uint64_t memscope_leak_scan_copying(void);

/// Lets them go.
void memscope_leak_scan_release(void);

/// Nanoseconds that the threads stood still, at least; all of it once they were let go. Also in the copy.
uint64_t memscope_leak_scan_pause(void);

/// Searches, after memscope_guard_start, and fills in the result. Of a process that runs nothing is done but to say so.
void memscope_leak_scan_make(struct memscope_leak_scan *scan, struct memscope_writer *writer, enum memscope_leak_mode mode,
                             enum memscope_source source);

/// Whether nothing leads to a live block, by the search that was done. In the copy.
bool memscope_leak_scan_is_unreached(uintptr_t block);

/// The copy has written its capture whole. In the copy.
void memscope_leak_scan_note_written(void);

/// Whether the copy of the latest search has, whatever became of it afterwards.
bool memscope_leak_scan_was_written(void);

/// What the latest search found before suppressions. False when it could not be made, or that cannot be told.
bool memscope_leak_scan_found(uint64_t *blocks, uint64_t *bytes);

/// Writes the sections of the graph, after a search that was done, and after the tasks. False when there is no memory for it.
bool memscope_leak_scan_write(struct memscope_writer *writer, enum memscope_leak_mode mode,
                              const struct memscope_context_table *contexts, const struct memscope_task_table *tasks,
                              struct memscope_type_table *types);

#pragma clang assume_nonnull end
#endif
