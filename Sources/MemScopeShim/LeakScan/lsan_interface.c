// LeakSanitizer's functions for programs that call them (sanitizer/lsan_interface.h): they do here what they do there, as far as
// a program can tell, so that it runs unmodified under MemScope.
//
// Weak, so that a program's own definitions, or those of LeakSanitizer's runtime, go before those of a linked copy. In a program that has
// that runtime in a library of its own, a preloaded copy is found first and passes on.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#include "../Lifecycle/instance.h"
#include "../Lifecycle/sanitizer.h"

#if !MEMSCOPE_SANITIZED

#define ENTRY __attribute__((weak, visibility("default")))

enum entry { DISABLE, ENABLE, IGNORE_OBJECT, REGISTER_ROOT, UNREGISTER_ROOT, CHECK, RECOVERABLE_CHECK, ENTRIES };

static const char *const names[ENTRIES] = {
    "__lsan_disable", "__lsan_enable", "__lsan_ignore_object", "__lsan_register_root_region", "__lsan_unregister_root_region",
    "__lsan_do_leak_check", "__lsan_do_recoverable_leak_check",
};

// The runtime's own function, if there is one. Its allocator calls some of these for what dlsym allocates, also while we look.
static void *theirs(enum entry entry) {
    static void *found[ENTRIES];
    static uint32_t state;
    enum { NOT_LOOKED, LOOKING, LOOKED };
    uint32_t expected = NOT_LOOKED;
    if (__atomic_compare_exchange_n(&state, &expected, LOOKING, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
        for (int i = 0; i < ENTRIES && memscope_this_is_preload(); i++) found[i] = dlsym(RTLD_NEXT, names[i]);
        __atomic_store_n(&state, LOOKED, __ATOMIC_RELEASE);
    }
    return __atomic_load_n(&state, __ATOMIC_ACQUIRE) == LOOKED ? found[entry] : NULL;
}

#define PASS_ON(type, entry, arguments)                \
    do {                                               \
        type *function = (type *)theirs(entry);        \
        if (function) return function arguments;       \
    } while (0)

typedef void action(void);
typedef int question(void);
typedef void object_action(const void *);
typedef void region_action(const void *, size_t);

ENTRY void __lsan_disable(void) {
    PASS_ON(action, DISABLE, ());
    memscope_leaks_ignore_begin();
}

ENTRY void __lsan_enable(void) {
    PASS_ON(action, ENABLE, ());
    memscope_leaks_ignore_end();
}

ENTRY void __lsan_ignore_object(const void *place) {
    PASS_ON(object_action, IGNORE_OBJECT, (place));
    memscope_leaks_ignore(place);
}

ENTRY void __lsan_register_root_region(const void *start, size_t bytes) {
    PASS_ON(region_action, REGISTER_ROOT, (start, bytes));
    memscope_leaks_add_root(start, bytes);
}

ENTRY void __lsan_unregister_root_region(const void *start, size_t bytes) {
    PASS_ON(region_action, UNREGISTER_ROOT, (start, bytes));
    memscope_leaks_remove_root(start, bytes);
}

// The stack of whoever calls one of the following counts, and the registers that it keeps; what ours leave below does not.
static __attribute__((noinline)) uint64_t check(bool is_last) {
    return memscope_active()->leaks_check((uintptr_t)__builtin_dwarf_cfa(), is_last);
}

ENTRY void __lsan_do_leak_check(void) {
    PASS_ON(action, CHECK, ());
    __builtin_unwind_init();
    check(true);
    __asm__ volatile("");  // not a jump: the frame has the registers
}

ENTRY int __lsan_do_recoverable_leak_check(void) {
    PASS_ON(question, RECOVERABLE_CHECK, ());
    __builtin_unwind_init();
    return check(false) != 0;
}

#endif
