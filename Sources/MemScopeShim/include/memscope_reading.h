// What a running program may ask about itself: how large its heap is, and on whose behalf the caller runs.
//
// All of it is cheap, for any thread, and passed on to the active copy like the functions of memscope_shim.h.
#ifndef MEMSCOPE_READING_H
#define MEMSCOPE_READING_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// The whole heap as of one cut of the engine.
struct memscope_figures {
    /// When the cut was, in nanoseconds since tracking began; 0 before the first one.
    uint64_t time;
    uint64_t allocations;
    uint64_t frees;
    /// Frees of their thread's latest allocation.
    uint64_t temporaries;
    uint64_t allocated_bytes;
    uint64_t live_blocks;
    uint64_t live_bytes;
    uint64_t peak_bytes;
};

/// Reads the figures of the latest cut: at most 10 ms old while the program allocates, 100 ms when it was idle before,
/// older only where the drain thread gets no processor. 6 ns, 40 in a debug build: no lock, no system call.
/// @return Whether this process has ever been tracked; if not, `into` is untouched.
bool memscope_read_figures(struct memscope_figures *into);

/// Writes the names of the scope that a run is of and of those around it, outermost first, with " > " between them. Names that do not fit are
/// left out from the outermost on, and "..." stands for them.
/// @param run As `memscope_scope_begin` returned it, ended or not; 0 and unknown ones have an empty path.
/// @param into Room for `capacity` bytes, at least 4; it is not ended with NUL.
/// @return The bytes written.
uint32_t memscope_scope_path(uint64_t run, char *into, uint32_t capacity);

/// The number of the task that the calling thread runs, as the report has it; 0 outside of tasks, where tasks cannot
/// be read, and before tracking began.
uint64_t memscope_current_task(void);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
