// Every distinct code address that ever stood on a stack, with the rule that leads to its caller.
//
// An open-addressing table whose slots never move: a slot's index is the address's identity in call-trie nodes. Read
// and filled without locks. The hash keeps neighbours together, so memory is touched about as the code itself is.
#ifndef MEMSCOPE_RETURN_ADDRESS_H
#define MEMSCOPE_RETURN_ADDRESS_H

#include <stdbool.h>

#include "../Unwind/cfi.h"

#pragma clang assume_nonnull begin

enum memscope_address_flag : uint32_t {
    /// Caller found at the frame pointer: the common prologue. Two loads and no arithmetic.
    MEMSCOPE_ADDRESS_FRAME_POINTER = 1,
    /// Where Swift's executor called a task: what is outside is the executor, not the program.
    MEMSCOPE_ADDRESS_EXECUTOR = 2,
};

/// A slot. `key` is the address, with MEMSCOPE_KEY_INTERRUPTED when the frame was interrupted there rather than
/// calling, and in bits 48–62 the generation of a module that is gone. 0 = empty. `rule` 0 = not yet compiled.
struct memscope_address {
    uint64_t key;
    uint64_t rule;
};

#define MEMSCOPE_KEY_INTERRUPTED (UINT64_C(1) << 63)
#define MEMSCOPE_ADDRESS_NONE UINT32_C(0)

extern struct memscope_address *_Nullable memscope_addresses __attribute__((visibility("hidden")));
extern uint32_t memscope_address_mask __attribute__((visibility("hidden")));

/// Maps the table. False when the kernel refuses.
bool memscope_addresses_start(void);

/// The slow path of `memscope_address_find`: probes on, and compiles the rule of an address never seen. About 2 µs.
/// Returns the slot's index, MEMSCOPE_ADDRESS_NONE when the table is full.
uint32_t memscope_address_add(uint64_t key, memscope_unwind_rule *rule);

/// Retires all addresses in [start, end), whose module was unloaded: their slots keep naming the old module through
/// `generation` (1…32767), and the next frame seen there gets a slot of its own. Service thread only.
void memscope_addresses_retire(uintptr_t start, uintptr_t end, uint32_t generation);

/// Where the search for a key begins.
static inline uint32_t memscope_address_hash(uint64_t key) {
    return (uint32_t)(key >> 2) ^ ((uint32_t)(key >> 22) * UINT32_C(0x9E3779B1));
}

/// The slot of a code address and its rule. Wait-free for a known address.
static inline uint32_t memscope_address_find(uint64_t key, memscope_unwind_rule *rule) {
    uint32_t i = memscope_address_hash(key) & memscope_address_mask;
    struct memscope_address *slot = &memscope_addresses[i];
    if (__builtin_expect(__atomic_load_n(&slot->key, __ATOMIC_RELAXED) == key && i != 0, 1)) {
        rule->bits = __atomic_load_n(&slot->rule, __ATOMIC_RELAXED);
        if (__builtin_expect(rule->bits != 0, 1)) return i;
    }
    return memscope_address_add(key, rule);
}

#pragma clang assume_nonnull end
#endif
