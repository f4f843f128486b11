#define _GNU_SOURCE
#include "drain_thread.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../History/history.h"
#include "../Ring/segment_pool.h"
#include "../Ring/thread.h"
#include "../Stack/intern.h"
#include "../SwiftRuntime/module_ranges.h"
#include "configuration.h"
#include "memscope_ledger.h"
#include "figures.h"
#include "lock.h"
#include "state.h"
#include "switch.h"

// MemScopeEngine defines it, in Swift that the compiler has checked to take no lock and to allocate nothing. Weak,
// so that the C units can be linked without the engine.
extern void memscope_engine_drain(struct memscope_engine *engine, struct memscope_ring *rings, uint64_t epoch)
    __attribute__((weak));

enum { PERIOD = 10, LONGEST_PERIOD = 100, HOUSEKEEPING = 1000 };  // milliseconds

uint64_t memscope_start_time;
static uint64_t start_clock;
static uint32_t wake_word, sleeping, sweep_wanted;
static struct { void (*action)(void *); void *info; uint32_t state; } at_cut;
enum { CUT_NONE, CUT_WANTED, CUT_RUNNING, CUT_DONE };
static uint64_t tracker_cpu[2], process_cpu;

static uint64_t nanoseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

uint64_t memscope_now(void) { return nanoseconds(CLOCK_MONOTONIC) - start_clock; }

uint64_t memscope_now_coarse(void) {
    uint64_t now = nanoseconds(CLOCK_MONOTONIC_COARSE);
    return now > start_clock ? now - start_clock : 1;
}

uint64_t memscope_tracker_cpu(void) { return tracker_cpu[0] + tracker_cpu[1]; }

uint64_t memscope_process_cpu(void) { return process_cpu; }

void memscope_note_tracker_cpu(int slot) { tracker_cpu[slot] = nanoseconds(CLOCK_THREAD_CPUTIME_ID); }

void memscope_drain_wake(void) {
    __atomic_fetch_add(&wake_word, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&sleeping, __ATOMIC_SEQ_CST)) memscope_futex_wake(&wake_word, 1);
}

void memscope_drain_wake_for_sweep(void) {
    __atomic_store_n(&sweep_wanted, 1, __ATOMIC_RELAXED);
    memscope_drain_wake();
}

uint64_t memscope_process_resident(void) {
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    char text[64];
    ssize_t bytes = read(file, text, sizeof text - 1);
    close(file);
    if (bytes <= 0) return 0;
    text[bytes] = 0;
    const char *second = strchr(text, ' ');
    uint64_t pages = 0;
    for (second = second ? second + 1 : text; *second >= '0' && *second <= '9'; second++)
        pages = pages * 10 + (uint64_t)(*second - '0');
    return pages * 4096;
}

// A bounded timeline: when the table is full every other sample goes and the pace halves.
static void take_sample(struct memscope_engine *engine) {
    if (++engine->sample_skip < engine->sample_stride) return;
    engine->sample_skip = 0;
    if (engine->sample_count == MEMSCOPE_SAMPLES) {
        for (uint32_t i = 0; i < MEMSCOPE_SAMPLES / 2; i++) engine->samples[i] = engine->samples[2 * i];
        engine->sample_count /= 2;
        engine->sample_stride *= 2;
    }
    engine->samples[engine->sample_count++] = (struct memscope_sample){
        .time = engine->now,
        .live_bytes = engine->allocated_bytes - engine->freed_bytes,
        .live_blocks = engine->allocations - engine->frees,
        .allocations = engine->allocations,
        .allocated_bytes = engine->allocated_bytes,
        .resident_bytes = memscope_process_resident(),
    };
}

static void drain_round(void) {
    struct memscope_engine *engine = &memscope_engine;
    // First the epoch, then each ring's head: whatever a thread did after it saw something that another thread had
    // recorded after our look at that thread's ring, it did in the new epoch, and its mark stops us.
    uint64_t epoch = __atomic_add_fetch(&memscope_switch.epoch, 1, __ATOMIC_SEQ_CST);
    engine->now = memscope_now();
    engine->rounds++;
    __atomic_store_n(&memscope_switch.milliseconds, (uint32_t)(engine->now / 1000000), __ATOMIC_RELAXED);
    __atomic_store_n(&memscope_segments_waiting, 0, __ATOMIC_RELAXED);
    struct memscope_ring *rings = __atomic_load_n(&memscope_rings, __ATOMIC_ACQUIRE);
    if (memscope_engine_drain && rings) memscope_engine_drain(engine, rings, epoch);
    memscope_ledger_end_round();
    memscope_figures_publish();
}

static void housekeeping(void) {
    memscope_metadata_poll_pool();
    memscope_threads_sweep();
    memscope_threads_name();
    memscope_intern_collect();
    // Births advance slowly enough that 8 bits reach back about half an hour.
    __atomic_store_n(&memscope_switch.birth, (uint32_t)(memscope_engine.now / UINT64_C(8000000000)), __ATOMIC_RELAXED);
}

static void *drain(void *unused) {
    (void)unused;
    unsigned period = PERIOD;
    uint64_t next_housekeeping = 0, next_sample = 0;
    for (;;) {
        uint32_t seen = __atomic_load_n(&wake_word, __ATOMIC_SEQ_CST);
        if (__atomic_load_n(&at_cut.state, __ATOMIC_ACQUIRE) != CUT_WANTED) {
            __atomic_store_n(&sleeping, 1, __ATOMIC_SEQ_CST);
            memscope_futex_wait(&wake_word, seen, period);
            __atomic_store_n(&sleeping, 0, __ATOMIC_SEQ_CST);
        }
        uint64_t before = memscope_engine.allocations + memscope_engine.frees;
        drain_round();
        bool idle = memscope_engine.allocations + memscope_engine.frees == before;
        period = !idle ? PERIOD : period * 2 > LONGEST_PERIOD ? LONGEST_PERIOD : period * 2;
        uint64_t now = memscope_engine.now;
        if (now >= next_sample && (!idle || now >= next_sample + 1000000000)) {
            take_sample(&memscope_engine);
            next_sample = now + PERIOD * UINT64_C(1000000);
        }
        memscope_history_tick();
        if (now >= next_housekeeping || __atomic_exchange_n(&sweep_wanted, 0, __ATOMIC_RELAXED)) {
            housekeeping();
            if (idle) memscope_segment_pool_trim();
            next_housekeeping = now + HOUSEKEEPING * UINT64_C(1000000);
        }
        memscope_note_tracker_cpu(0);
        uint32_t wanted = CUT_WANTED;
        if (__atomic_compare_exchange_n(&at_cut.state, &wanted, CUT_RUNNING, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            drain_round();
            take_sample(&memscope_engine);
            process_cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
            at_cut.action(at_cut.info);
            __atomic_store_n(&at_cut.state, CUT_DONE, __ATOMIC_RELEASE);
            memscope_futex_wake(&at_cut.state, 1);
        }
    }
    return NULL;
}

static bool wait_for_cut(uint64_t deadline) {
    for (;;) {
        uint32_t state = __atomic_load_n(&at_cut.state, __ATOMIC_ACQUIRE), wanted = CUT_WANTED;
        if (state == CUT_DONE) break;
        // Withdrawn when it is late; but once it runs it is waited for, because it uses what the caller lent it.
        if (memscope_now() > deadline &&
            __atomic_compare_exchange_n(&at_cut.state, &wanted, CUT_NONE, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return false;
        memscope_futex_wait(&at_cut.state, state, 20);
    }
    __atomic_store_n(&at_cut.state, CUT_NONE, __ATOMIC_RELEASE);
    return true;
}

bool memscope_drain_at_cut(void (*action)(void *), void *info, unsigned milliseconds) {
    static memscope_lock queue;
    uint64_t deadline = memscope_now() + milliseconds * UINT64_C(1000000);
    if (!memscope_lock_take_within(&queue, milliseconds)) return false;
    at_cut.action = action;
    at_cut.info = info;
    __atomic_store_n(&at_cut.state, CUT_WANTED, __ATOMIC_RELEASE);
    memscope_drain_wake();
    bool done = wait_for_cut(deadline);
    memscope_lock_drop(&queue);
    return done;
}

static uintptr_t own_threads[MEMSCOPE_OWN_THREADS];

uintptr_t memscope_own_thread(uint32_t index) { return own_threads[index]; }

bool memscope_start_thread(const char *name, size_t stack_bytes, void *(*body)(void *)) {
    // Blocked before the thread exists, so that it never runs a handler of the program's. Through the C library, which
    // keeps the two signals it needs itself open.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_bytes);
    pthread_t thread;
    bool started = pthread_create(&thread, &attributes, body, NULL) == 0;
    if (started) pthread_setname_np(thread, name);
    for (uint32_t i = 0; started && i < MEMSCOPE_OWN_THREADS; i++) {
        if (own_threads[i]) continue;
        own_threads[i] = (uintptr_t)thread;
        break;
    }
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void *drain_as_ours(void *unused) {
    memscope_local.ours = 1;
    memscope_detach_from_files();
    return drain(unused);
}

bool memscope_drain_start(void) {
    start_clock = nanoseconds(CLOCK_MONOTONIC);
    memscope_start_time = nanoseconds(CLOCK_REALTIME);
    return memscope_start_thread("memscope-drain", 256 * 1024, drain_as_ours);
}
