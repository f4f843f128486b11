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

// The runtime's own function, if there is one.
static void *next(void **place, const char *name) {
    static char none;
    void *found = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (!found) {
        found = memscope_this_is_preload() ? dlsym(RTLD_NEXT, name) : NULL;
        __atomic_store_n(place, found ? found : &none, __ATOMIC_RELEASE);
    }
    return found == &none ? NULL : found;
}

#define PASS_ON(type, name, arguments)                      \
    do {                                                    \
        static void *place;                                 \
        type *theirs = (type *)next(&place, #name);         \
        if (theirs) return theirs arguments;                \
    } while (0)

typedef void action(void);
typedef int question(void);
typedef void object_action(const void *);
typedef void region_action(const void *, size_t);

ENTRY void __lsan_disable(void) {
    PASS_ON(action, __lsan_disable, ());
    memscope_leaks_ignore_begin();
}

ENTRY void __lsan_enable(void) {
    PASS_ON(action, __lsan_enable, ());
    memscope_leaks_ignore_end();
}

ENTRY void __lsan_ignore_object(const void *place) {
    PASS_ON(object_action, __lsan_ignore_object, (place));
    memscope_leaks_ignore(place);
}

ENTRY void __lsan_register_root_region(const void *start, size_t bytes) {
    PASS_ON(region_action, __lsan_register_root_region, (start, bytes));
    memscope_leaks_add_root(start, bytes);
}

ENTRY void __lsan_unregister_root_region(const void *start, size_t bytes) {
    PASS_ON(region_action, __lsan_unregister_root_region, (start, bytes));
    memscope_leaks_remove_root(start, bytes);
}

// The stack of whoever calls one of the following counts, and the registers that it keeps; what ours leave below does not.
static __attribute__((noinline)) uint64_t check(bool is_last) {
    return memscope_active()->leaks_check((uintptr_t)__builtin_dwarf_cfa(), is_last);
}

ENTRY void __lsan_do_leak_check(void) {
    PASS_ON(action, __lsan_do_leak_check, ());
    __builtin_unwind_init();
    check(true);
    __asm__ volatile("");  // not a jump: the frame has the registers
}

ENTRY int __lsan_do_recoverable_leak_check(void) {
    PASS_ON(question, __lsan_do_recoverable_leak_check, ());
    __builtin_unwind_init();
    return check(false) != 0;
}

#endif
