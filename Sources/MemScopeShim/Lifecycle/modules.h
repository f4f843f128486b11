// The executable and the shared libraries, those unloaded since included: an address on a stack belongs to the module
// that was there when the stack was seen.
#ifndef MEMSCOPE_MODULES_H
#define MEMSCOPE_MODULES_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum { MEMSCOPE_MODULES = 4096, MEMSCOPE_SEGMENTS_PER_MODULE = 8, MEMSCOPE_BUILD_ID = 32 };

/// A module. Constant once published, but for `generation`.
struct memscope_module {
    uintptr_t start, end, bias;
    /// Offset into memscope_engine.names.
    uint32_t path;
    /// memscope_path_hash of the path as the dynamic linker knows it.
    uint64_t path_hash;
    uint32_t build_id_bytes;
    unsigned char build_id[MEMSCOPE_BUILD_ID];
    /// 0 while loaded; else what its addresses carry above bit 47, so that they differ from those of whatever is
    /// loaded there next.
    uint32_t generation;
    /// Seen in the latest listing.
    uint32_t listing;
    /// Loaded segments, for those who need to know what may be read and what is code.
    struct { uintptr_t start, end; uint32_t flags; } segments[MEMSCOPE_SEGMENTS_PER_MODULE];
    uint32_t segment_count;
};

extern struct memscope_module memscope_modules[MEMSCOPE_MODULES] __attribute__((visibility("hidden")));
/// Modules ever seen. Atomic, release.
extern uint32_t memscope_module_count __attribute__((visibility("hidden")));

/// Lists the modules again if the dynamic linker's counters moved, or always with `force`. Takes the dynamic linker's
/// lock: the service thread, start and export only, never the drain thread or a hook. Serialised by a lock of ours.
void memscope_modules_refresh(bool force);

/// A hash of a module's path, which is empty for the program. No lock.
uint64_t memscope_path_hash(const char *path);

/// Whether an address lies in the module that this code is part of. Async-signal-safe once modules were listed.
bool memscope_is_own_code(uintptr_t address);

#pragma clang assume_nonnull end
#endif
