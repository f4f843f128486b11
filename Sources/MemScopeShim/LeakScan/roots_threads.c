#define _GNU_SOURCE
#include "roots.h"

#include <string.h>
#include <unistd.h>

#include "../Lifecycle/drain_thread.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/start.h"
#include "../Lifecycle/state.h"
#include "stack_owners.h"

enum { PLACES = 1 << 17, RED_ZONE = 128 };

// Ours run no code of the program's, and what they hold keeps nothing of it alive.
static bool is_ours(uintptr_t descriptor) {
    for (uint32_t i = 0; i < MEMSCOPE_OWN_THREADS; i++)
        if (descriptor == memscope_own_thread(i)) return true;
    return false;
}

bool memscope_roots_find_threads(struct memscope_roots *roots) {
    roots->places = memscope_map(PLACES * sizeof *roots->places);
    if (!roots->places) return false;
    roots->place_count = memscope_glibc_threads_list(roots->places, PLACES);
    if (roots->place_count == UINT32_MAX) {
        memscope_roots_complain(roots, "The C library's list of threads is not as expected, so whole stacks were searched: leaks may be hidden.");
        return true;
    }
    for (uint32_t i = 0; i < roots->place_count; i++) {
        const struct memscope_thread_place *place = &roots->places[i];
        memscope_range_list_add(&roots->excluded, place->stack, place->stack_end);
        if (place->stack != 0 || (roots->classes & MEMSCOPE_ROOTS_THREAD_LOCALS)) continue;
        // The main thread's storage is in a mapping that would be searched as any other.
        struct memscope_thread_storage storage = memscope_glibc_thread_storage(place->descriptor);
        memscope_range_list_add(&roots->excluded, storage.start, storage.end);
    }
    return true;
}

static uint32_t name_of(const struct memscope_roots *roots, int32_t tid) {
    if (!roots->writer) return 0;
    for (uint32_t i = memscope_engine.thread_count; i-- > 0;) {
        const struct memscope_thread_info *thread = &memscope_engine.threads[i];
        if (thread->tid == (uint32_t)tid && !thread->exited)
            return memscope_writer_text(roots->writer, thread->name, strnlen(thread->name, sizeof thread->name));
    }
    return 0;
}

static const struct memscope_thread_place *place_of(const struct memscope_roots *roots, uintptr_t descriptor) {
    for (uint32_t i = 0; roots->place_count != UINT32_MAX && i < roots->place_count; i++)
        if (roots->places[i].descriptor == descriptor) return &roots->places[i];
    return NULL;
}

// A stack pointer outside of the thread's own stack, of a coroutine or a stack for signals, is in a block, to which it leads
// itself, or in a mapping that is a root. Then all of the own stack counts.
static void mark_stack(struct memscope_roots *roots, const struct memscope_stopped_thread *thread,
                       const struct memscope_thread_place *place, uint32_t name, uint32_t first) {
    uintptr_t from = thread->stack_pointer - RED_ZONE, start = place ? place->stack : 0;
    // At its upper end the storage begins.
    uintptr_t end = start ? memscope_glibc_thread_storage(place->descriptor).start : 0;
    if (thread->tid == roots->leaving_thread) from = roots->leaving_stack_pointer;
    if (start == 0) {
        // The main thread's. Any other's is unknown only when all are, and then lies in a mapping that is a root.
        if (thread->tid != memscope_tracked_pid()) {
            memscope_stack_owners_note(roots, first, thread, 0, 0);
            return;
        }
        for (uint32_t i = 0; i < roots->map->count; i++) {
            if (!(roots->map->mappings[i].flags & MEMSCOPE_MAPPING_STACK)) continue;
            start = roots->map->mappings[i].start;
            end = roots->map->mappings[i].end;
        }
    }
    if (from < start || from >= end) from = start;
    memscope_mark_range(roots->mark, from, end, MEMSCOPE_ROOT_STACK, name);
    memscope_stack_owners_note(roots, first, thread, start, end);
}

static void mark_thread(struct memscope_roots *roots, const struct memscope_stopped_thread *thread) {
    if (thread->register_words == 0) return;
    uintptr_t descriptor = memscope_glibc_descriptor(thread->thread_pointer);
    if (is_ours(descriptor)) return;
    uint32_t name = name_of(roots, thread->tid), first = roots->mark->root_count;
    const struct memscope_thread_place *place = place_of(roots, descriptor);
    if (place && (roots->classes & MEMSCOPE_ROOTS_THREAD_LOCALS)) {
        struct memscope_thread_storage storage = memscope_glibc_thread_storage(descriptor);
        memscope_mark_range(roots->mark, storage.start, storage.end, MEMSCOPE_ROOT_THREAD_LOCAL, name);
    }
    // Of a thread that leaves, the registers hold nothing that will be used.
    uintptr_t registers = (uintptr_t)thread->registers;
    if (thread->tid != roots->leaving_thread && (roots->classes & MEMSCOPE_ROOTS_REGISTERS))
        memscope_mark_range(roots->mark, registers, registers + 8 * (uintptr_t)thread->register_words, MEMSCOPE_ROOT_REGISTER, name);
    if (roots->classes & MEMSCOPE_ROOTS_STACKS) mark_stack(roots, thread, place, name, first);
    else memscope_stack_owners_note(roots, first, thread, 0, 0);
}

static bool is_running(const struct memscope_roots *roots, uintptr_t descriptor) {
    for (uint32_t i = 0; i < roots->world->count; i++)
        if (roots->world->threads[i].register_words &&
            memscope_glibc_descriptor(roots->world->threads[i].thread_pointer) == descriptor)
            return true;
    return false;
}

extern void *__libc_stack_end __attribute__((weak));

// When the main thread has ended, its arguments and environment are still there.
static void mark_arguments(const struct memscope_roots *roots) {
    for (uint32_t i = 0; i < roots->world->count; i++)
        if (roots->world->threads[i].tid == memscope_tracked_pid() && roots->world->threads[i].register_words) return;
    uintptr_t from = &__libc_stack_end ? (uintptr_t)__libc_stack_end : 0;
    const struct memscope_memory_mapping *stack = memscope_memory_map_at(roots->map, from);
    if (stack && stack->start <= from) memscope_mark_range(roots->mark, from, stack->end, MEMSCOPE_ROOT_STACK, 0);
}

void memscope_roots_mark_threads(struct memscope_roots *roots) {
    for (uint32_t i = 0; i < roots->world->count; i++) mark_thread(roots, &roots->world->threads[i]);
    if (roots->classes & MEMSCOPE_ROOTS_STACKS) mark_arguments(roots);
    if (roots->place_count == UINT32_MAX || !(roots->classes & MEMSCOPE_ROOTS_THREAD_LOCALS)) return;
    for (uint32_t i = 0; i < roots->place_count; i++) {
        const struct memscope_thread_place *place = &roots->places[i];
        if (is_ours(place->descriptor) || is_running(roots, place->descriptor)) continue;
        uintptr_t vector = memscope_glibc_dynamic_storage(place->descriptor);
        // Of a thread that ended and was not joined: what it returned. Of a stack that is kept: the vector that is kept with it.
        struct memscope_thread_storage storage = {vector, vector + 8};
        if (place->state == MEMSCOPE_STACK_USED) storage = memscope_glibc_thread_descriptor(place->descriptor);
        memscope_mark_range(roots->mark, storage.start, storage.end, MEMSCOPE_ROOT_THREAD_LOCAL, 0);
    }
}
