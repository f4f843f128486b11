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

// An open-addressing table whose places are the numbers. A key is the hash of the module's path, so a library that is loaded
// again, wherever, is the same one. Its lowest bit is set for a runtime.
static uint64_t *modules;
#define IS_RUNTIME 1u

bool memscope_custody_start(void) {
    modules = memscope_map(MEMSCOPE_CODE_MODULES * sizeof *modules);
    memscope_address_modules = memscope_map(((size_t)memscope_address_mask + 1) * sizeof *memscope_address_modules);
    return modules && memscope_address_modules;
}

// The names are those by which the report knows the frames that are not the program's (MemScopeSymbols, RoleRules).
static bool is_runtime_name(const char *path) {
    static const char *const names[] = {
        "libc", "libm", "libdl", "librt", "libpthread", "libresolv", "libutil", "libgcc_s", "libstdc++", "libc++",
        "libc++abi", "libunwind", "libc-2", "ld-2", "libjemalloc", "libmimalloc", "libtcmalloc", "libtcmalloc_minimal",
        // The toolchain's. A library of the program's may begin as they do.
        "libBlocksRuntime", "libFoundation", "libFoundationEssentials", "libFoundationInternationalization",
        "libFoundationNetworking", "libFoundationXML", "libTesting", "libXCTest", "lib_FoundationICU",
        "lib_InternalSwiftStaticMirror", "lib_TestingInterop", "lib_Testing_Foundation", "libdispatch", "libswiftAndroid",
        "libswiftCore", "libswiftCxx", "libswiftCxxStdlib", "libswiftDispatch", "libswiftDistributed", "libswiftGlibc",
        "libswiftMusl", "libswiftObservation", "libswiftRegexBuilder", "libswiftRemoteMirror", "libswiftRuntime",
        "libswiftSwiftOnoneSupport", "libswiftSynchronization", "libswift_Backtracing", "libswift_Builtin_float",
        "libswift_Concurrency", "libswift_Differentiation", "libswift_RegexParser", "libswift_StringProcessing",
        "libswift_Volatile",
    };
    static const char *const beginnings[] = {"ld-linux", "ld-musl", "linux-vdso", "libMemScopePreload"};
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t length = strcspn(name, ".");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) return true;
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0) return true;
    return false;
}

// The lowest bit is free.
static uint64_t key_of(const char *path) { return memscope_path_hash(path) & ~UINT64_C(1); }

uint16_t memscope_code_module_at(uintptr_t address, bool *is_runtime_module) {
    struct memscope_found_object object;
    *is_runtime_module = false;
    if (!_dl_find_object || _dl_find_object((void *)address, &object) != 0) return 0;
    const struct link_map *map = object.link_map;
    // The program has no name there.
    const char *path = map && map->l_name ? map->l_name : "";
    bool is_ours = memscope_this_is_preload() && memscope_is_own_code(address);
    uint64_t key = key_of(path) | (is_ours || is_runtime_name(path) ? IS_RUNTIME : 0);
    uint32_t place = (uint32_t)(key >> 32);
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

uint32_t memscope_code_module_listed(uint32_t number) {
    if (number == 0 || !modules) return 0;
    uint64_t key = __atomic_load_n(&modules[number], __ATOMIC_RELAXED);
    uint32_t count = __atomic_load_n(&memscope_module_count, __ATOMIC_ACQUIRE);
    for (uint32_t i = 0; i < count; i++)
        if ((memscope_modules[i].path_hash | IS_RUNTIME) == (key | IS_RUNTIME)) return i + 1;
    return 0;
}

uint32_t memscope_code_module_leaf_flags(const struct memscope_thread *thread, bool truncated) {
    uint32_t number = memscope_code_module_of_stack(thread);
    // Beyond what is missing from the stack somebody may act.
    if (number == 0 || (number == MEMSCOPE_CODE_RUNTIMES && truncated)) return MEMSCOPE_LEAF_UNPLACED;
    return number % MEMSCOPE_CODE_RUNTIMES << MEMSCOPE_LEAF_MODULE_SHIFT;
}

uint32_t memscope_code_module_of_stack(const struct memscope_thread *thread) {
    for (uint32_t i = thread->depth; i-- > 0;) {
        uint32_t address = thread->states[i].address & MEMSCOPE_FRAME_ADDRESS_MASK;
        memscope_unwind_rule rule = {.bits = memscope_addresses[address].rule};
        if (!(rule.flags & MEMSCOPE_ADDRESS_RUNTIME)) return memscope_address_modules[address];
    }
    return thread->depth > 0 ? MEMSCOPE_CODE_RUNTIMES : 0;
}
