#include "code_module.h"

#include <link.h>
#include <string.h>

#include "../Lifecycle/instance.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/modules.h"
#include "../Ring/thread.h"
#include "../Stack/return_address.h"
#include "../Unwind/found_object.h"

uint16_t *_Nullable memscope_address_modules;

// An open-addressing table whose places are the numbers. A key is where the module begins, its lowest bit set for a
// runtime; once the module is gone, its generation stands above bit 47, and nobody finds it any more.
static uint64_t *modules;
#define IS_RUNTIME 1u
#define START_MASK UINT64_C(0xfffffffff000)

bool memscope_custody_start(void) {
    modules = memscope_map(MEMSCOPE_CODE_MODULES * sizeof *modules);
    memscope_address_modules = memscope_map(((size_t)memscope_address_mask + 1) * sizeof *memscope_address_modules);
    return modules && memscope_address_modules;
}

// The names are those by which the report knows the frames that are not the program's (MemScopeSymbols, RoleRules).
static bool is_runtime_name(const char *path) {
    static const char *const names[] = {
        "libc", "libm", "libdl", "librt", "libpthread", "libresolv", "libutil", "libgcc_s", "libstdc++", "libc++",
        "libc++abi", "libunwind", "libdispatch", "libBlocksRuntime", "libTesting", "libXCTest", "libc-2", "ld-2",
        "libjemalloc", "libmimalloc", "libtcmalloc", "libtcmalloc_minimal",
    };
    static const char *const beginnings[] = {
        "libswift", "libFoundation", "lib_Foundation", "lib_Testing", "ld-linux", "ld-musl", "linux-vdso", "libMemScopePreload",
    };
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t length = strcspn(name, ".");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) return true;
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0) return true;
    return false;
}

static bool is_runtime(const struct memscope_found_object *object, uintptr_t address) {
    if (memscope_this_is_preload() && memscope_is_own_code(address)) return true;
    const struct link_map *map = object->link_map;
    // The program has no name there.
    return map && map->l_name && is_runtime_name(map->l_name);
}

uint16_t memscope_code_module_at(uintptr_t address, bool *is_runtime_module) {
    struct memscope_found_object object;
    *is_runtime_module = false;
    if (!_dl_find_object || _dl_find_object((void *)address, &object) != 0) return 0;
    uint64_t start = (uintptr_t)object.map_start & START_MASK;
    uint64_t key = start | (is_runtime(&object, address) ? IS_RUNTIME : 0);
    uint32_t place = (uint32_t)(start >> 12) * UINT32_C(0x9E3779B1) >> 20;
    for (uint32_t i = 0; i < MEMSCOPE_CODE_MODULES; i++, place++) {
        uint32_t number = place % MEMSCOPE_CODE_MODULES;
        if (number == 0) continue;
        uint64_t seen = 0;
        if (!__atomic_compare_exchange_n(&modules[number], &seen, key, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED) &&
            seen != key)
            continue;
        *is_runtime_module = key & IS_RUNTIME;
        return (uint16_t)number;
    }
    return 0;
}

void memscope_code_modules_retire(uintptr_t start, uintptr_t end, uint32_t generation) {
    for (uint32_t i = 1; modules && i < MEMSCOPE_CODE_MODULES; i++) {
        uint64_t key = __atomic_load_n(&modules[i], __ATOMIC_RELAXED);
        if (key == 0 || key >> 48 != 0 || (key & START_MASK) < (start & START_MASK) || (key & START_MASK) >= end) continue;
        __atomic_store_n(&modules[i], key | (uint64_t)generation << 48, __ATOMIC_RELAXED);
    }
}

uint32_t memscope_code_module_listed(uint32_t number) {
    if (number == 0 || !modules) return 0;
    uint64_t key = __atomic_load_n(&modules[number], __ATOMIC_RELAXED);
    uint32_t count = __atomic_load_n(&memscope_module_count, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < count; i++)
        if ((memscope_modules[i].start & START_MASK) == (key & START_MASK) && memscope_modules[i].generation == key >> 48)
            return i + 1;
    return 0;
}

uint32_t memscope_code_module_of_stack(const struct memscope_thread *thread) {
    for (uint32_t i = thread->depth; i-- > 0;) {
        uint32_t address = thread->states[i].address & MEMSCOPE_FRAME_ADDRESS_MASK;
        memscope_unwind_rule rule = {.bits = memscope_addresses[address].rule};
        if (!(rule.flags & MEMSCOPE_ADDRESS_RUNTIME)) return memscope_address_modules[address];
    }
    return thread->depth > 0 ? MEMSCOPE_CODE_RUNTIMES : 0;
}
