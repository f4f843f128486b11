#include "return_address.h"

#include <elf.h>
#include <sys/auxv.h>

#include "../Custody/code_module.h"
#include "../Lifecycle/mapping.h"
#include "../SwiftRuntime/boundary.h"
#include "../SwiftRuntime/module_ranges.h"

struct memscope_address *_Nullable memscope_addresses;
uint32_t *_Nullable memscope_address_slots;
uint32_t memscope_address_mask;
uint32_t memscope_address_count;

bool memscope_addresses_start(void) {
    uint32_t slots = memscope_address_space() < UINT64_C(4) << 30 ? 1u << 17 : 1u << 20;
    memscope_addresses = memscope_map(slots * sizeof *memscope_addresses);
    memscope_address_slots = memscope_map(slots * sizeof *memscope_address_slots);
    memscope_address_mask = slots - 1;
    memscope_address_count = 1;
    return memscope_addresses && memscope_address_slots;
}

// Whether no call left this return address: the outermost function of a stack that the program made, such as
// makecontext's, returns to the first byte of another function.
static bool is_made_up(uintptr_t address) {
    uintptr_t start, end;
    return memscope_cfi_function(address, &start, &end) && start == address &&
           memscope_is_code(address - MEMSCOPE_LONGEST_CALL) && !memscope_follows_call(address);
}

// Whether this is the dynamic linker's first code, below which libraries are initialised. It has no CFI.
static bool is_loader_entry(uintptr_t address) {
    uintptr_t base = getauxval(AT_BASE);
    return base && address - (base + ((const Elf64_Ehdr *)base)->e_entry) < 256;
}

static bool is_in_own_frame(memscope_unwind_rule rule, int words) { return words < 0 && words >= -rule.cfa_words; }

// What the walk must know of a rule before it takes it apart.
static uint32_t flags_of(memscope_unwind_rule rule) {
    if (rule.kind == memscope_rule_end) return MEMSCOPE_ADDRESS_RESTORES_FRAME_POINTER;
    // Interpreted or guessed: anything may be read.
    if (rule.kind != memscope_rule_regular) return MEMSCOPE_ADDRESS_READS_FRAME_POINTER;
    uint32_t flags = rule.fp_saved ? MEMSCOPE_ADDRESS_RESTORES_FRAME_POINTER : 0;
    if (rule.cfa_from_fp) {
        flags |= MEMSCOPE_ADDRESS_READS_FRAME_POINTER;
        if (rule.cfa_words == 2 && rule.fp_saved && rule.fp_words == -2 && rule.ra_words == -1)
            flags |= MEMSCOPE_ADDRESS_FRAME_POINTER;
    } else if (is_in_own_frame(rule, rule.ra_words) && (!rule.fp_saved || is_in_own_frame(rule, rule.fp_words))) {
        flags |= MEMSCOPE_ADDRESS_STACK_POINTER;
    }
    // Where a call leaves the return address in a register, two callees may keep it in one slot and yet leave different
    // stack pointers. The frame pointer, which they do not change, tells the frames apart.
    if (!MEMSCOPE_CALL_PUSHES) flags |= MEMSCOPE_ADDRESS_READS_FRAME_POINTER;
    return flags;
}

static memscope_unwind_rule compile(uint64_t key) {
    uintptr_t address = key & 0xffffffffffff;
    bool is_return_address = !(key & MEMSCOPE_KEY_INTERRUPTED);
    memscope_unwind_rule rule = memscope_cfi_rule(address, is_return_address);
    if (rule.kind == memscope_rule_none && is_return_address && (is_made_up(address) || is_loader_entry(address)))
        rule.kind = memscope_rule_end;
    rule.flags = flags_of(rule);
    uint32_t boundary = memscope_boundary_flags(address);
    // The walk looks closer at a boundary before it steps over it.
    if (boundary) rule.flags = boundary | (rule.flags & ~(MEMSCOPE_ADDRESS_FRAME_POINTER | MEMSCOPE_ADDRESS_STACK_POINTER));
    return rule;
}

// With custody, notes the module that an element's code belongs to.
static memscope_unwind_rule note_module(uint32_t i, uint64_t key, memscope_unwind_rule rule) {
    if (!memscope_address_modules) return rule;
    bool is_runtime;
    memscope_address_modules[i] = memscope_code_module_at(key & 0xffffffffffff, &is_runtime);
    if (is_runtime) rule.flags |= MEMSCOPE_ADDRESS_RUNTIME;
    return rule;
}

// A place in the array, complete but not yet found by anyone. 0 when the table is fuller than it can be searched fast.
static uint32_t append(uint64_t key) {
    uint32_t i = __atomic_fetch_add(&memscope_address_count, 1, __ATOMIC_RELAXED);
    if (i > memscope_address_mask / 8 * 7) {
        __atomic_fetch_sub(&memscope_address_count, 1, __ATOMIC_RELAXED);
        return MEMSCOPE_ADDRESS_NONE;
    }
    memscope_addresses[i].rule = note_module(i, key, compile(key)).bits;
    __atomic_store_n(&memscope_addresses[i].key, key, __ATOMIC_RELEASE);
    return i;
}

uint32_t memscope_address_add(uint64_t key, memscope_unwind_rule *rule) {
    uint32_t slot = memscope_address_hash(key) & memscope_address_mask, appended = MEMSCOPE_ADDRESS_NONE;
    for (;; slot = (slot + 1) & memscope_address_mask) {
        uint32_t i = __atomic_load_n(&memscope_address_slots[slot], __ATOMIC_ACQUIRE);
        if (i == 0) {
            if (!appended) appended = append(key);
            if (!appended) {
                *rule = compile(key);
                return MEMSCOPE_ADDRESS_NONE;
            }
            // Where another thread was faster with the same address, ours stays in the array, and nobody finds it.
            if (__atomic_compare_exchange_n(&memscope_address_slots[slot], &i, appended, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
                i = appended;
        }
        if (__atomic_load_n(&memscope_addresses[i].key, __ATOMIC_RELAXED) != key) continue;
        rule->bits = memscope_addresses[i].rule;
        return i;
    }
}

void memscope_addresses_retire(uintptr_t start, uintptr_t end, uint32_t generation) {
    uint32_t count = __atomic_load_n(&memscope_address_count, __ATOMIC_ACQUIRE);
    for (uint32_t i = 1; i < count && i <= memscope_address_mask; i++) {
        uint64_t key = __atomic_load_n(&memscope_addresses[i].key, __ATOMIC_RELAXED);
        uintptr_t address = key & 0xffffffffffff;
        if (key == 0 || address < start || address >= end || (key >> 48 & 0x7fff) != 0) continue;
        __atomic_store_n(&memscope_addresses[i].key, key | (uint64_t)generation << 48, __ATOMIC_RELEASE);
    }
}
