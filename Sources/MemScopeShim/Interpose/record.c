#include "record.h"

#include "../Attribution/task_ledger.h"
#include "../Custody/code_module.h"
#include "../Custody/freeing_module.h"
#include "../Ledger/events.h"
#include "../Ledger/object_index.h"
#include "../Lifecycle/configuration.h"
#include "../Lifecycle/modules.h"
#include "../Lifecycle/state.h"
#include "../SwiftRuntime/block_type.h"
#include "../Unwind/cfi.h"
#include "next_allocator.h"

static inline uint32_t leaf_of(uint64_t word) { return (uint32_t)(word >> MEMSCOPE_LEAF_SHIFT); }

// The bounds of the section that hooks.c puts the hooks' tracked halves into.
extern const char __start_memscope_hooks[] __attribute__((weak)), __stop_memscope_hooks[] __attribute__((weak));

// The preload library brings a Swift runtime of its own, whose initialisers run after our constructor and allocate.
// Such an allocation has our library on its stack beyond the hook.
static __attribute__((noinline)) bool is_still_loading(void) {
    struct memscope_frame_registers registers = {
        .pc = (uintptr_t)__builtin_return_address(0),
        .sp = (uintptr_t)__builtin_dwarf_cfa(),
        .fp = *(uintptr_t *)__builtin_frame_address(0),
        .is_return_address = true,
    };
    bool has_left = false;
    for (int i = 0; i < 256 && registers.pc != 0; i++) {
        const char *place = (const char *)registers.pc;
        if (place >= __start_memscope_hooks && place < __stop_memscope_hooks) has_left = true;
        else if (has_left && memscope_is_own_code(registers.pc)) return true;
        if (!memscope_cfi_step(&registers)) break;
    }
    return false;
}

// The calling thread's state, made now; null when it cannot be had, or is being made by what we interrupted.
static struct memscope_thread *make_state(void) {
    if (memscope_local.without_state) return NULL;
    memscope_local.without_state = 1;  // a handler that interrupts us now passes through
    struct memscope_thread *thread = memscope_thread_create();
    if (thread) memscope_local.without_state = 0;
    return thread;
}

static bool is_of_program(void) {
    if (memscope_local.ours == MEMSCOPE_LOADING && !is_still_loading())
        memscope_local.ours = 0;
    return memscope_local.ours == 0 && !memscope_local.without_state;
}

static struct memscope_thread *enter(struct memscope_thread *thread) {
    if (!thread && !(thread = make_state())) return NULL;
    thread->in_hook = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return thread;
}

struct memscope_thread *memscope_hook_enter_slowly(void) {
    struct memscope_thread *thread = memscope_local.state;
    if (!is_of_program() || __atomic_load_n(&memscope_switch.on, __ATOMIC_RELAXED) != MEMSCOPE_ON) return NULL;
    if (thread && thread->in_hook) {
        thread->pass_through++;
        return NULL;
    }
    return enter(thread);
}

struct memscope_thread *memscope_retain_enter_slowly(uint32_t count) {
    struct memscope_thread *thread = memscope_local.state;
    if (!is_of_program() || __atomic_load_n(&memscope_switch.on, __ATOMIC_RELAXED) == 0) return NULL;
    if (thread && thread->in_hook) {
        thread->ledger_lost += count;
        return NULL;
    }
    return enter(thread);
}

static uint64_t *size_place(uintptr_t block) {
    return memscope_shadow_place(block + (UINT64_C(1) << MEMSCOPE_GRANULE_SHIFT));
}

struct memscope_entry memscope_entry_take(uintptr_t block) {
    struct memscope_entry entry = {0};
    if (block == 0) return entry;
    uint64_t *place = memscope_shadow_find(block);
    uint64_t word = place ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
    if (leaf_of(word) == 0 || (word & 3) != memscope_shadow_start_bits(block)) return entry;
    entry.word = word;
    if (__builtin_expect(leaf_of(word) & MEMSCOPE_LEAF_MIXED_BIT, 0)) {
        uint64_t *size = size_place(block);
        if (size) {
            entry.exact_size = __atomic_load_n(size, __ATOMIC_RELAXED);
            __atomic_store_n(size, 0, __ATOMIC_RELAXED);
        }
    }
    uint32_t types = __atomic_load_n(&memscope_switch.types, __ATOMIC_RELAXED);
    if (__builtin_expect(types == MEMSCOPE_TYPES_AND_LEDGER, 0)) entry.object = memscope_ledger_object_take(block);
    if (types) {
        struct memscope_leaf *leaf = &memscope_engine.leaves[leaf_of(word) & MEMSCOPE_LEAF_INDEX_MASK];
        entry.note = memscope_block_type_at_free(block, leaf);
    }
    __atomic_store_n(place, 0, __ATOMIC_RELAXED);
    return entry;
}

void memscope_entry_restore(uintptr_t block, struct memscope_entry entry) {
    if (entry.word == 0) return;
    if (leaf_of(entry.word) & MEMSCOPE_LEAF_MIXED_BIT) {
        uint64_t *size = size_place(block);
        if (size) __atomic_store_n(size, entry.exact_size, __ATOMIC_RELAXED);
    }
    uint32_t *object = entry.object ? memscope_object_place(block) : NULL;
    if (object) __atomic_store_n(object, entry.object, __ATOMIC_RELAXED);
    uint64_t *place = memscope_shadow_find(block);
    if (place) __atomic_store_n(place, entry.word, __ATOMIC_RELAXED);
}

static void write_free(struct memscope_thread *thread, const struct memscope_entry *entry,
                       enum memscope_record_kind kind) {
    // A free is never dropped: its block is in the totals, so it must leave them.
    if (!memscope_ring_reserve(thread, MEMSCOPE_RING_EVENT_WORDS, false)) return;
    memscope_ring_mark(thread);
    if (__builtin_expect(entry->object != 0, 0)) memscope_ring_control(thread, MEMSCOPE_CONTROL_OBJECT_END, entry->object);
    if (__builtin_expect(leaf_of(entry->word) & MEMSCOPE_LEAF_MIXED_BIT, 0))
        memscope_ring_control(thread, MEMSCOPE_CONTROL_SIZE, entry->exact_size);
    if (__builtin_expect(entry->note != 0, 0)) memscope_ring_control(thread, MEMSCOPE_CONTROL_FREE_NOTE, entry->note);
    memscope_ring_write(thread, (entry->word & ~UINT64_C(3)) | kind);
}

void memscope_record_entry_free(struct memscope_thread *thread, const struct memscope_entry *entry) {
    write_free(thread, entry, MEMSCOPE_RECORD_FREE);
}

void memscope_flush_pending(struct memscope_thread *thread) {
    do {
        thread->in_hook = 1;
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        // First in, first out: another handler may append while we write, and the slots are given up all at once, when
        // none came after the last look.
        uint32_t done = 0, count;
        do {
            count = __atomic_load_n(&thread->pending_count, __ATOMIC_RELAXED);
            for (; done < count; done++) {
                __atomic_signal_fence(__ATOMIC_SEQ_CST);
                struct memscope_entry entry = {.word = thread->pending[done], .exact_size = thread->pending_sizes[done],
                                               .object = thread->pending_objects[done]};
                write_free(thread, &entry, MEMSCOPE_RECORD_FREE);
            }
        } while (!__atomic_compare_exchange_n(&thread->pending_count, &count, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        __atomic_store_n(&thread->in_hook, 0, __ATOMIC_RELEASE);
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    } while (__atomic_load_n(&thread->pending_count, __ATOMIC_RELAXED) != 0);
}

// A handler interrupted a hook: the ring may be half-written, so the free waits in a slot. False when there is none.
static bool keep_for_later(struct memscope_thread *thread, const struct memscope_entry *entry) {
    // The slot is taken in one step, because another handler may interrupt this one. Handlers return before the hook
    // they interrupted looks, so what is counted is written.
    uint32_t slot = __atomic_load_n(&thread->pending_count, __ATOMIC_RELAXED);
    do {
        if (slot == MEMSCOPE_PENDING_FREES) {
            thread->pass_through++;
            return false;
        }
    } while (!__atomic_compare_exchange_n(&thread->pending_count, &slot, slot + 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    thread->pending[slot] = entry->word;
    thread->pending_sizes[slot] = entry->exact_size;
    thread->pending_objects[slot] = entry->object;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return true;
}

// What is rare at a free: a thread that has no state yet, a handler that interrupted a hook.
static __attribute__((noinline)) void record_free_rarely(uintptr_t block) {
    struct memscope_thread *thread = memscope_local.state;
    if (thread) {
        struct memscope_entry entry = memscope_entry_take(block);
        // Without a slot the entry stays, and the next block at that place finds it and writes its free.
        if (entry.word && !keep_for_later(thread, &entry)) memscope_entry_restore(block, entry);
        return;
    }
    // A thread that only frees: it needs a ring if the block is known. Where it cannot have one the entry stays, and the
    // next block at that place finds it and writes its free.
    uint64_t *place = memscope_shadow_find(block);
    if (place && __atomic_load_n(place, __ATOMIC_RELAXED) != 0 && make_state()) memscope_record_free(block);
}

// A free as a whole, with all that can come with it: an unknown block, a mixed leaf, an unusual type, an epoch mark, a
// full segment. What the caller knows to be unusual stands in `note`.
static __attribute__((noinline)) void record_free_carefully(struct memscope_thread *thread, uintptr_t block, uint64_t note) {
    thread->in_hook = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    struct memscope_entry entry = memscope_entry_take(block);
    if (__builtin_expect(entry.word != 0, 1)) {
        bool is_temporary = block == thread->latest_block;
        if (is_temporary) thread->latest_block = 0;
        uint64_t type = entry.note;
        entry.note |= note;
        write_free(thread, &entry, is_temporary ? MEMSCOPE_RECORD_TEMPORARY : MEMSCOPE_RECORD_FREE);
        if (__builtin_expect(type != 0, 0) && memscope_block_type_is_task(type)) memscope_task_gone(thread, block);
    } else if (memscope_local.ours == 0) {
        thread->unknown_frees++;
    }
    memscope_hook_leave(thread);
}

// Whether nothing but the record has to be written for an event of this leaf.
static inline bool is_plain(const struct memscope_thread *thread, uint32_t leaf) {
    return !(leaf & MEMSCOPE_LEAF_MIXED_BIT) && thread->cursor + MEMSCOPE_RING_EVENT_WORDS <= MEMSCOPE_SEGMENT_WORDS &&
           __atomic_load_n(&memscope_switch.epoch, __ATOMIC_ACQUIRE) == thread->epoch;
}

// Whether the block is certainly of its leaf's type, or no object at all.
static inline bool is_of_usual_type(uintptr_t block, uint32_t leaf) {
    uint32_t types = __atomic_load_n(&memscope_switch.types, __ATOMIC_RELAXED);
    // With a ledger each free is looked at whole.
    if (types != MEMSCOPE_TYPES) return types == 0;
    uint64_t first = *(const uint64_t *)block;
    if ((first & 7) != 0 || first < 0x10000 || first >> 47 != 0) return true;
    return __atomic_load_n(&memscope_engine.leaves[leaf].type, __ATOMIC_RELAXED) == first;
}

// The free of a known block with this entry, by a thread that is in no hook.
static inline void record_known_free(struct memscope_thread *thread, uintptr_t block, uint64_t *place, uint64_t word) {
    if (__builtin_expect(!is_plain(thread, leaf_of(word)) || !is_of_usual_type(block, leaf_of(word)), 0)) {
        record_free_carefully(thread, block, 0);
        return;
    }
    thread->in_hook = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    __atomic_store_n(place, 0, __ATOMIC_RELAXED);
    bool is_temporary = block == thread->latest_block;
    if (is_temporary) thread->latest_block = 0;
    memscope_ring_write(thread, (word & ~UINT64_C(3)) | (is_temporary ? MEMSCOPE_RECORD_TEMPORARY : MEMSCOPE_RECORD_FREE));
    memscope_hook_leave(thread);
}

// Whether a word is the entry of the block: one without a leaf is none.
static inline bool is_entry(uint64_t word, uintptr_t block) {
    return leaf_of(word) != 0 && (word & 3) == memscope_shadow_start_bits(block);
}

void memscope_record_free(uintptr_t block) {
    struct memscope_thread *thread = memscope_local.state;
    if (__builtin_expect(thread == NULL || thread->in_hook || block == 0, 0)) {
        if (block) record_free_rarely(block);
        return;
    }
    uint64_t *place = memscope_shadow_find(block);
    uint64_t word = place ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
    if (__builtin_expect(!is_entry(word, block), 0)) {
        record_free_carefully(thread, block, 0);
        return;
    }
    record_known_free(thread, block, place, word);
}

// The module that allocates at the leaf of an entry.
static inline uint32_t module_of(uint64_t word) {
    return memscope_engine.leaves[leaf_of(word) & MEMSCOPE_LEAF_INDEX_MASK].flags >> MEMSCOPE_LEAF_MODULE_SHIFT;
}

// The note of a free of what one module allocated by another, 0 where the block does not change hands.
static __attribute__((noinline)) uint64_t custody_note(struct memscope_thread *thread, uint32_t allocated_in, uint32_t freed_in) {
    if (freed_in == 0 && allocated_in != 0) thread->freed_by_unknown++;
    bool changes_hands = allocated_in != freed_in && allocated_in != 0 && freed_in < MEMSCOPE_CODE_MODULES;
    return changes_hands ? (uint64_t)freed_in << MEMSCOPE_NOTE_MODULE_SHIFT : 0;
}

void memscope_record_free_in_custody(uintptr_t block, uintptr_t frame, uintptr_t caller_stack_pointer) {
    uint64_t *place = memscope_shadow_find(block);
    uint64_t word = place ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
    struct memscope_thread *thread = memscope_local.state;
    bool is_known = is_entry(word, block);
    // A thread may have freed nothing before, nor allocated.
    if (__builtin_expect(thread == NULL && is_known, 0)) thread = make_state();
    // What our own threads free they free for the tracker. A handler's free waits, and nobody knows then who made it.
    if (__builtin_expect(!is_known || thread == NULL || thread->in_hook || memscope_local.ours, 0)) {
        memscope_record_free(block);
        return;
    }
    uint32_t allocated_in = module_of(word);
    if (allocated_in != 0) {
        uint32_t freed_in = memscope_freeing_module(thread, frame, caller_stack_pointer);
        uint64_t note = __builtin_expect(freed_in == allocated_in, 1) ? 0 : custody_note(thread, allocated_in, freed_in);
        if (__builtin_expect(note != 0, 0)) {
            record_free_carefully(thread, block, note);
            return;
        }
    }
    record_known_free(thread, block, place, word);
}

void memscope_record_entry_free_in_custody(struct memscope_thread *thread, const struct memscope_entry *entry) {
    struct memscope_entry noted = *entry;
    noted.note |= custody_note(thread, module_of(entry->word), memscope_code_module_of_stack(thread));
    write_free(thread, &noted, MEMSCOPE_RECORD_FREE);
}

// An allocation as a whole: as above, and a new region of the heap, or a block that was here before and left unseen.
static __attribute__((noinline)) void record_leaf_carefully(struct memscope_thread *thread, uintptr_t block,
                                                            uint64_t size, uint32_t leaf) {
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
        if (memscope_switch.types == MEMSCOPE_TYPES_AND_LEDGER) old.object = memscope_ledger_object_take(block);
        if (leaf_of(stale) & MEMSCOPE_LEAF_MIXED_BIT) {
            uint64_t *old_size = size_place(block & ~(uintptr_t)31);
            if (old_size) old.exact_size = __atomic_exchange_n(old_size, 0, __ATOMIC_RELAXED);
        }
        // Without a leaf it is no entry but the size that followed one.
        if (leaf_of(stale) & MEMSCOPE_LEAF_INDEX_MASK) {
            write_free(thread, &old, MEMSCOPE_RECORD_FREE);
            if (!memscope_ring_reserve(thread, MEMSCOPE_RING_EVENT_WORDS, false)) return;
        }
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

void memscope_record_leaf(struct memscope_thread *thread, uintptr_t block, uint64_t size, uint32_t leaf) {
    uint64_t *place = memscope_shadow_find(block);
    if (__builtin_expect(place == NULL || !is_plain(thread, leaf) || size == MEMSCOPE_METADATA_POOL_SIZE ||
                             __atomic_load_n(place, __ATOMIC_RELAXED) != 0, 0)) {
        record_leaf_carefully(thread, block, size, leaf);
        return;
    }
    uint64_t birth = __atomic_load_n(&memscope_switch.birth, __ATOMIC_RELAXED) & MEMSCOPE_BIRTH_MASK;
    uint64_t word = (uint64_t)leaf << MEMSCOPE_LEAF_SHIFT | thread->context_word | birth << MEMSCOPE_BIRTH_SHIFT;
    __atomic_store_n(place, word | memscope_shadow_start_bits(block), __ATOMIC_RELAXED);
    memscope_ring_write(thread, word | MEMSCOPE_RECORD_ALLOCATION);
    thread->latest_block = block;
}

void *memscope_resize_unrecorded(void *block, size_t size) {
    struct memscope_thread *thread = memscope_local.state;
    if (__builtin_expect(thread == NULL, 0) && block) {
        uint64_t *place = memscope_shadow_find((uintptr_t)block);
        if (place && __atomic_load_n(place, __ATOMIC_RELAXED) != 0) thread = make_state();
    }
    bool is_full = thread && thread->in_hook &&
                   __atomic_load_n(&thread->pending_count, __ATOMIC_RELAXED) == MEMSCOPE_PENDING_FREES;
    if (!thread || is_full) return memscope_next.realloc(block, size);  // the entry stays, as in memscope_record_free
    struct memscope_entry old = memscope_entry_take((uintptr_t)block);
    void *fresh = memscope_next.realloc(block, size);
    if (!old.word) return fresh;
    if (fresh == NULL && size != 0) {
        memscope_entry_restore((uintptr_t)block, old);
        return NULL;
    }
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
