#define _GNU_SOURCE
#include "arc_symbols.h"

#include <stddef.h>

#include "../Lifecycle/instance.h"
#include "../SwiftRuntime/swift_runtime.h"

enum { SLOTS = ARC_FUNCTIONS, FLAG = 2 * ARC_FUNCTIONS, LAYOUT_VERSION, SYMBOLS };

static const char *const names[SYMBOLS] = {
    [ARC_RETAIN] = "swift_retain",
    [ARC_RELEASE] = "swift_release",
    [ARC_RETAIN_N] = "swift_retain_n",
    [ARC_RELEASE_N] = "swift_release_n",
    [ARC_TRY_RETAIN] = "swift_tryRetain",
    [SLOTS + ARC_RETAIN] = "_swift_retain",
    [SLOTS + ARC_RELEASE] = "_swift_release",
    [SLOTS + ARC_RETAIN_N] = "_swift_retain_n",
    [SLOTS + ARC_RELEASE_N] = "_swift_release_n",
    [SLOTS + ARC_TRY_RETAIN] = "_swift_tryRetain",
    [FLAG] = "_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly",
    [LAYOUT_VERSION] = "_swift_concurrency_debug_internal_layout_version",
};

// Weak, so that a program without Swift still links and runs.
#define WEAK __attribute__((weak, visibility("default")))
WEAK extern char swift_retain[], swift_release[], swift_retain_n[], swift_release_n[], swift_tryRetain[];
WEAK extern char _swift_retain[], _swift_release[], _swift_retain_n[], _swift_release_n[], _swift_tryRetain[];
WEAK extern char _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly[];
WEAK extern char _swift_concurrency_debug_internal_layout_version[];

static void find_linked(struct memscope_static_symbol *symbols) {
    const char *const addresses[SYMBOLS] = {
        [ARC_RETAIN] = swift_retain,
        [ARC_RELEASE] = swift_release,
        [ARC_RETAIN_N] = swift_retain_n,
        [ARC_RELEASE_N] = swift_release_n,
        [ARC_TRY_RETAIN] = swift_tryRetain,
        [SLOTS + ARC_RETAIN] = _swift_retain,
        [SLOTS + ARC_RELEASE] = _swift_release,
        [SLOTS + ARC_RETAIN_N] = _swift_retain_n,
        [SLOTS + ARC_RELEASE_N] = _swift_release_n,
        [SLOTS + ARC_TRY_RETAIN] = _swift_tryRetain,
        [FLAG] = _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly,
        [LAYOUT_VERSION] = _swift_concurrency_debug_internal_layout_version,
    };
    for (int i = 0; i < SYMBOLS; i++) symbols[i].address = (uintptr_t)addresses[i];
}

const char *memscope_arc_symbols_find(struct memscope_arc_symbols *found) {
    struct memscope_static_symbol symbols[SYMBOLS] = {0};
    for (int i = 0; i < SYMBOLS; i++) symbols[i].name = names[i];
    enum memscope_static_symbols_result file = MEMSCOPE_STATIC_SYMBOLS_READ;
    if (memscope_this_is_preload()) file = memscope_swift_symbols_find(symbols, SYMBOLS);
    else find_linked(symbols);
    if (file == MEMSCOPE_STATIC_SYMBOLS_STRIPPED)
        return "The program has no symbol table, so a Swift runtime linked statically into it cannot be found.";
    if (!symbols[ARC_RETAIN].address) return "The program has no Swift runtime, or hides it.";
    for (int i = 0; i <= FLAG; i++)
        if (!symbols[i].address) return "This Swift runtime does not have the pointers through which retain and release can be followed.";
    for (int i = 0; i < ARC_FUNCTIONS; i++) {
        found->functions[i] = symbols[i].address;
        found->slots[i] = symbols[SLOTS + i].address;
    }
    found->flag = symbols[FLAG].address;
    found->layout_version = symbols[LAYOUT_VERSION].address;
    return NULL;
}
