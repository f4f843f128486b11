#define _GNU_SOURCE
#include "task_ledger.h"

#include <string.h>

#include "../Lifecycle/state.h"
#include "../Lifecycle/switch.h"
#include "../Ring/ring.h"
#include "../Shadow/shadow.h"
#include "../SwiftRuntime/task.h"
#include "../Unwind/async_chain.h"
#include "context.h"
#include "names.h"

// Task objects have 208 bytes and more, so a granule this far inside begins and ends in the object.
enum { WORD_OFFSET = 64, WORD_SHIFT = 2, LONGEST_NAME = 255 };

uint64_t *memscope_task_word(uintptr_t task) { return memscope_shadow_find(task + WORD_OFFSET); }

uint32_t memscope_task_record_in(uint64_t word, uintptr_t task) {
    uint64_t index = word >> WORD_SHIFT;
    if (index == 0 || index >= memscope_load_acquire(&memscope_engine.task_count)) return 0;
    return memscope_engine.tasks[index].address == task ? (uint32_t)index : 0;
}

static uint32_t site_of(const void *task) {
    uint32_t flags = memscope_task_flags(task);
    uint32_t kind = flags & MEMSCOPE_TASK_ASYNC_LET     ? MEMSCOPE_TASK_KIND_ASYNC_LET
                    : flags & MEMSCOPE_TASK_GROUP_CHILD ? MEMSCOPE_TASK_KIND_GROUP_CHILD
                                                        : MEMSCOPE_TASK_KIND_UNSTRUCTURED;
    return memscope_creation_node(task) << MEMSCOPE_SITE_KIND_BITS | kind;
}

static void end(struct memscope_thread *thread, uint32_t index) {
    struct memscope_task *record = &memscope_engine.tasks[index];
    record->address = 0;
    // The engine ends an `async let` with its parent: should the record serve another by now, the number tells.
    memscope_ring_note(thread, MEMSCOPE_CONTROL_TASK_END, record->id << 32 | index);
}

// Puts a new record into the task's word. Another thread may do so at the same time, for the parent of its own task: then
// that one's holds.
static uint32_t add(struct memscope_thread *thread, const void *task, uint64_t id, uint64_t *place, uint64_t word) {
    struct memscope_engine *engine = &memscope_engine;
    uint32_t index = memscope_task_take();
    if (index == 0) return 0;
    struct memscope_task *record = &engine->tasks[index];
    *record = (struct memscope_task){
        .id = id,
        .address = (uintptr_t)task,
        .site = site_of(task),
        .first_seen = __atomic_load_n(&memscope_switch.milliseconds, __ATOMIC_RELAXED),
    };
    if (!__atomic_compare_exchange_n(place, &word, (uint64_t)index << WORD_SHIFT, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)) {
        record->address = 0;
        memscope_push_free(&engine->free_task, index, &record->next_sibling);
        return memscope_task_record_in(word, (uintptr_t)task);
    }
    const void *parent = memscope_task_parent(task);
    if (parent && (record->site & 3) == MEMSCOPE_TASK_KIND_ASYNC_LET) {
        record->parent = memscope_task_record(thread, parent, memscope_task_id(parent));
        if (record->parent) memscope_ring_note(thread, MEMSCOPE_CONTROL_TASK_BEGIN, index);
    }
    return index;
}

uint32_t memscope_task_record(struct memscope_thread *thread, const void *task, uint64_t id) {
    uint64_t *place = memscope_shadow_place((uintptr_t)task + WORD_OFFSET);
    if (!place) return 0;
    uint64_t word = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    uint32_t index = memscope_task_record_in(word, (uintptr_t)task);
    if (index != 0 && memscope_engine.tasks[index].id != id) {
        // Another task was here and left unseen, as those do that lie inside of others.
        end(thread, index);
        index = 0;
    }
    if (index == 0 && (index = add(thread, task, id, place, word)) == 0) return 0;
    return index;
}

void memscope_task_seen(uint32_t index, const void *task) {
    struct memscope_task *record = &memscope_engine.tasks[index];
    record->last_seen = __atomic_load_n(&memscope_switch.milliseconds, __ATOMIC_RELAXED);
    if (record->name == 0) {
        const char *name = memscope_task_name(task);
        if (name) record->name = memscope_name_intern(name, (uint32_t)strnlen(name, LONGEST_NAME));
    }
}

void memscope_task_gone(struct memscope_thread *thread, uintptr_t task) {
    uint64_t *place = memscope_task_word(task);
    if (!place) return;
    uint32_t index = memscope_task_record_in(__atomic_load_n(place, __ATOMIC_ACQUIRE), task);
    if (index == 0) return;
    __atomic_store_n(place, 0, __ATOMIC_RELEASE);
    end(thread, index);
}
