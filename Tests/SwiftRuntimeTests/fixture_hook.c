#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../Sources/MemScopeShim/SwiftRuntime/metadata.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/task.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/type_name.h"
#include "fixture.h"

// A malloc hook that looks at the running task in each allocation.

extern void *__libc_malloc(size_t size);

#define DEPTH 256

static _Atomic bool watching;
static _Thread_local bool inside __attribute__((tls_model("initial-exec")));
static struct {
    _Atomic uint64_t in_tasks, without_boundary, marked, agreeing, differing, creations, differing_when_known;
} counts;

/// The physical stack of one allocation, up to the executor.
struct physical {
    uintptr_t returns[DEPTH];
    size_t count;
    bool reaches_executor;
    const uintptr_t *outermost_frame;
    uintptr_t outermost_pc;
    /// The async context that the outermost frame names, if it is marked as an async function's.
    uintptr_t marked_context;
};

__attribute__((noinline)) static void walk(struct physical *physical)
{
    uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
    while (physical->count < DEPTH) {
        uintptr_t saved = ((uintptr_t *)frame)[0], address = ((uintptr_t *)frame)[1];
        physical->returns[physical->count++] = address;
        if (memscope_swift_is_executor_return(address)) {
            physical->count--;
            physical->reaches_executor = true;
            physical->outermost_frame = (const uintptr_t *)frame;
            physical->outermost_pc = physical->returns[physical->count - 1];
            if (saved & MEMSCOPE_ASYNC_FRAME_MARK)
                physical->marked_context = ((uintptr_t *)frame)[-1];
            return;
        }
        saved &= ~MEMSCOPE_ASYNC_FRAME_MARK;
        if (saved <= frame || saved - frame > (1u << 20))
            return;
        frame = saved;
    }
}

static _Atomic int shown;

static void show(const char *what, const struct physical *physical, uintptr_t got, uintptr_t truth)
{
    if (atomic_fetch_add(&shown, 1) >= (getenv("SHOW_BOUNDARY") ? 600 : 6))
        return;
    fprintf(stderr, "%s: got %#lx truth %#lx\n  physical:", what, got, truth);
    for (size_t i = 1; i < physical->count; i++)
        fprintf(stderr, " %#lx %s", physical->returns[i], fixture_symbol(physical->returns[i]));
    uintptr_t callers[32];
    for (int chain = 0; chain < 2; chain++) {
        size_t count = memscope_task_callers(chain ? truth : got, callers, 32);
        fprintf(stderr, "\n  %s:", chain ? "truth" : "got");
        for (size_t i = 0; i < count; i++)
            fprintf(stderr, " %#lx %s", callers[i], fixture_symbol(callers[i]));
    }
    fprintf(stderr, "\n");
}

static void look(uintptr_t caller)
{
    const void *task = memscope_task_current();
    if (memscope_swift_is_task_creation(caller))
        counts.creations++;
    if (!task)
        return;
    counts.in_tasks++;
    struct physical physical = {0};
    walk(&physical);
    uintptr_t got = memscope_task_async_context_unmarked(task, physical.outermost_pc, physical.outermost_frame, 0);
    if (physical.reaches_executor) {
        // What the caller knows must not change the answer.
        uintptr_t plain = memscope_task_async_context(task, physical.outermost_pc, physical.outermost_frame, 0);
        if (plain != memscope_task_async_context(task, physical.outermost_pc, physical.outermost_frame, plain))
            counts.differing_when_known++;
    }
    if (!physical.reaches_executor) {
        counts.without_boundary++;
        if (getenv("SHOW_BOUNDARY"))
            show("no boundary", &physical, got, 0);
        return;
    }
    if (!physical.marked_context)
        return;
    counts.marked++;
    uintptr_t mine[DEPTH], theirs[DEPTH];
    size_t count = memscope_task_callers(got, mine, DEPTH);
    bool same = count == memscope_task_callers(physical.marked_context, theirs, DEPTH) && memcmp(mine, theirs, count * sizeof *mine) == 0;
    if (same) {
        counts.agreeing++;
    } else {
        counts.differing++;
        show("differs", &physical, got, physical.marked_context);
    }
}

void *malloc(size_t size)
{
    if (size == MEMSCOPE_METADATA_POOL_SIZE)
        memscope_metadata_poll_pool();
    void *block = __libc_malloc(size);
    if (atomic_load_explicit(&watching, memory_order_relaxed) && !inside) {
        inside = true;
        look((uintptr_t)__builtin_return_address(0));
        inside = false;
    }
    return block;
}

void fixture_watch(bool on)
{
    atomic_store(&watching, on);
}

void fixture_watch_counts(uint64_t *result)
{
    const uint64_t values[] = {counts.in_tasks, counts.without_boundary, counts.marked, counts.agreeing,
        counts.differing, counts.creations, counts.differing_when_known};
    memcpy(result, values, sizeof values);
}

__attribute__((noinline)) size_t fixture_logical_stack(uint64_t *addresses, size_t capacity, size_t *boundary)
{
    const void *task = memscope_task_current();
    if (!task)
        return 0;
    struct physical physical = {0};
    walk(&physical);
    size_t count = 0;
    for (size_t i = 1; i < physical.count && count < capacity; i++)
        addresses[count++] = physical.returns[i];
    *boundary = physical.reaches_executor ? count : 0;
    uintptr_t callers[DEPTH];
    size_t found = memscope_task_callers(memscope_task_async_context_unmarked(task, physical.outermost_pc, physical.outermost_frame, 0), callers, DEPTH);
    for (size_t i = 0; i < found && count < capacity; i++)
        addresses[count++] = callers[i];
    return count;
}

size_t fixture_async_let_callers(uint64_t *addresses, size_t capacity)
{
    const void *task = memscope_task_current();
    uintptr_t context = task ? memscope_task_async_let_context(task) : 0;
    return context ? memscope_task_callers(context, (uintptr_t *)addresses, capacity) : 0;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

enum { ROUNDS = 1000000 };

__attribute__((noinline)) void fixture_measure_context(double *nanoseconds)
{
    struct physical physical = {0};
    walk(&physical);
    uintptr_t known = memscope_task_async_context(memscope_task_current(), physical.outermost_pc, physical.outermost_frame, 0);
    volatile uintptr_t sink = 0;
    double times[4];
    times[0] = now();
    for (int i = 0; i < ROUNDS; i++)
        sink += (uintptr_t)memscope_task_current();
    times[1] = now();
    for (int i = 0; i < ROUNDS; i++)
        sink += memscope_task_async_context_unmarked(memscope_task_current(), physical.outermost_pc, physical.outermost_frame, 0);
    times[2] = now();
    for (int i = 0; i < ROUNDS; i++)
        sink += memscope_task_async_context(memscope_task_current(), physical.outermost_pc, physical.outermost_frame, known);
    times[3] = now();
    for (int i = 0; i < 3; i++)
        nanoseconds[i] = (times[i + 1] - times[i]) / ROUNDS;
}

void fixture_measure_metadata(const void *object, double *nanoseconds)
{
    uint64_t isa = *(const uint64_t *)object;
    volatile uint64_t sink = 0;
    char name[256];
    double times[5];
    times[0] = now();
    for (uint64_t i = 0; i < ROUNDS; i++)
        sink += memscope_metadata_is_plausible((uintptr_t)object + i * 8);
    times[1] = now();
    for (int i = 0; i < ROUNDS; i++)
        sink += memscope_metadata_kind(isa, 4096);
    times[2] = now();
    for (int i = 0; i < ROUNDS; i++)
        sink += memscope_metadata_kind_uncached(isa, 4096);
    times[3] = now();
    for (int i = 0; i < ROUNDS; i++)
        sink += memscope_type_name((const void *)isa, object, name, sizeof name, NULL);
    times[4] = now();
    for (int i = 0; i < 4; i++)
        nanoseconds[i] = (times[i + 1] - times[i]) / ROUNDS;
}
