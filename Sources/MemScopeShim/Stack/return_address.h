// Every distinct code address that ever stood on a stack, with the rule that leads to its caller.
//
// An array in the order of first sight, whose index is the address's identity in call-trie nodes, and an open-addressing
// table of indices into it. Read and filled without locks. The table's hash keeps neighbours in the code together, so
// a small program touches little of it; the array keeps together what is used together.
#ifndef MEMSCOPE_RETURN_ADDRESS_H
#define MEMSCOPE_RETURN_ADDRESS_H

#include <stdbool.h>

#include "../Unwind/cfi.h"

#pragma clang assume_nonnull begin

enum memscope_address_flag : uint32_t {
    /// Caller found at the frame pointer: the common prologue. Two loads and no arithmetic.
    MEMSCOPE_ADDRESS_FRAME_POINTER = 1,
    /// Caller found at a fixed distance from the stack pointer, by words of the function's own frame: nothing to check
    /// but that the frame lies inside the stack.
    MEMSCOPE_ADDRESS_STACK_POINTER = 4,
    /// The step to the caller reads the frame pointer, or may.
    MEMSCOPE_ADDRESS_READS_FRAME_POINTER = 8,
    /// The caller's frame pointer comes from memory, or there is no caller: the register is not needed any further.
    MEMSCOPE_ADDRESS_RESTORES_FRAME_POINTER = 16,
    /// Where Swift's executor called a task: what is outside is the executor, not the program.
    MEMSCOPE_ADDRESS_EXECUTOR = 2,
    /// With custody: the code is a runtime's, see code_module.h.
    MEMSCOPE_ADDRESS_RUNTIME = 32,
};

/// An address. `key` is the address, with MEMSCOPE_KEY_INTERRUPTED when the frame was interrupted there rather than
/// calling, and in bits 48–62 the generation of a module that is gone. 0 = empty. `rule` 0 = not yet compiled.
struct memscope_address {
    uint64_t key;
    uint64_t rule;
};

#define MEMSCOPE_KEY_INTERRUPTED (UINT64_C(1) << 63)
#define MEMSCOPE_ADDRESS_NONE UINT32_C(0)

extern struct memscope_address *_Nullable memscope_addresses __attribute__((visibility("hidden")));
/// Indices into the array, 0 = empty. Atomic, release.
extern uint32_t *_Nullable memscope_address_slots __attribute__((visibility("hidden")));
extern uint32_t memscope_address_mask __attribute__((visibility("hidden")));
/// Addresses in the array, index 0 included. Atomic.
extern uint32_t memscope_address_count __attribute__((visibility("hidden")));

/// Maps the table. False when the kernel refuses.
bool memscope_addresses_start(void);

/// The slow path of `memscope_address_find`: probes on, and compiles the rule of an address never seen. About 2 µs.
/// Returns the address's index, MEMSCOPE_ADDRESS_NONE when the table is full.
uint32_t memscope_address_add(uint64_t key, memscope_unwind_rule *rule);

/// Retires all addresses in [start, end), whose module was unloaded: they keep naming the old module through
/// `generation` (1…32767), and the next frame seen there gets an index of its own. Looks at every address once.
void memscope_addresses_retire(uintptr_t start, uintptr_t end, uint32_t generation);

/// Where the search for a key begins.
static inline uint32_t memscope_address_hash(uint64_t key) {
    return (uint32_t)(key >> 3) ^ ((uint32_t)(key >> 22) * UINT32_C(0x9E3779B1));
}

/// The index of a code address and its rule. Wait-free for a known address.
static inline uint32_t memscope_address_find(uint64_t key, memscope_unwind_rule *rule) {
    uint32_t i = __atomic_load_n(&memscope_address_slots[memscope_address_hash(key) & memscope_address_mask], __ATOMIC_ACQUIRE);
    const struct memscope_address *address = &memscope_addresses[i];
    // Element 0 has no key that could match.
    if (__builtin_expect(__atomic_load_n(&address->key, __ATOMIC_RELAXED) == key, 1)) {
        rule->bits = address->rule;
        return i;
    }
    return memscope_address_add(key, rule);
}

#pragma clang assume_nonnull end
#endif
