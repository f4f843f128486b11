#include "events.h"

#include "../Interpose/record.h"
#include "../Lifecycle/configuration.h"
#include "../Lifecycle/lock.h"
#include "../Lifecycle/state.h"
#include "ledger.h"
#include "object_index.h"
#include "selection.h"

uint32_t memscope_ledger_tested[2];

// Guards taking from the list of free rows.
static memscope_lock lock;

// Rows for the thread to use without the lock. Only this takes it; held for as many loads.
static __attribute__((noinline)) bool store_rows(struct memscope_thread *thread) {
    struct memscope_ledger *ledger = &memscope_ledger;
    uint32_t count = 0;
    memscope_lock_take(&lock);
    uint32_t first = __atomic_load_n(&ledger->free_object, __ATOMIC_ACQUIRE);
    while (first && count < MEMSCOPE_SPARE_OBJECTS) {
        // The drain thread may push meanwhile.
        if (!__atomic_compare_exchange_n(&ledger->free_object, &first, ledger->objects[first].next, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
            continue;
        thread->spare_objects[count++] = first;
        first = __atomic_load_n(&ledger->free_object, __ATOMIC_ACQUIRE);
    }
    while (count < MEMSCOPE_SPARE_OBJECTS && ledger->object_count < ledger->object_capacity) {
        thread->spare_objects[count++] = ledger->object_count;
        __atomic_store_n(&ledger->object_count, ledger->object_count + 1, __ATOMIC_RELEASE);
    }
    memscope_lock_drop(&lock);
    thread->spare_object_count = count;
    return count > 0;
}

void memscope_ledger_rows_return(struct memscope_thread *thread) {
    while (thread->spare_object_count) {
        uint32_t row = thread->spare_objects[--thread->spare_object_count];
        memscope_push_free(&memscope_ledger.free_object, row, &memscope_ledger.objects[row].next);
    }
}

// The strong count in a refcount word, without those of a deinit that has begun; -1 for an object that never ends.
static inline int64_t strong_count(uint64_t word) {
    if (__builtin_expect(word >> 62 == 3, 0)) {
        uintptr_t side_table = (uintptr_t)(word & 0x3fffffffffffffff) << 3;
        word = __atomic_load_n((const uint64_t *)(side_table + 0x10), __ATOMIC_RELAXED);
    }
    if (__builtin_expect((word & 0x80000000ffffffff) == 0x80000000ffffffff, 0)) return -1;
    return (int64_t)((word >> 33 & 0x3fffffff) + !(word >> 32 & 1));
}

static inline uint64_t refcount_word(uintptr_t object) {
    return __atomic_load_n((const uint64_t *)(object + 8), __ATOMIC_RELAXED);
}

// The first event of an object. Returns its row, MEMSCOPE_OBJECT_LEFT_OUT when it is not followed.
static __attribute__((noinline)) uint32_t begin_object(struct memscope_thread *thread, uintptr_t object, int64_t strong) {
    const uint64_t *entry = memscope_shadow_find(object);
    uint64_t word = entry ? __atomic_load_n(entry, __ATOMIC_RELAXED) : 0;
    // Static, on a stack, inside of a task's memory, or from before tracking began: when it ends is not seen.
    if (word >> MEMSCOPE_LEAF_SHIFT == 0 || (word & 3) != memscope_shadow_start_bits(object) || strong < 0) {
        thread->ledger_unknown++;
        return MEMSCOPE_OBJECT_LEFT_OUT;
    }
    uint32_t *place = memscope_object_place(object);
    if (!place) {
        uint32_t *region = memscope_object_region(object);
        place = region ? &region[(object >> MEMSCOPE_GRANULE_SHIFT) & (MEMSCOPE_REGION_ENTRIES - 1)] : NULL;
    }
    uint32_t context = (uint32_t)(word >> MEMSCOPE_CONTEXT_SHIFT & MEMSCOPE_CONTEXT_MASK), expected = 0;
    if (place && memscope_switch.ledger == MEMSCOPE_LEDGER_MODE_SCOPES && !memscope_selection_has_scope(context)) {
        __atomic_compare_exchange_n(place, &expected, MEMSCOPE_OBJECT_LEFT_OUT, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
        return MEMSCOPE_OBJECT_LEFT_OUT;
    }
    if (!place || (thread->spare_object_count == 0 && !store_rows(thread))) {
        __atomic_fetch_add(&memscope_ledger.objects_lost, 1, __ATOMIC_RELAXED);
        thread->ledger_lost++;
        return MEMSCOPE_OBJECT_LEFT_OUT;
    }
    uint32_t row = thread->spare_objects[--thread->spare_object_count];
    struct memscope_ledger_object *fresh = &memscope_ledger.objects[row];
    const struct memscope_context *maker = &memscope_engine.contexts[context];
    fresh->address = object;
    fresh->type = *(const uint64_t *)object;
    fresh->origin.leaf = (uint32_t)(word >> MEMSCOPE_LEAF_SHIFT) & MEMSCOPE_LEAF_INDEX_MASK;
    fresh->origin.thread = maker->thread;
    fresh->origin.task = maker->task_id;
    fresh->flags = 0;
    fresh->earlier = strong > 1 ? (uint32_t)strong - 1 : 0;
    if (__atomic_compare_exchange_n(place, &expected, row, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE)) return row;
    // Another thread was first.
    fresh->address = 0;
    thread->spare_objects[thread->spare_object_count++] = row;
    return expected;
}

uint32_t memscope_ledger_object_take(uintptr_t block) {
    uint32_t *place = memscope_object_place(block);
    uint32_t row = place ? __atomic_load_n(place, __ATOMIC_ACQUIRE) : 0;
    if (row) __atomic_store_n(place, 0, __ATOMIC_RELAXED);
    return row == MEMSCOPE_OBJECT_LEFT_OUT ? 0 : row;
}

static inline uint32_t leaf_here(struct memscope_thread *thread, uintptr_t frame) {
    struct memscope_walk walk = memscope_walk(thread, frame, frame + 16);
    // No block has this stack: its innermost return address follows a call of retain or release.
    uint64_t key = memscope_leaf_key(walk.hash, 0);
    const struct memscope_leaf_cache_entry *cached = &thread->leaf_cache[key >> 1 & (MEMSCOPE_LEAF_CACHE - 1)];
    if (__builtin_expect(walk.truncated, 0)) thread->truncated++;
    if (__builtin_expect(cached->key == key, 1)) return (uint32_t)cached->leaf;
    return memscope_intern(thread, key, 0, walk.root_node, walk.truncated);
}

static __attribute__((noinline)) void record(uintptr_t object, uintptr_t frame, uint32_t count, uint32_t already,
                                             enum memscope_control control) {
    // MemScope's own code is no part of the program.
    if (__builtin_expect(memscope_local.ours != 0, 0)) return;
    struct memscope_thread *thread = memscope_retain_enter(count);
    if (__builtin_expect(thread == NULL, 0)) return;
    const uint32_t *place = memscope_object_place(object);
    uint32_t row = place ? __atomic_load_n(place, __ATOMIC_ACQUIRE) : 0;
    int64_t strong = strong_count(refcount_word(object));
    if (strong > 0) strong -= already;
    if (__builtin_expect(row == 0, 0)) row = begin_object(thread, object, strong);
    if (__builtin_expect(strong < 0, 0)) strong = 0;
    if (__builtin_expect(row != MEMSCOPE_OBJECT_LEFT_OUT, 1)) {
        uint64_t leaf = leaf_here(thread, frame);
        uint64_t word = leaf << MEMSCOPE_LEAF_SHIFT | thread->context_word | (uint64_t)control << MEMSCOPE_BIRTH_SHIFT |
                        MEMSCOPE_RECORD_CONTROL;
        if (strong > MEMSCOPE_LEDGER_STRONG_MAX) strong = MEMSCOPE_LEDGER_STRONG_MAX;
        while (count > 0) {
            uint32_t part = count < MEMSCOPE_LEDGER_COUNT_MAX ? count : MEMSCOPE_LEDGER_COUNT_MAX;
            if (!memscope_ring_reserve(thread, MEMSCOPE_RING_EVENT_WORDS, memscope_configuration.drop)) {
                thread->ledger_lost += count;
                break;
            }
            memscope_ring_mark(thread);
            memscope_ring_pair(thread, word, row | (uint64_t)part << 32 | (uint64_t)strong << 42);
            count -= part;
            strong += control == MEMSCOPE_CONTROL_RETAIN ? (int64_t)part : -(int64_t)part;
            if (strong < 0) strong = 0;
        }
    }
    memscope_hook_leave(thread);
}

static inline void note(uintptr_t object, uintptr_t frame, uint32_t count, uint32_t already, enum memscope_control control) {
    uint32_t mode = __atomic_load_n(&memscope_switch.ledger, __ATOMIC_RELAXED);
    if (__builtin_expect(mode == MEMSCOPE_LEDGER_MODE_TYPES, 1)) {
        if (__builtin_expect(!memscope_selection_has_type(*(const uint64_t *)object), 1)) return;
    } else if (mode == MEMSCOPE_LEDGER_MODE_SAMPLED) {
        if (!memscope_selection_samples(object)) return;
    } else if (mode <= MEMSCOPE_LEDGER_MODE_TEST) {
        if (mode) __atomic_fetch_add(&memscope_ledger_tested[control != MEMSCOPE_CONTROL_RETAIN], count, __ATOMIC_RELAXED);
        return;
    }
    record(object, frame, count, already, control);
}

void memscope_ledger_on_retain(uintptr_t object, uintptr_t frame) { note(object, frame, 1, 0, MEMSCOPE_CONTROL_RETAIN); }
void memscope_ledger_on_release(uintptr_t object, uintptr_t frame) { note(object, frame, 1, 0, MEMSCOPE_CONTROL_RELEASE); }
void memscope_ledger_on_retain_n(uintptr_t object, uintptr_t frame, uint32_t count) {
    note(object, frame, count, 0, MEMSCOPE_CONTROL_RETAIN);
}
void memscope_ledger_on_release_n(uintptr_t object, uintptr_t frame, uint32_t count) {
    note(object, frame, count, 0, MEMSCOPE_CONTROL_RELEASE);
}
void memscope_ledger_on_try_retain(uintptr_t object, uintptr_t frame) { note(object, frame, 1, 1, MEMSCOPE_CONTROL_RETAIN); }
