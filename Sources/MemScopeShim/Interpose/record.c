#include "record.h"

#include "../Lifecycle/configuration.h"
#include "../Lifecycle/modules.h"
#include "../Lifecycle/state.h"
#include "../SwiftRuntime/block_type.h"
#include "../Unwind/cfi.h"
#include "next_allocator.h"

static inline uint32_t leaf_of(uint64_t word) { return (uint32_t)(word >> MEMSCOPE_LEAF_SHIFT); }

// The preload library brings a Swift runtime of its own, whose initialisers run after our constructor and allocate.
// Such an allocation has our library on its stack twice: the hook, and further out the initialiser.
static __attribute__((noinline)) bool is_still_loading(void) {
    struct memscope_frame_registers registers = {
        .pc = (uintptr_t)__builtin_return_address(0),
        .sp = (uintptr_t)__builtin_dwarf_cfa(),
        .fp = *(uintptr_t *)__builtin_frame_address(0),
        .is_return_address = true,
    };
    bool has_left = false;
    for (int i = 0; i < 256 && registers.pc != 0; i++) {
        bool is_ours = memscope_is_own_code(registers.pc);
        if (is_ours && has_left) return true;
        if (!is_ours) has_left = true;
        if (!memscope_cfi_step(&registers)) break;
    }
    return false;
}

struct memscope_thread *memscope_hook_enter_slowly(void) {
    struct memscope_thread *thread = memscope_local.state;
    if (memscope_local.ours == MEMSCOPE_LOADING && !is_still_loading())
        memscope_local.ours = 0;
    if (memscope_local.ours || memscope_local.without_state) return NULL;
    if (__atomic_load_n(&memscope_switch.on, __ATOMIC_RELAXED) != MEMSCOPE_ON) return NULL;
    if (thread && thread->in_hook) {
        thread->pass_through++;
        return NULL;
    }
    if (!thread) {
        memscope_local.without_state = 1;  // a handler that interrupts us now passes through
        thread = memscope_thread_create();
        if (!thread) return NULL;
        memscope_local.without_state = 0;
    }
    thread->in_hook = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return thread;
}

static uint64_t *size_place(uintptr_t block) {
    return memscope_shadow_place(block + (UINT64_C(1) << MEMSCOPE_GRANULE_SHIFT));
}

static inline struct memscope_entry entry_take(uintptr_t block) {
    struct memscope_entry entry = {0};
    if (block == 0) return entry;
    uint64_t *place = memscope_shadow_find(block);
    uint64_t word = place ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
    if (word == 0 || (word & 3) != memscope_shadow_start_bits(block)) return entry;
    entry.word = word;
    if (__builtin_expect(leaf_of(word) & MEMSCOPE_LEAF_MIXED_BIT, 0)) {
        uint64_t *size = size_place(block);
        if (size) {
            entry.exact_size = __atomic_load_n(size, __ATOMIC_RELAXED);
            __atomic_store_n(size, 0, __ATOMIC_RELAXED);
        }
    }
    if (__atomic_load_n(&memscope_switch.types, __ATOMIC_RELAXED)) {
        struct memscope_leaf *leaf = &memscope_engine.leaves[leaf_of(word) & MEMSCOPE_LEAF_INDEX_MASK];
        entry.type = memscope_block_type_at_free(block, leaf);
    }
    __atomic_store_n(place, 0, __ATOMIC_RELAXED);
    return entry;
}

struct memscope_entry memscope_entry_take(uintptr_t block) { return entry_take(block); }

void memscope_entry_restore(uintptr_t block, struct memscope_entry entry) {
    if (entry.word == 0) return;
    if (leaf_of(entry.word) & MEMSCOPE_LEAF_MIXED_BIT) {
        uint64_t *size = size_place(block);
        if (size) __atomic_store_n(size, entry.exact_size, __ATOMIC_RELAXED);
    }
    uint64_t *place = memscope_shadow_find(block);
    if (place) __atomic_store_n(place, entry.word, __ATOMIC_RELAXED);
}

static inline __attribute__((always_inline)) void write_free(struct memscope_thread *thread, const struct memscope_entry *entry,
                       enum memscope_record_kind kind) {
    // A free is never dropped: its block is in the totals, so it must leave them.
    if (!memscope_ring_reserve(thread, MEMSCOPE_RING_EVENT_WORDS, false)) return;
    memscope_ring_mark(thread);
    if (__builtin_expect(leaf_of(entry->word) & MEMSCOPE_LEAF_MIXED_BIT, 0))
        memscope_ring_control(thread, MEMSCOPE_CONTROL_SIZE, entry->exact_size);
    if (__builtin_expect(entry->type != 0, 0)) memscope_ring_control(thread, MEMSCOPE_CONTROL_TYPE, entry->type);
    memscope_ring_write(thread, (entry->word & ~UINT64_C(3)) | kind);
}

void memscope_record_entry_free(struct memscope_thread *thread, const struct memscope_entry *entry) {
    write_free(thread, entry, MEMSCOPE_RECORD_FREE);
}

void memscope_flush_pending(struct memscope_thread *thread) {
    thread->in_hook = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    while (thread->pending_count) {
        struct memscope_entry entry = {.word = thread->pending[--thread->pending_count]};
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        if (leaf_of(entry.word) & MEMSCOPE_LEAF_MIXED_BIT)
            entry.exact_size = thread->pending_sizes[thread->pending_count];
        write_free(thread, &entry, MEMSCOPE_RECORD_FREE);
    }
    __atomic_store_n(&thread->in_hook, 0, __ATOMIC_RELEASE);
}

// A handler interrupted a hook: the ring may be half-written, so the free waits in a slot.
static void keep_for_later(struct memscope_thread *thread, const struct memscope_entry *entry) {
    uint32_t count = thread->pending_count;
    if (count == MEMSCOPE_PENDING_FREES) {
        thread->pass_through++;
        return;
    }
    thread->pending[count] = entry->word;
    thread->pending_sizes[count] = entry->exact_size;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    thread->pending_count = count + 1;
}

// What is rare at a free: a thread that has no state yet, a handler that interrupted a hook.
static __attribute__((noinline)) void record_free_rarely(uintptr_t block) {
    struct memscope_thread *thread = memscope_local.state;
    if (thread) {
        struct memscope_entry entry = memscope_entry_take(block);
        if (entry.word) keep_for_later(thread, &entry);
        return;
    }
    // A thread that only frees: it needs a ring if the block is known.
    uint64_t *place = memscope_shadow_find(block);
    if (!place || __atomic_load_n(place, __ATOMIC_RELAXED) == 0 || memscope_local.without_state) return;
    memscope_local.without_state = 1;
    if (!memscope_thread_create()) {
        memscope_entry_take(block);
        return;
    }
    memscope_local.without_state = 0;
    memscope_record_free(block);
}

void memscope_record_free(uintptr_t block) {
    if (block == 0) return;
    struct memscope_thread *thread = memscope_local.state;
    if (__builtin_expect(thread == NULL || thread->in_hook, 0)) {
        record_free_rarely(block);
        return;
    }
    thread->in_hook = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    struct memscope_entry entry = entry_take(block);
    if (__builtin_expect(entry.word != 0, 1)) {
        bool is_temporary = block == thread->latest_block;
        if (is_temporary) thread->latest_block = 0;
        write_free(thread, &entry, is_temporary ? MEMSCOPE_RECORD_TEMPORARY : MEMSCOPE_RECORD_FREE);
    } else {
        thread->unknown_frees += memscope_local.ours == 0;  // our own blocks are unknown by intent
    }
    memscope_hook_leave(thread);
}

void memscope_record_leaf(struct memscope_thread *thread, uintptr_t block, uint64_t size, uint32_t leaf) {
    uint64_t *place = memscope_shadow_place(block);
    if (__builtin_expect(place == NULL, 0)) {
        thread->pass_through++;
        return;
    }
    if (!memscope_ring_reserve(thread, MEMSCOPE_RING_EVENT_WORDS, memscope_configuration.drop)) {
        // Not in the shadow either: its free will be unknown, and no figure is wrong because of it.
        thread->dropped++;
        return;
    }
    memscope_ring_mark(thread);
    uint64_t stale = __atomic_load_n(place, __ATOMIC_RELAXED);
    if (__builtin_expect(stale != 0, 0)) {
        // A block that was here left without our seeing it (freed while off, or by a function that is not hooked).
        struct memscope_entry old = {.word = stale, .exact_size = 0};
        if (leaf_of(stale) & MEMSCOPE_LEAF_MIXED_BIT) {
            uint64_t *old_size = size_place(block & ~(uintptr_t)31);
            if (old_size) old.exact_size = __atomic_load_n(old_size, __ATOMIC_RELAXED);
        }
        write_free(thread, &old, MEMSCOPE_RECORD_FREE);
        if (!memscope_ring_reserve(thread, MEMSCOPE_RING_EVENT_WORDS, false)) return;
    }
    uint32_t birth = __atomic_load_n(&memscope_switch.birth, __ATOMIC_RELAXED) & MEMSCOPE_BIRTH_MASK;
    uint64_t word = (uint64_t)leaf << MEMSCOPE_LEAF_SHIFT | thread->context_word | (uint64_t)birth << MEMSCOPE_BIRTH_SHIFT;
    if (__builtin_expect(leaf & MEMSCOPE_LEAF_MIXED_BIT, 0)) {
        uint64_t *exact = size_place(block);
        if (exact) __atomic_store_n(exact, size, __ATOMIC_RELAXED);
        memscope_ring_control(thread, MEMSCOPE_CONTROL_SIZE, size);
    }
    if (__builtin_expect(size == MEMSCOPE_METADATA_POOL_SIZE, 0)) memscope_block_note_allocation_of_pool_size();
    __atomic_store_n(place, word | memscope_shadow_start_bits(block), __ATOMIC_RELAXED);
    memscope_ring_write(thread, word | MEMSCOPE_RECORD_ALLOCATION);
    thread->latest_block = block;
}

void *memscope_resize_unrecorded(void *block, size_t size) {
    struct memscope_entry old = memscope_entry_take((uintptr_t)block);
    void *fresh = memscope_next.realloc(block, size);
    if (!old.word) return fresh;
    if (fresh == NULL && size != 0) {
        memscope_entry_restore((uintptr_t)block, old);
        return NULL;
    }
    struct memscope_thread *thread = memscope_local.state;
    if (!thread) return fresh;
    if (thread->in_hook) {
        keep_for_later(thread, &old);
    } else {
        thread->in_hook = 1;
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        memscope_record_entry_free(thread, &old);
        memscope_hook_leave(thread);
    }
    return fresh;
}
