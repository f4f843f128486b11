// The on/off word, alone on a page that every copied child finds zeroed.
#ifndef MEMSCOPE_SWITCH_H
#define MEMSCOPE_SWITCH_H

#include <stdint.h>

#define MEMSCOPE_PAGE 4096
#define MEMSCOPE_ON 1
#define MEMSCOPE_PAUSED 2
#define MEMSCOPE_TYPES 1
/// And each free has to look whether the block is in the retain ledger.
#define MEMSCOPE_TYPES_AND_LEDGER 2

/// What every hook reads first. The page is marked MADV_WIPEONFORK, so a child made by fork, _Fork or raw clone reads
/// 0 everywhere and passes all allocations through. Written by the lifecycle code only.
struct memscope_switch {
    /// MEMSCOPE_ON, MEMSCOPE_PAUSED (frees of known blocks are still recorded), or 0. Relaxed.
    uint32_t on;
    /// Mixed into every stack hash; changes when a module was unloaded, so that its addresses can be reused.
    uint32_t seed;
    /// Incremented by the drain thread each round. A thread that sees it changed writes a mark.
    uint64_t epoch;
    /// Incremented by the drain thread at a slower pace; the birth field of entries.
    uint32_t birth;
    /// Whether tasks of Swift Concurrency can be read in this process.
    uint32_t tasks;
    /// Whether Swift metadata can be recognised in this process: 0, MEMSCOPE_TYPES or MEMSCOPE_TYPES_AND_LEDGER.
    uint32_t types;
    /// Whether requests below 25 bytes must be rounded up to 32 to keep block starts in separate granules.
    uint32_t round_up_small;
    /// Milliseconds since the start, as of the drain thread's latest round.
    uint32_t milliseconds;
    /// 1 in the process that started tracking, also after a stop; a copied child reads 0.
    uint32_t started;
    /// Which objects the retain ledger follows, a memscope_ledger_mode; 0 while there is none.
    uint32_t ledger;
    char unused[MEMSCOPE_PAGE - 44];
};

_Static_assert(sizeof(struct memscope_switch) == MEMSCOPE_PAGE, "alone on its page");

extern struct memscope_switch memscope_switch __attribute__((visibility("hidden"), aligned(MEMSCOPE_PAGE)));

#endif
