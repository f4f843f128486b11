// How tracking begins, pauses and stops.
//
//      loaded ──start──▶ on ◀──resume/pause──▶ paused
//                        │                       │
//                        └────────stop───────────┴──▶ stopped
//
// A copy of the process (fork) finds the switch zeroed: it is "loaded" with `started` set, and stays silent.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../Attribution/names.h"
#include "../Custody/code_module.h"
#include "../History/history.h"
#include "../Interpose/hooks.h"
#include "../Interpose/next_allocator.h"
#include "../Interpose/process_end.h"
#include "../LeakScan/leak_scan.h"
#include "../Ledger/ledger.h"
#include "../Ring/segment_pool.h"
#include "../Ring/thread.h"
#include "../Shadow/shadow.h"
#include "../SwiftRuntime/block_type.h"
#include "../SwiftRuntime/current_task.h"
#include "../SwiftRuntime/dispatch_queue.h"
#include "../Unwind/cfi.h"
#include "configuration.h"
#include "drain_thread.h"
#include "instance.h"
#include "lock.h"
#include "mapping.h"
#include "modules.h"
#include "own_copy.h"
#include "sanitizer.h"
#include "service_thread.h"
#include "start.h"
#include "state.h"
#include "switch.h"

static bool started;
static bool stopped, stood_down;
static pid_t started_by;

bool memscope_own_was_started(void) { return started && !stood_down && started_by == getpid(); }

bool memscope_was_stopped(void) { return __atomic_load_n(&stopped, __ATOMIC_ACQUIRE); }

pid_t memscope_tracked_pid(void) { return started_by; }

struct memscope_engine *memscope_engine_state(void) { return &memscope_engine; }
struct memscope_ring *memscope_ring_list(void) { return __atomic_load_n(&memscope_rings, __ATOMIC_ACQUIRE); }
void memscope_segment_return(struct memscope_segment *segment) { memscope_segment_give(segment); }
bool memscope_started_by_environment(void) { return memscope_configuration.start_at_load; }
const char *memscope_configured_output(void) { return memscope_configuration.output; }

#if MEMSCOPE_SANITIZED
enum memscope_status memscope_own_start(const struct memscope_options *options) {
    (void)options;
    return MEMSCOPE_SANITIZED_PROGRAM;
}
#else

extern void *malloc(size_t);

static memscope_lock lock;

// Whether `malloc`, as every part of the program finds it, is ours or leads through ours: asks for a block while a
// counter in the off path cannot exist, so looks at who defines the symbol instead.
static bool is_in_chain(void) {
    Dl_info ours, first;
    if (!dladdr((void *)&memscope_instance_v1, &ours)) return true;
    void *found = dlsym(RTLD_DEFAULT, "malloc");
    if (!found || !dladdr(found, &first)) return true;
    if (first.dli_fbase == ours.dli_fbase) return true;
    // Another interposer stands before us; it may call on to us. Walk the chain as the dynamic linker would.
    return memscope_this_is_preload();
}

// A sanitizer's runtime in the process means that its allocator owns the heap.
static bool is_sanitized_process(void) {
    return dlsym(RTLD_DEFAULT, "__asan_init") || dlsym(RTLD_DEFAULT, "__tsan_init") ||
           dlsym(RTLD_DEFAULT, "__msan_init") || dlsym(RTLD_DEFAULT, "__lsan_init");
}

static void start_ledger(const struct memscope_options *options) {
    const struct memscope_configuration *c = &memscope_configuration;
    const char *selection = options && !c->ownership_is_given ? options->ownership : c->ownership;
    if (selection) memscope_ledger_start(selection);
}

static enum memscope_status start_locked(const struct memscope_options *options) {
    if (stood_down) return MEMSCOPE_VERSION_MISMATCH;
    if (started && started_by != getpid()) return MEMSCOPE_COPIED_PROCESS;
    if (started && memscope_was_stopped()) return MEMSCOPE_STOPPED;
    if (started) {
        // Of what a program asks for after the environment started tracking, the ledger alone can begin now.
        start_ledger(options);
        return MEMSCOPE_OK;
    }
    if (is_sanitized_process()) return MEMSCOPE_SANITIZED_PROGRAM;
    if (!is_in_chain()) return MEMSCOPE_NOT_IN_CHAIN;
    if (options && !memscope_configuration.drop_is_given) memscope_configuration.drop = options->drop;
    if (options && options->segments && !memscope_configuration.segments_are_given) memscope_configuration.segments = options->segments;
    if (options && !memscope_configuration.custody_is_given) memscope_configuration.custody = options->custody;
    memscope_next_allocator_find();
    if (madvise(&memscope_switch, sizeof memscope_switch, MADV_WIPEONFORK) != 0) return MEMSCOPE_UNSUPPORTED;
    if (!memscope_shadow_start() || !memscope_state_start() ||
        !memscope_segment_pool_start(memscope_configuration.segments))
        return MEMSCOPE_NO_RESOURCES;
    memscope_switch.round_up_small = !memscope_next_allocator_is_glibc();
    memscope_modules_refresh(true);
    // Binds the C library's _dl_find_object now: bound on first use it would run the dynamic linker inside malloc.
    memscope_cfi_rule((uintptr_t)start_locked, true);
    memscope_switch.tasks = memscope_tasks_start();
    memscope_dispatch_start();
    memscope_switch.types = memscope_block_types_start();
    memscope_switch.seed = 1;
    if (memscope_configuration.custody) {
        memscope_engine.crossings = memscope_map(MEMSCOPE_CROSSINGS * sizeof *memscope_engine.crossings);
        if (!memscope_engine.crossings || !memscope_custody_start()) return MEMSCOPE_NO_RESOURCES;
        memscope_hooks_take_custody();
    }
    if (!memscope_drain_start() || !memscope_service_start()) return MEMSCOPE_NO_RESOURCES;
    if (memscope_configuration.leaks != MEMSCOPE_LEAKS_NONE) memscope_leak_scan_learn();
    started = true;
    started_by = getpid();
    memscope_switch.started = 1;
    memscope_process_end_start();
    __atomic_store_n(&memscope_switch.on, MEMSCOPE_ON, __ATOMIC_SEQ_CST);
    start_ledger(options);
    return MEMSCOPE_OK;
}

enum memscope_status memscope_own_start(const struct memscope_options *options) {
    memscope_own_ours_begin();
    memscope_lock_take(&lock);
    enum memscope_status status = start_locked(options);
    memscope_lock_drop(&lock);
    memscope_own_ours_end();
    return status;
}
#endif

static void turn(uint32_t from, uint32_t to) {
    __atomic_compare_exchange_n(&memscope_switch.on, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

void memscope_own_pause(void) { turn(MEMSCOPE_ON, MEMSCOPE_PAUSED); }
void memscope_own_resume(void) { turn(MEMSCOPE_PAUSED, MEMSCOPE_ON); }
void memscope_own_stop(void) {
    if (!memscope_own_is_tracking()) return;
    __atomic_store_n(&stopped, true, __ATOMIC_RELEASE);
    memscope_ledger_stop();
    turn(MEMSCOPE_ON, 0);
    turn(MEMSCOPE_PAUSED, 0);
}
void memscope_own_stand_down(void) {
    memscope_own_stop();
    stood_down = true;
}
bool memscope_own_is_tracking(void) { return __atomic_load_n(&memscope_switch.on, __ATOMIC_RELAXED) != 0; }

void memscope_own_ours_begin(void) { memscope_local.ours++; }
void memscope_own_ours_end(void) { memscope_local.ours--; }


static void mark_at_cut(void *info) {
    const uint32_t *name = info;
    struct memscope_engine *engine = &memscope_engine;
    memscope_history_mark(*name, MEMSCOPE_NOTE_MARK);
    if (engine->mark_count == MEMSCOPE_MARKS) return;
    engine->marks[engine->mark_count] = (struct memscope_mark){
        .time = engine->now,
        .name = *name,
        .live_bytes = engine->allocated_bytes - engine->freed_bytes,
        .live_blocks = engine->allocations - engine->frees,
    };
    engine->mark_count++;
}

void memscope_own_mark(const char *name, uint32_t length) {
    if (!memscope_own_is_tracking()) return;
    // Stored here: the drain thread takes no lock that a thread of the program may hold.
    uint32_t stored = memscope_name_store(name, length);
    memscope_drain_at_cut(mark_at_cut, &stored, 5000);
}

static void hold_at_cut(void *info) {
    if (info) memscope_history_mark(0, MEMSCOPE_NOTE_HELD);
    else memscope_history_release();
}

bool memscope_own_hold_note(bool hold) {
    return memscope_own_is_tracking() && memscope_drain_at_cut(hold_at_cut, hold ? &started : NULL, 5000);
}

// The library's Swift side defines it, to report at exit when the environment started tracking.
extern void memscope_library_started(void) __attribute__((weak));

// Runs when the object is loaded, for a preloaded copy before every initialiser of the program.
__attribute__((constructor)) static void load(void) {
#if !MEMSCOPE_SANITIZED
    memscope_next_allocator_find();
    if (memscope_active() != &memscope_instance_v1 || memscope_versions_differ()) {
        if (!memscope_versions_differ()) return;
        memscope_stand_down_other();
        memscope_say("the preloaded library and the linked one are of different versions; neither tracks", NULL);
        return;
    }
#endif
    memscope_configuration_read();
    if (!memscope_configuration.start_at_load) return;
    // Until our own library's initialisers are done, what they allocate is ours; the first hook that is called from outside ends it.
    if (memscope_this_is_preload()) memscope_local.ours = MEMSCOPE_LOADING;
    enum memscope_status status = memscope_own_start(NULL);
    if (status != MEMSCOPE_OK) memscope_say("not tracking: ", memscope_status_text(status));
    else if (memscope_library_started) memscope_library_started();
}

const char *memscope_status_text(enum memscope_status status) {
    switch (status) {
        case MEMSCOPE_OK: return "tracking";
        case MEMSCOPE_SANITIZED_PROGRAM:
            return "the program is built with a sanitizer, whose allocator must not be interposed";
        case MEMSCOPE_NOT_IN_CHAIN: return "malloc of this process does not lead through MemScope";
        case MEMSCOPE_NO_RESOURCES: return "the kernel refused memory or a thread";
        case MEMSCOPE_UNSUPPORTED: return "this platform is not supported";
        case MEMSCOPE_VERSION_MISMATCH: return "a preloaded copy of another version is in the process";
        case MEMSCOPE_NOT_TRACKING: return "tracking is not running";
        case MEMSCOPE_NOT_WRITTEN: return "the capture file could not be written";
        case MEMSCOPE_BUSY: return "another capture is taking too long";
        case MEMSCOPE_COPIED_PROCESS: return "this process was forked from a tracked one";
        case MEMSCOPE_STOPPED: return "tracking was stopped";
    }
    return "unknown status";
}
