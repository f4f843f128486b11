#include "return_address.h"

#include <elf.h>
#include <sys/auxv.h>

#include "../Lifecycle/mapping.h"
#include "../SwiftRuntime/boundary.h"
#include "../SwiftRuntime/module_ranges.h"

struct memscope_address *_Nullable memscope_addresses;
uint32_t memscope_address_mask;
static uint32_t address_count;

bool memscope_addresses_start(void) {
    // Touched here and there, so never with huge pages.
    uint32_t capacity = memscope_address_space() < UINT64_C(4) << 30 ? 1u << 18 : 1u << 22;
    for (; capacity >= 1u << 12; capacity /= 2)
        if ((memscope_addresses = memscope_map(capacity * sizeof *memscope_addresses))) break;
    memscope_address_mask = capacity - 1;
    return memscope_addresses != NULL;
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

static memscope_unwind_rule compile(uint64_t key) {
    uintptr_t address = key & 0xffffffffffff;
    bool is_return_address = !(key & MEMSCOPE_KEY_INTERRUPTED);
    memscope_unwind_rule rule = memscope_cfi_rule(address, is_return_address);
    if (rule.kind == memscope_rule_none && is_return_address && (is_made_up(address) || is_loader_entry(address)))
        rule.kind = memscope_rule_end;
    uint32_t flags = memscope_boundary_flags(address);
    if (rule.kind == memscope_rule_regular && rule.cfa_from_fp && rule.cfa_words == 2 && rule.fp_saved &&
        rule.fp_words == -2 && rule.ra_words == -1)
        flags |= MEMSCOPE_ADDRESS_FRAME_POINTER;
    rule.flags = flags;
    return rule;
}

uint32_t memscope_address_add(uint64_t key, memscope_unwind_rule *rule) {
    uint32_t i = memscope_address_hash(key) & memscope_address_mask;
    for (uint32_t probes = 0; probes <= memscope_address_mask; probes++, i = (i + 1) & memscope_address_mask) {
        if (i == 0) continue;  // index 0 means "none"
        struct memscope_address *slot = &memscope_addresses[i];
        uint64_t seen = __atomic_load_n(&slot->key, __ATOMIC_ACQUIRE);
        if (seen == 0) {
            // A table nearly full would be searched from end to end for every new address.
            if (__atomic_load_n(&address_count, __ATOMIC_RELAXED) > memscope_address_mask / 8 * 7) break;
            if (__atomic_compare_exchange_n(&slot->key, &seen, key, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
                __atomic_fetch_add(&address_count, 1, __ATOMIC_RELAXED);
                seen = key;
            }
        }
        if (seen != key) continue;
        rule->bits = __atomic_load_n(&slot->rule, __ATOMIC_ACQUIRE);
        if (rule->bits == 0) {
            // Two threads may compile the same rule; they store the same word.
            *rule = compile(key);
            __atomic_store_n(&slot->rule, rule->bits, __ATOMIC_RELEASE);
        }
        return i;
    }
    *rule = compile(key);
    return MEMSCOPE_ADDRESS_NONE;
}

void memscope_addresses_retire(uintptr_t start, uintptr_t end, uint32_t generation) {
    // The hash keeps 1 KiB of code on 256 neighbouring slots, one page; what was displaced lies behind it, without a gap.
    for (uintptr_t code = start & ~(uintptr_t)1023; code < end; code += 1024) {
        uint32_t first = memscope_address_hash(code) & memscope_address_mask & ~255u;
        for (uint32_t n = 0; n <= memscope_address_mask; n++) {
            uint32_t i = (first + n) & memscope_address_mask;
            uint64_t key = __atomic_load_n(&memscope_addresses[i].key, __ATOMIC_RELAXED);
            if (key == 0 && n >= 256 && i != 0) break;
            uintptr_t address = key & 0xffffffffffff;
            if (key == 0 || address < start || address >= end || (key >> 48 & 0x7fff) != 0) continue;
            __atomic_store_n(&memscope_addresses[i].key, key | (uint64_t)generation << 48, __ATOMIC_RELEASE);
        }
    }
}
