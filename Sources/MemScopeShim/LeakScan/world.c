#define _GNU_SOURCE
#include "world.h"

#include <signal.h>

#include "../Lifecycle/mapping.h"
#include "../Lifecycle/sanitizer.h"
#include "world_ptrace.h"
#include "world_room.h"
#include "world_signals.h"

static uint32_t count_threads(void) {
    struct memscope_thread_list list;
    uint32_t count = 0;
    if (memscope_thread_list_open(&list))
        while (memscope_thread_list_next(&list)) count++;
    memscope_thread_list_close(&list);
    return count;
}

// What the stop will write to is there already, so that the threads do not stand still while the kernel clears pages.
static void touch(struct memscope_world *world, uint32_t threads) {
    const size_t page = 4096;
    for (volatile char *at = (volatile char *)world->room; at < (char *)world->room + world->room_bytes; at += page) *at = 0;
    for (uint32_t i = 0; i < threads && i < world->capacity; i++) {
        *(volatile int32_t *)&world->threads[i].tid = 0;
        // As far as the registers reach on most processors.
        ((volatile uint64_t *)world->threads[i].registers)[350] = 0;
    }
}

bool memscope_world_prepare(struct memscope_world *world) {
    *world = (struct memscope_world){.complaint = ""};
    uint32_t threads = count_threads();
    world->capacity = 2 * threads + 64;
    uint32_t places = 1;
    while (places <= 2 * world->capacity) places *= 2;
    world->room_bytes = sizeof *world->room + places * sizeof(int32_t);
    world->room = memscope_map(world->room_bytes);
    world->threads = memscope_map(world->capacity * sizeof *world->threads);
    if (!world->room || !world->threads) {
        memscope_world_finish(world);
        return false;
    }
    touch(world, threads + threads / 8 + 8);
    world->room->list.met = world->room->met;
    world->room->list.mask = places - 1;
    return true;
}

static void set_mask(uint64_t mask, uint64_t *_Nullable old) {
    memscope_system_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&mask, (long)old, 8);
}

static void let_the_caller_go(struct memscope_world *world) {
    memscope_thread_list_close(&world->room->list);
    set_mask(world->mask, NULL);
}

static void stop(struct memscope_world *world) {
    if (!memscope_world_signals_only) {
        const char *complaint = memscope_ptrace_stop(world);
        if (!complaint) {
            world->way = MEMSCOPE_WORLD_PTRACE;
            return;
        }
        world->complaint = complaint;
        world->count = 0;
        memscope_thread_list_forget_all(&world->room->list);
    }
    const char *complaint = memscope_signals_stop(world);
    if (complaint) world->complaint = complaint;
    else world->way = MEMSCOPE_WORLD_SIGNALS;
}

void memscope_world_stop(struct memscope_world *world) {
    world->way = MEMSCOPE_WORLD_RUNS;
    world->count = 0;
    world->complaint = "";
    // The helper shares the caller's thread-local storage, and a sanitizer keeps its account of a thread there.
    if (MEMSCOPE_SANITIZED) {
        world->complaint = "threads cannot be stopped in a program with a sanitizer";
        return;
    }
    // A handler of the program's could wait for a thread that stands still.
    set_mask(UINT64_MAX, &world->mask);
    world->began = memscope_world_clock();
    memscope_thread_list_forget_all(&world->room->list);
    if (memscope_thread_list_open(&world->room->list)) stop(world);
    else world->complaint = "the threads cannot be listed: no /proc, that of another PID namespace, or no free descriptor";
    world->holds = world->way != MEMSCOPE_WORLD_RUNS;
    if (!world->holds) let_the_caller_go(world);
}

void memscope_world_release(struct memscope_world *world) {
    if (!world->holds) return;
    world->holds = false;
    if (world->way == MEMSCOPE_WORLD_PTRACE) memscope_ptrace_release(world);
    else memscope_signals_release();
    world->nanoseconds = memscope_world_clock() - world->began;
    let_the_caller_go(world);
}

void memscope_world_finish(struct memscope_world *world) {
    if (world->room) memscope_unmap(world->room, world->room_bytes);
    if (world->threads) memscope_unmap(world->threads, world->capacity * sizeof *world->threads);
    world->room = NULL;
    world->threads = NULL;
    world->count = world->capacity = 0;
}
