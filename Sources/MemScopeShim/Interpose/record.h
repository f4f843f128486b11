// What a hook does around the real call: guard, site, shadow and record. What every event of
// a known stack needs is inlined into the hooks.
#ifndef MEMSCOPE_RECORD_H
#define MEMSCOPE_RECORD_H

#include "../Lifecycle/switch.h"
#include "../Ring/ring.h"
#include "../Shadow/shadow.h"
#include "../Stack/intern.h"
#include "../Unwind/walk.h"

#pragma clang assume_nonnull begin

/// Where an allocation happens: the stack and the size, as a key that names them.
struct memscope_site {
    uint64_t key;
    uint32_t root_node;
    bool truncated;
};

/// An entry taken out of the shadow, with the exact size when the leaf has mixed sizes.
struct memscope_entry {
    uint64_t word;
    uint64_t exact_size;
    /// What is unusual about its free, 0 for nothing; see MEMSCOPE_CONTROL_FREE_NOTE.
    uint64_t note;
    /// Its row in the retain ledger, 0 for none.
    uint32_t object;
};

/// The slow half of `memscope_hook_enter`: makes the thread's state, or says why the event passes through (null).
struct memscope_thread *_Nullable memscope_hook_enter_slowly(void);

/// As `memscope_hook_enter_slowly`, for retains and releases, which are recorded in pauses, too: or a reference that is given back
/// in a pause would look like one that nobody gave back.
/// @param count How many were not recorded if a handler interrupted a hook.
struct memscope_thread *_Nullable memscope_retain_enter_slowly(uint32_t count);

/// Records the frees that a signal handler made while the hook ran.
void memscope_flush_pending(struct memscope_thread *thread);

/// Records the block's free, if it is known, and clears its entry. Call before the real free. Any thread, any time;
/// inside a hook that a signal handler interrupted the record waits until that hook is done.
void memscope_record_free(uintptr_t block);

/// As `memscope_record_free`, and records when another module frees the block than allocated it. Only with custody.
/// @param frame `__builtin_frame_address(0)` of the hook.
/// @param caller_stack_pointer The stack pointer that the hook's caller will have when it returns.
void memscope_record_free_in_custody(uintptr_t block, uintptr_t frame, uintptr_t caller_stack_pointer);

/// Takes the entry of a block out of the shadow; the word is 0 when the block is not known.
struct memscope_entry memscope_entry_take(uintptr_t block);

/// Puts an entry back.
void memscope_entry_restore(uintptr_t block, struct memscope_entry entry);

/// Records the free of a block whose entry was taken.
void memscope_record_entry_free(struct memscope_thread *thread, const struct memscope_entry *entry);

/// As `memscope_record_entry_free`, by the module on the stack that the thread walked last. Only with custody.
void memscope_record_entry_free_in_custody(struct memscope_thread *thread, const struct memscope_entry *entry);

/// Writes the entry and the record of a fresh block whose leaf is known.
void memscope_record_leaf(struct memscope_thread *thread, uintptr_t block, uint64_t size, uint32_t leaf);

/// Realloc where the event itself is not recorded (paused, our own code, inside a handler): a known block's entry is
/// cleared all the same, so that no ghost stays.
void *_Nullable memscope_resize_unrecorded(void *_Nullable block, size_t size);

/// The calling thread's state with the guard set, or null: then the event must pass through unrecorded.
static inline struct memscope_thread *_Nullable memscope_hook_enter(void) {
    struct memscope_thread *thread = memscope_local.state;
    if (__builtin_expect(thread == NULL || thread->in_hook || memscope_local.ours ||
                             __atomic_load_n(&memscope_switch.on, __ATOMIC_RELAXED) != MEMSCOPE_ON, 0))
        return memscope_hook_enter_slowly();
    thread->in_hook = 1;
    // A signal handler on this thread must see the guard before anything below happens.
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return thread;
}

/// As `memscope_hook_enter`, for so many retains or releases.
static inline struct memscope_thread *_Nullable memscope_retain_enter(uint32_t count) {
    struct memscope_thread *thread = memscope_local.state;
    if (__builtin_expect(thread == NULL || thread->in_hook || memscope_local.ours, 0)) return memscope_retain_enter_slowly(count);
    thread->in_hook = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return thread;
}

/// Drops the guard.
static inline void memscope_hook_leave(struct memscope_thread *thread) {
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    __atomic_store_n(&thread->in_hook, 0, __ATOMIC_RELEASE);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (__builtin_expect(thread->pending_count != 0, 0)) memscope_flush_pending(thread);
}

/// Walks the stack. If the thread's cache does not hold the leaf, asks for the cache line of the shared table where it
/// will be looked for: that miss overlaps the real call.
static inline struct memscope_site memscope_site_here(struct memscope_thread *thread, uintptr_t frame,
                                                      uintptr_t caller_stack_pointer, uint64_t size) {
    struct memscope_walk walk = memscope_walk(thread, frame, caller_stack_pointer);
    struct memscope_site site = {memscope_leaf_key(walk.hash, size), walk.root_node, walk.truncated};
    if (thread->leaf_cache[site.key >> 1 & (MEMSCOPE_LEAF_CACHE - 1)].key != site.key) memscope_intern_prefetch(site.key);
    return site;
}

/// Finds the leaf, sets the entry, writes the record.
static inline void memscope_record_allocation(struct memscope_thread *thread, uintptr_t block, uint64_t size,
                                              const struct memscope_site *site) {
    const struct memscope_leaf_cache_entry *cached = &thread->leaf_cache[site->key >> 1 & (MEMSCOPE_LEAF_CACHE - 1)];
    uint32_t leaf = __builtin_expect(cached->key == site->key, 1)
                        ? (uint32_t)cached->leaf
                        : memscope_intern(thread, site->key, size, site->root_node, site->truncated);
    if (__builtin_expect(site->truncated, 0)) thread->truncated++;
    memscope_record_leaf(thread, block, size, leaf);
}

#pragma clang assume_nonnull end
#endif
