#define _GNU_SOURCE
#include "process_end.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../Capture/capture.h"
#include "../LeakScan/leak_check.h"
#include "../LeakScan/leak_scan.h"
#include "../Lifecycle/configuration.h"
#include "../Lifecycle/lock.h"
#include "../Lifecycle/own_copy.h"
#include "../Lifecycle/sanitizer.h"
#include "../Lifecycle/service_thread.h"
#include "../Lifecycle/switch.h"
#include "../Ring/thread.h"
#include "../SwiftRuntime/swift_runtime.h"
#include "../Unwind/cfi.h"
#include "dispositions.h"

// The thread that writes the last capture, and the signal that would have ended the process meanwhile.
static uint32_t capturing_thread, signal_meanwhile;

bool memscope_end_is_waited_for(int number) {
    uint32_t writer = __atomic_load_n(&capturing_thread, __ATOMIC_ACQUIRE);
    if (writer == 0 || writer != (uint32_t)syscall(SYS_gettid)) return false;
    __atomic_store_n(&signal_meanwhile, (uint32_t)number, __ATOMIC_RELAXED);
    return true;
}

static void say_why_not_written(const char *path, int error) {
    char text[4400];
    const char *why = strerrordesc_np(error);
    char *end = stpcpy(stpcpy(text, path), ": ");
    strncpy(end, why ? why : "for a reason without a name", 64)[64] = 0;
    memscope_say("no capture at the end: cannot write ", text);
}

void memscope_capture_at_end(const char *reason) {
    static uint32_t done, written;
    // A copy of the process (fork, vfork) has nothing to say: the switch is wiped or the pid is another's.
    if (!memscope_own_was_started() || __atomic_load_n(&memscope_switch.started, __ATOMIC_RELAXED) == 0) return;
    if (__atomic_exchange_n(&done, 1, __ATOMIC_ACQ_REL)) {
        // Another thread is at it; when we go, it goes.
        if (__atomic_load_n(&capturing_thread, __ATOMIC_ACQUIRE) != (uint32_t)syscall(SYS_gettid))
            for (int i = 0; i < 600 && !__atomic_load_n(&written, __ATOMIC_ACQUIRE); i++) memscope_futex_wait(&written, 0, 100);
        return;
    }
    memscope_local.ours++;
    __atomic_store_n(&capturing_thread, (uint32_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
    char path[4300];
    size_t length = strlen(memscope_configuration.output);
    memcpy(path, memscope_configuration.output, length);
    path[length] = '/';
    memcpy(path + length + 1, MEMSCOPE_CAPTURE_NAME, sizeof MEMSCOPE_CAPTURE_NAME);
    memscope_service_refresh_modules(500);
    if (!memscope_configuration.under_run) {
        memscope_capture_and_render(memscope_configuration.output, reason, memscope_leak_mode_at_end());
    } else {
        enum memscope_status status = memscope_capture_write(path, reason, memscope_leak_mode_at_end(), 60000);
        if (status == MEMSCOPE_NOT_WRITTEN) say_why_not_written(path, errno);
        else if (status != MEMSCOPE_OK) memscope_say("no capture at the end: ", memscope_status_text(status));
    }
    memscope_local.ours--;
    __atomic_store_n(&capturing_thread, 0, __ATOMIC_RELEASE);
    __atomic_store_n(&written, 1, __ATOMIC_RELEASE);
    memscope_futex_wake(&written, 1 << 30);
    uint32_t number = __atomic_load_n(&signal_meanwhile, __ATOMIC_RELAXED);
    if (number) memscope_die_of((int)number);
}

// Whoever calls a function that ends the process does not come back to what lies below his part of the stack: words that nobody
// will read, which would hide leaks. But what is called first saves his registers there.
enum { SAVED_WORDS = 10 };

// Where the part of the stack ends of whoever called `function`, which called us in the end; 0 when that cannot be told.
static __attribute__((noinline)) uintptr_t stack_of_caller_of(uintptr_t function) {
    struct memscope_frame_registers registers = {
        .pc = (uintptr_t)__builtin_return_address(0),
        .sp = (uintptr_t)__builtin_dwarf_cfa(),
        .fp = *(uintptr_t *)__builtin_frame_address(0),
        .is_return_address = true,
    };
    uintptr_t start = 0, end = 0;
    if (!memscope_cfi_function(function, &start, &end)) return 0;
    for (int i = 0; i < 16 && registers.pc != 0; i++) {
        bool is_it = registers.pc > start && registers.pc <= end;
        if (!memscope_cfi_step(&registers)) return 0;
        if (is_it) return registers.sp - SAVED_WORDS * sizeof(uintptr_t);
    }
    return 0;
}

static bool looks_for_leaks(void) { return memscope_leak_mode_at_end() != MEMSCOPE_LEAKS_NONE && memscope_own_was_started(); }

static void at_exit(void *unused) {
    (void)unused;
    if (looks_for_leaks()) memscope_leak_scan_leave(stack_of_caller_of((uintptr_t)exit));
    memscope_capture_at_end("exit");
}
static void at_quick_exit_(void) {
    if (looks_for_leaks()) memscope_leak_scan_leave(stack_of_caller_of((uintptr_t)quick_exit));
    memscope_capture_at_end("exit");
}

extern int __cxa_atexit(void (*)(void *), void *, void *);

void memscope_process_end_start(void) {
    if (memscope_configuration.capture_at_end) {
        __cxa_atexit(at_exit, NULL, NULL);
        at_quick_exit(at_quick_exit_);
    }
    memscope_dispositions_start();
}

#if !MEMSCOPE_SANITIZED

// Whoever hooks these behind us gets the call as well.
static _Noreturn void leave(const char *name, int status, uintptr_t stack_pointer) {
    if (looks_for_leaks()) memscope_leak_scan_leave(stack_pointer - SAVED_WORDS * sizeof(uintptr_t));
    if (memscope_configuration.capture_at_end) memscope_capture_at_end("exit");
    void (*next)(int) = (void (*)(int))dlsym(RTLD_NEXT, name);
    if (next) next(status);
    for (;;) syscall(SYS_exit_group, status);
}

__attribute__((visibility("default"), noreturn)) void _exit(int status) { leave("_exit", status, (uintptr_t)__builtin_dwarf_cfa()); }

__attribute__((visibility("default"), noreturn)) void _Exit(int status) { leave("_Exit", status, (uintptr_t)__builtin_dwarf_cfa()); }

#endif
