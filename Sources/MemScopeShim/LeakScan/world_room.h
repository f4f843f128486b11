// What a stop needs besides the registers, mapped beforehand.
#ifndef MEMSCOPE_WORLD_ROOM_H
#define MEMSCOPE_WORLD_ROOM_H

#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

#include "../Unwind/arch.h"
#include "world.h"
#include "world_threads.h"

#pragma clang assume_nonnull begin

/// The helper's state. A helper that dies, of whatever, leaves 0, because the kernel clears the word (CLONE_CHILD_CLEARTID).
enum memscope_helper_state : uint32_t {
    MEMSCOPE_HELPER_GONE = 0,
    /// Waits, so that the requester can permit it to trace.
    MEMSCOPE_HELPER_MADE,
    MEMSCOPE_HELPER_STOPS,
    MEMSCOPE_HELPER_HOLDS,
    MEMSCOPE_HELPER_RELEASES,
};

struct memscope_helper {
    /// Waited on as a futex shared between processes: so the kernel wakes it.
    uint32_t state;
    int32_t process;
    /// When to give up, and why the helper did.
    uint64_t deadline;
    const char *_Nullable complaint;
    _Alignas(16) unsigned char stack[32768];
};

struct memscope_world_room {
    struct memscope_thread_list list;
    struct memscope_helper helper;
    /// When a signal is no longer waited for.
    uint64_t signal_deadline;
    /// `list.met` points here.
    int32_t met[];
};

/// The monotonic clock, for code that may not use thread-local storage.
static inline uint64_t memscope_world_clock(void) {
    struct timespec now = {0};
    memscope_system_call(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0, 0);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

#pragma clang assume_nonnull end
#endif
