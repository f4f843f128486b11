// Checks the stacks that the real hooks record, in any program that this library is preloaded into.
//
// It is the capture library itself, linked with --wrap for two functions: each walk of a hook comes through here. Each is
// repeated with nothing kept of the walk before, which must give the same frames and the same hash. A random sample of
// them is compared, return address by return address, with what libunwind sees at the same instant.
//
// Results go to a mapped file, one per process, so that they survive whatever way the process ends.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "Interpose/record.h"
#include "Lifecycle/own_copy.h"
#include "SwiftRuntime/swift_runtime.h"
#include "Unwind/cfi.h"

enum { CLASSES = 512, TEXT = 480, CAPACITY = MEMSCOPE_DEPTH + 76 };

// EXECUTOR_SKIPPED: libunwind stepped out of a part of an async function that has neither CFI nor a frame pointer by the
// executor's frame pointer, and so over the executor's frame.
enum outcome { SAME, OURS_LONGER, THEIRS_LONGER, DIFFERS, KEPT_DIFFERS, CUT, EXECUTOR_SKIPPED, OUTCOMES };

/// Walks of one outcome that part at one place.
struct class {
    uint64_t count;
    uint64_t place;
    uint32_t outcome;
    uint32_t done;
    char text[TEXT];
};

/// The file.
struct results {
    uint64_t walks, frames, kept_frames, task_walks, compared, cut, foreign, class_overflow;
    uint64_t outcomes[OUTCOMES];
    char program[64];
    struct class classes[CLASSES];
};

static struct results *results;
static int (*oracle)(void **, int);
static uint64_t seed = 1, rate = 1;
static const uint32_t no_run;
static __thread struct memscope_thread *twin __attribute__((tls_model("initial-exec")));
static __thread uint64_t random_state __attribute__((tls_model("initial-exec")));

struct memscope_walk __real_memscope_walk(struct memscope_thread *, uintptr_t, uintptr_t);
struct memscope_walk __wrap_memscope_walk(struct memscope_thread *, uintptr_t, uintptr_t);
void __real_memscope_attribution_refresh(struct memscope_thread *, const void *, uint64_t);
void __wrap_memscope_attribution_refresh(struct memscope_thread *, const void *, uint64_t);
void memscope_engine_drain(struct memscope_engine *, struct memscope_ring *, uint64_t);

// Takes the records and forgets them.
void memscope_engine_drain(struct memscope_engine *engine, struct memscope_ring *rings, uint64_t epoch) {
    (void)engine, (void)epoch;
    for (struct memscope_ring *ring = rings; ring; ring = ring->next) {
        for (struct memscope_segment *segment; (segment = ring->consumer);) {
            uint32_t closed = memscope_load_acquire(&segment->closed);
            segment->consumed = memscope_load_acquire(&segment->published);
            struct memscope_segment *next = closed ? memscope_load_segment(&segment->next) : NULL;
            if (!next) break;
            ring->consumer = next;
            memscope_segment_return(segment);
        }
    }
}

static uint64_t next_random(const struct memscope_thread *thread) {
    if (!random_state) random_state = (seed + thread->index) * UINT64_C(0x9E3779B97F4A7C15) | 1;
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state * UINT64_C(0x2545F4914F6CDD1D) >> 32;
}

static void add(uint64_t *counter, uint64_t value) { __atomic_fetch_add(counter, value, __ATOMIC_RELAXED); }

static size_t describe(char *text, size_t room, const char *label, uintptr_t address) {
    Dl_info info;
    if (room < 8) return 0;
    int length;
    if (address && dladdr((void *)address, &info) && info.dli_fname) {
        const char *name = strrchr(info.dli_fname, '/');
        length = snprintf(text, room, " %s %s+0x%lx (%.60s)", label, name ? name + 1 : info.dli_fname,
                          (unsigned long)(address - (uintptr_t)info.dli_fbase), info.dli_sname ? info.dli_sname : "?");
    } else {
        length = snprintf(text, room, " %s 0x%lx", label, (unsigned long)address);
    }
    return (size_t)length < room ? (size_t)length : room - 1;
}

static void note(enum outcome outcome, uintptr_t inner, uintptr_t place, uintptr_t ours, uintptr_t theirs) {
    add(&results->outcomes[outcome], 1);
    if (outcome == SAME) return;
    uint64_t key = (place ^ (uint64_t)outcome << 60) | 1;
    for (uint32_t i = (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 40), probes = 0; probes < CLASSES; i++, probes++) {
        struct class *class = &results->classes[i % CLASSES];
        uint64_t seen = 0;
        if (__atomic_compare_exchange_n(&class->place, &seen, key, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            class->outcome = outcome;
            size_t length = describe(class->text, TEXT, "inner", inner);
            length += describe(class->text + length, TEXT - length, "at", place);
            length += describe(class->text + length, TEXT - length, "ours", ours);
            describe(class->text + length, TEXT - length, "theirs", theirs);
            seen = key;
        }
        if (seen != key) continue;
        add(&class->count, 1);
        return;
    }
    add(&results->class_overflow, 1);
}

// The other state has no ring to note anything in, and nothing is charged to it.
void __wrap_memscope_attribution_refresh(struct memscope_thread *thread, const void *task, uint64_t id) {
    if (thread != twin) __real_memscope_attribution_refresh(thread, task, id);
}

// A word that nobody reads may have changed since one of them was noted.
static bool is_same_check(const struct memscope_frame_check *one, const struct memscope_frame_check *other) {
    return one->slot == other->slot && one->return_address == other->return_address && one->link_place == other->link_place &&
           (one->link_place == one->slot || one->link == other->link);
}

// The same walk with nothing kept, by another thread state.
static void compare_with_full_walk(struct memscope_thread *thread, uintptr_t frame, uintptr_t caller_stack_pointer,
                                   const struct memscope_walk *walk) {
    if (!twin) {
        twin = mmap(NULL, sizeof *twin, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (twin == MAP_FAILED) abort();
    }
    twin->seed = thread->seed;
    twin->stack_top = thread->stack_top;
    twin->task = NULL;
    twin->task_id = 0;
    twin->creation_node = 0;
    twin->run_serial = &no_run;
    twin->is_worker = MEMSCOPE_WORKER_NO;
    twin->keep = false;
    struct memscope_walk full = __real_memscope_walk(twin, frame, caller_stack_pointer);
    // A module that was found gone between the two walks begins every hash anew.
    if (twin->seed != thread->seed) return;
    uint32_t i = 0;
    while (i < thread->depth && i < twin->depth &&
           is_same_check(&thread->checks[i], &twin->checks[i]) &&
           thread->states[i].hash == twin->states[i].hash &&
           thread->states[i].frame_pointer == twin->states[i].frame_pointer)
        i++;
    if (i == thread->depth && i == twin->depth && walk->hash == full.hash && walk->root_node == full.root_node &&
        walk->truncated == full.truncated && thread->async_depth == twin->async_depth &&
        thread->in_task_stack == twin->in_task_stack && thread->keep == twin->keep)
        return;
    note(KEPT_DIFFERS, *(uintptr_t *)(frame + 8), i ? thread->checks[i - 1].return_address : 1,
         i < thread->depth ? thread->checks[i].return_address : 0, i < twin->depth ? twin->checks[i].return_address : 0);
}

static void compare_with_oracle(const struct memscope_thread *thread, uintptr_t frame, bool truncated) {
    static __thread void *buffer[CAPACITY] __attribute__((tls_model("initial-exec")));
    int found = oracle(buffer, CAPACITY);
    uint32_t their_count = found < 0 ? 0 : (uint32_t)found, start = 0;
    uintptr_t caller = *(uintptr_t *)(frame + 8);
    while (start < their_count && (uintptr_t)buffer[start] != caller) start++;
    void **theirs = buffer + start;
    their_count -= start;
    uint32_t our_count = thread->depth - thread->async_depth, same = 0;
    const struct memscope_frame_check *innermost = &thread->checks[thread->depth - 1];
    while (same < our_count && same < their_count && innermost[-(intptr_t)same].return_address == (uintptr_t)theirs[same])
        same++;
    add(&results->compared, 1);
    uintptr_t place = same ? (uintptr_t)theirs[same - 1] : caller;
    uintptr_t inner = same > 1 ? (uintptr_t)theirs[same - 2] : 0;
    uintptr_t our_next = same < our_count ? innermost[-(intptr_t)same].return_address : 0;
    uintptr_t their_next = same < their_count ? (uintptr_t)theirs[same] : 0;
    // The frames of a task end where the executor resumed it; a stack too deep ends anywhere.
    bool is_cut_here = (thread->in_task_stack && their_next && memscope_swift_is_executor_return(their_next)) ||
                       (truncated && our_count + thread->async_depth == MEMSCOPE_DEPTH);
    if (same == our_count && (same == their_count || is_cut_here)) note(SAME, 0, 0, 0, 0);
    else if (same == our_count && thread->in_task_stack && memscope_cfi_rule(place, true).kind == memscope_rule_none)
        note(EXECUTOR_SKIPPED, inner, place, 0, their_next);
    else if (same == our_count) note(THEIRS_LONGER, inner, place, 0, their_next);
    else if (same == their_count) note(OURS_LONGER, inner, place, our_next, 0);
    else note(DIFFERS, inner, place, our_next, their_next);
}

struct memscope_walk __wrap_memscope_walk(struct memscope_thread *thread, uintptr_t frame,
                                          uintptr_t caller_stack_pointer) {
    struct memscope_walk walk = __real_memscope_walk(thread, frame, caller_stack_pointer);
    if (!results) return walk;
    add(&results->walks, 1);
    add(&results->frames, thread->depth);
    if (thread->in_task_stack) add(&results->task_walks, 1);
    compare_with_full_walk(thread, frame, caller_stack_pointer, &walk);
    if (walk.truncated) {
        add(&results->cut, 1);
        note(CUT, thread->depth > 1 ? thread->checks[1].return_address : 0, thread->checks[0].return_address, 0, 0);
    }
    if (oracle && next_random(thread) % rate == 0) compare_with_oracle(thread, frame, walk.truncated);
    return walk;
}

// Runs before the library's own constructor starts tracking.
__attribute__((constructor(101))) static void prepare(void) {
    const char *directory = getenv("STACK_RESULTS"), *value;
    if ((value = getenv("STACK_SEED"))) seed = strtoull(value, NULL, 10) | 1;
    if ((value = getenv("STACK_RATE"))) rate = strtoull(value, NULL, 10);
    if (!directory || rate == 0) return;
    void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
    oracle = library ? (int (*)(void **, int))dlsym(library, "unw_backtrace") : NULL;
    char path[4096];
    snprintf(path, sizeof path, "%s/%d", directory, getpid());
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    // An exec in the same process goes on in the same file.
    if (file < 0 || ftruncate(file, sizeof *results) != 0) return;
    void *mapped = mmap(NULL, sizeof *results, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped == MAP_FAILED) return;
    results = mapped;
    snprintf(results->program, sizeof results->program, "%s", program_invocation_short_name);
}
