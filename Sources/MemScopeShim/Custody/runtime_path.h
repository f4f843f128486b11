// Ways out of the runtimes that a thread went before.
//
// Few paths lead through a runtime to the allocator, whoever calls it: those of a thread's last frees are kept, as the return
// addresses and the distances of the places where they lie. A free that finds the same return addresses at the same distances
// has come the same way, wherever on the stack; what is left is to look up the caller. Where a function keeps the frame
// pointer the step follows its frame record, and the record must lead to the same place again.
//
// Swift's runtime keeps the frame pointer throughout, so most paths are *chains*: each return address lies in a function that finds its
// caller at the frame pointer, by its call frame information. Then that one return address is the known one says where the next
// is, and neither distances nor bounds have to be looked at. The chain that a thread went last is tried first, caller and all.
#ifndef MEMSCOPE_RUNTIME_PATH_H
#define MEMSCOPE_RUNTIME_PATH_H

#include <stdbool.h>
#include <stdint.h>

/// Runtime frames that a kept path has at most.
#define MEMSCOPE_RUNTIME_PATH_FRAMES 24
/// Pairs of paths that a thread keeps; each path has one pair for its place.
#define MEMSCOPE_RUNTIME_PATH_PAIRS 16

/// Set in a step that followed a frame record.
#define MEMSCOPE_STEP_BY_RECORD 1u

/// A path. `count` 0 = empty.
struct memscope_runtime_path {
    uint32_t count;
    /// memscope_switch.seed when it was kept: a library that went since may have been one of these.
    uint32_t seed;
    /// The number of the module that it led out to last.
    uint32_t module;
    /// Whether it is a chain.
    bool is_chain;
    /// The return addresses, all in runtimes, the hook's own first, and behind them the latest one that it led out to.
    uintptr_t return_addresses[MEMSCOPE_RUNTIME_PATH_FRAMES + 1];
    /// How far from the hook's frame record the next return address lies that each leads to, and how it is found.
    uint32_t steps[MEMSCOPE_RUNTIME_PATH_FRAMES];
};

/// Stands for none: no stack is like it.
extern const struct memscope_runtime_path memscope_no_chain __attribute__((visibility("hidden")));

/// Two paths that begin alike: arrays and single objects, say, come out of the runtime in turns.
struct memscope_runtime_path_pair {
    struct memscope_runtime_path paths[2];
    /// Which of them was gone, or kept, last.
    uint32_t latest;
};

#endif
