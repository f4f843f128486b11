#define _GNU_SOURCE
#include "arc_hooks.h"

#include <stdint.h>

#include "../SwiftRuntime/module_ranges.h"
#include "../SwiftRuntime/task_layout.h"
#include "arc_code.h"
#include "arc_symbols.h"
#include "events.h"

// What the runtime's pointers held before. The entries jump there.
uintptr_t memscope_arc_originals[ARC_FUNCTIONS] __attribute__((visibility("hidden")));

static struct memscope_arc_symbols runtime;

static void put(const uintptr_t *functions, uint8_t flag) {
    // What a function calls through is in place before it looks there, and stays after it stopped looking.
    if (!flag) __atomic_store_n((uint8_t *)runtime.flag, 0, __ATOMIC_SEQ_CST);
    for (int i = 0; i < ARC_FUNCTIONS; i++) __atomic_store_n((uintptr_t *)runtime.slots[i], functions[i], __ATOMIC_SEQ_CST);
    if (flag) __atomic_store_n((uint8_t *)runtime.flag, 1, __ATOMIC_SEQ_CST);
}

static bool is_same_module(uintptr_t code) {
    struct memscope_range range = memscope_range_of(runtime.functions[ARC_RETAIN]);
    return code >= range.start && code < range.end;
}

static const char *check(void) {
    for (int i = 0; i < ARC_FUNCTIONS; i++) {
        if (!memscope_is_code(runtime.functions[i]) || !is_same_module(runtime.functions[i]))
            return "Somebody has put functions before the Swift runtime's own for retain and release.";
        if (!memscope_in_module(runtime.slots[i], sizeof(uintptr_t)) || !is_same_module(*(const uintptr_t *)runtime.slots[i]))
            return "Somebody follows retain and release already.";
    }
    if (!memscope_in_module(runtime.flag, 1) || *(const uint8_t *)runtime.flag != 0)
        return "Somebody has the Swift runtime call other functions for retain and release already.";
    if (runtime.layout_version && memscope_in_module(runtime.layout_version, 4) &&
        *(const uint32_t *)runtime.layout_version != TASK_LAYOUT_VERSION)
        return "This Swift runtime is of a version that is not known to this version of MemScope.";
    return memscope_arc_code_check(&runtime);
}

// An object that nobody else has: its first word is never looked at, as its count does not reach 0.
static _Alignas(16) uint64_t object[2];
static const uint64_t FRESH = 3, ONE = UINT64_C(1) << 33, TAG = UINT64_C(1) << 62, SMALL_STRING = 0xe5000000000000e1;

static uint32_t calls(void) {
    return __atomic_load_n(&memscope_ledger_tested[0], __ATOMIC_RELAXED) + __atomic_load_n(&memscope_ledger_tested[1], __ATOMIC_RELAXED);
}

static bool works(void) {
    typedef uint64_t (*retain_function)(uint64_t);
    typedef uint64_t (*retain_n_function)(uint64_t, uint32_t);
    retain_function retain = (retain_function)runtime.functions[ARC_RETAIN], release = (retain_function)runtime.functions[ARC_RELEASE];
    retain_function try_retain = (retain_function)runtime.functions[ARC_TRY_RETAIN];
    retain_n_function retain_n = (retain_n_function)runtime.functions[ARC_RETAIN_N];
    retain_n_function release_n = (retain_n_function)runtime.functions[ARC_RELEASE_N];
    volatile uint64_t *count = &object[1];
    uint64_t value = (uint64_t)(uintptr_t)object;
    *count = FRESH;
    uint32_t before = calls();
    // Other threads' calls are counted, too: at least ours must be.
    if (retain(value) != value || *count != FRESH + ONE || calls() - before < 1) return false;
    if (retain(value | TAG) != (value | TAG) || *count != FRESH + 2 * ONE || calls() - before < 2) return false;
    if (retain_n(value, 5) != value || *count != FRESH + 7 * ONE || calls() - before < 7) return false;
    if (try_retain(value) != value || *count != FRESH + 8 * ONE || calls() - before < 8) return false;
    release_n(value, 5);
    if (*count != FRESH + 3 * ONE || calls() - before < 13) return false;
    for (uint64_t left = 3; left-- > 0;) {
        release(value);
        if (*count != FRESH + left * ONE) return false;
    }
    if (calls() - before < 16) return false;
    // What is no object.
    if (retain(SMALL_STRING) != SMALL_STRING || retain(0) != 0 || retain_n(SMALL_STRING, 2) != SMALL_STRING) return false;
    release(SMALL_STRING);
    release(0);
    release_n(SMALL_STRING, 2);
    return true;
}

const char *memscope_arc_hooks_install(void) {
    const char *complaint = memscope_arc_symbols_find(&runtime);
    if (!complaint) complaint = check();
    if (complaint) return complaint;
    for (int i = 0; i < ARC_FUNCTIONS; i++) memscope_arc_originals[i] = *(const uintptr_t *)runtime.slots[i];
    put(memscope_arc_entries, 1);
    if (works()) return NULL;
    memscope_arc_hooks_remove();
    return "Retain and release did not do what they should when they were tried at the start.";
}

void memscope_arc_hooks_remove(void) {
    if (memscope_arc_originals[0]) put(memscope_arc_originals, 0);
}
