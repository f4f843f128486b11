// What the tests that stop threads share: threads that do something until they are told to end, and a stop one way or
// the other.
#ifndef WORLD_STAGE_H
#define WORLD_STAGE_H

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "LeakScan/world.h"
#include "LeakScan/world_signals.h"
#include "check.h"

/// The two ways, to be tested one after the other.
static const enum memscope_world_way both_ways[] = {MEMSCOPE_WORLD_PTRACE, MEMSCOPE_WORLD_SIGNALS};

/// A thread of a test's own.
struct actor {
    pthread_t thread;
    int tid;
    bool end;
    uint64_t count;  // what it has done; moves only while it runs
    uint64_t key;
    uintptr_t stack_low, stack_high;
    void (*body)(struct actor *);
};

static void *act(void *info) {
    struct actor *actor = info;
    pthread_attr_t attributes;
    void *stack;
    size_t bytes;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstack(&attributes, &stack, &bytes);
    pthread_attr_destroy(&attributes);
    actor->stack_low = (uintptr_t)stack;
    actor->stack_high = (uintptr_t)stack + bytes;
    __atomic_store_n(&actor->tid, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
    actor->body(actor);
    return NULL;
}

/// Starts a thread and waits until it is in its body.
static inline void actor_start(struct actor *actor, void (*body)(struct actor *)) {
    pthread_attr_t attributes;
    actor->body = body;
    actor->end = false;
    actor->tid = 0;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 128 * 1024);
    bool started = pthread_create(&actor->thread, &attributes, act, actor) == 0;
    CHECK(started);
    pthread_attr_destroy(&attributes);
    while (started && __atomic_load_n(&actor->tid, __ATOMIC_ACQUIRE) == 0) sched_yield();
}

static inline bool actor_is_to_end(const struct actor *actor) { return __atomic_load_n(&actor->end, __ATOMIC_ACQUIRE); }

static inline void actor_end(struct actor *actor) {
    __atomic_store_n(&actor->end, true, __ATOMIC_RELEASE);
    pthread_join(actor->thread, NULL);
}

/// Counts, and does nothing else.
static inline void actor_spins(struct actor *actor) {
    while (!actor_is_to_end(actor)) __atomic_fetch_add(&actor->count, 1, __ATOMIC_RELAXED);
}

static inline uint64_t actor_count(const struct actor *actor) { return __atomic_load_n(&actor->count, __ATOMIC_ACQUIRE); }

/// Stops all threads that way. A machine may be too busy for the bound of a stop: it is then tried again.
static inline bool stop_by(struct memscope_world *world, enum memscope_world_way way) {
    memscope_world_signals_only = way == MEMSCOPE_WORLD_SIGNALS;
    for (int attempt = 0; attempt < 50; attempt++) {
        if (!memscope_world_prepare(world)) return false;
        memscope_world_stop(world);
        if (world->way == way) return true;
        memscope_world_release(world);
        memscope_world_finish(world);
        if (!strstr(world->complaint, "in time")) break;
    }
    fprintf(stderr, "not stopped: %s\n", world->complaint);
    return false;
}

static inline void let_go(struct memscope_world *world) {
    memscope_world_release(world);
    memscope_world_finish(world);
}

static inline const struct memscope_stopped_thread *stopped(const struct memscope_world *world, int tid) {
    for (uint32_t i = 0; i < world->count; i++)
        if (world->threads[i].tid == tid && world->threads[i].register_words) return &world->threads[i];
    return NULL;
}

/// Waits until all of them have done something more.
static inline void check_run_on(const struct actor *some, int count) {
    for (int i = 0; i < count; i++)
        for (uint64_t before = actor_count(&some[i]); actor_count(&some[i]) == before;) sched_yield();
}

/// Threads that /proc lists, but the calling one; `others` is how many of them are not among the stopped ones. It allocates
/// nothing: whoever stands still may hold malloc's locks.
static inline int listed_threads(const struct memscope_world *world, int *others) {
    static _Alignas(8) char buffer[65536];
    int directory = open("/proc/self/task", O_RDONLY | O_DIRECTORY), count = 0;
    *others = 0;
    for (long bytes; (bytes = syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0;)
        for (char *at = buffer; at < buffer + bytes; at += *(uint16_t *)(at + 16)) {
            int tid = atoi(at + 19);
            if (tid == 0 || tid == (int)syscall(SYS_gettid)) continue;
            count++;
            *others += !stopped(world, tid);
        }
    close(directory);
    return count;
}

#endif
