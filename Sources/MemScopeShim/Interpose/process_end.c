#define _GNU_SOURCE
#include "process_end.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../Capture/capture.h"
#include "../Lifecycle/configuration.h"
#include "../Lifecycle/decimal.h"
#include "../Lifecycle/own_copy.h"
#include "../Lifecycle/sanitizer.h"
#include "../Lifecycle/service_thread.h"
#include "../Lifecycle/switch.h"
#include "../Ring/thread.h"

enum { SIGNALS = 65 };

// What the program believes its disposition of a signal to be, for those that we hold.
static struct { struct sigaction theirs; uint32_t held; } signals[SIGNALS];
static bool holds_any;

static int (*next_sigaction)(int, const struct sigaction *, struct sigaction *);

int memscope_real_sigaction(int number, const struct sigaction *action, struct sigaction *old) {
    if (!next_sigaction) {
        void *found = dlsym(RTLD_NEXT, "sigaction");
        __atomic_store_n(&next_sigaction, (typeof(next_sigaction))found, __ATOMIC_RELEASE);
    }
    return next_sigaction(number, action, old);
}

static void capture_once(const char *reason) {
    static uint32_t done;
    // A copy of the process (fork, vfork) has nothing to say: the switch is wiped or the pid is another's.
    if (!memscope_own_was_started() || __atomic_load_n(&memscope_switch.started, __ATOMIC_RELAXED) == 0) return;
    if (__atomic_exchange_n(&done, 1, __ATOMIC_ACQ_REL)) return;
    memscope_local.ours++;
    char path[4300];
    size_t length = strlen(memscope_configuration.output);
    memcpy(path, memscope_configuration.output, length);
    path[length] = '/';
    memcpy(path + length + 1, MEMSCOPE_CAPTURE_NAME, sizeof MEMSCOPE_CAPTURE_NAME);
    memscope_service_refresh_modules(500);
    if (!memscope_configuration.under_run) {
        mkdir(memscope_configuration.output, 0777);
        memscope_capture_and_render(memscope_configuration.output, reason);
    } else {
        enum memscope_status status = memscope_capture_write(path, reason, 60000);
        if (status == MEMSCOPE_NOT_WRITTEN) memscope_say("no capture at the end: cannot write ", path);
        else if (status != MEMSCOPE_OK) memscope_say("no capture at the end: ", memscope_status_text(status));
    }
    memscope_local.ours--;
}

static void at_exit(void *unused) {
    (void)unused;
    capture_once("exit");
}
static void at_quick_exit_(void) { capture_once("exit"); }

static void die_of(int number) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    memscope_real_sigaction(number, &standard, NULL);
    // Blocked while its handler runs; it takes effect when we return.
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
}

static void on_signal(int number, siginfo_t *info, void *context) {
    int saved = errno;
    struct sigaction theirs = signals[number].theirs;
    bool is_ours = memscope_own_was_started() && __atomic_load_n(&memscope_switch.started, __ATOMIC_RELAXED) != 0;
    if (number == memscope_configuration.export_signal && is_ours) {
        memscope_service_export_soon();
        // The program's own handler, if it has one; its default, to die, is not what was asked for.
        if (theirs.sa_flags & SA_SIGINFO) theirs.sa_sigaction(number, info, context);
        else if (theirs.sa_handler != SIG_DFL && theirs.sa_handler != SIG_IGN) theirs.sa_handler(number);
        errno = saved;
        return;
    }
    if (is_ours) {
        char reason[32] = "signal ";
        memscope_decimal(reason + 7, (uint64_t)number);
        capture_once(reason);
    }
    die_of(number);
    errno = saved;
}

static void hold(int number) {
    struct sigaction before;
    if (memscope_real_sigaction(number, NULL, &before) != 0) return;
    // Only what would end the process. An ignored signal stays ignored, a handler that is there stays.
    bool for_export = number == memscope_configuration.export_signal;
    if (!for_export && (before.sa_flags & SA_SIGINFO || before.sa_handler != SIG_DFL)) return;
    signals[number].theirs = before;
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    if (memscope_real_sigaction(number, &action, NULL) == 0) {
        __atomic_store_n(&signals[number].held, 1, __ATOMIC_RELEASE);
        holds_any = true;
    }
}

extern int __cxa_atexit(void (*)(void *), void *, void *);

void memscope_process_end_start(void) {
    static const int fatal[] = {SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGUSR1, SIGSEGV, SIGUSR2,
                                SIGPIPE, SIGALRM, SIGTERM, SIGTRAP, SIGSYS, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF};
    if (memscope_configuration.capture_at_end) {
        __cxa_atexit(at_exit, NULL, NULL);
        at_quick_exit(at_quick_exit_);
        for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) hold(fatal[i]);
    }
    int number = memscope_configuration.export_signal;
    if (number && !signals[number].held) hold(number);
}

#if !MEMSCOPE_SANITIZED

// A signal that we hold: the program's wish is noted and honoured. Default means ours (we do what the default does,
// after the capture); anything else goes to the kernel, except for the export signal, whose handler we call.
static int change(int number, const struct sigaction *action, struct sigaction *old) {
    struct sigaction theirs = signals[number].theirs;
    if (action) {
        bool is_default = !(action->sa_flags & SA_SIGINFO) && action->sa_handler == SIG_DFL;
        if (number != memscope_configuration.export_signal) {
            struct sigaction ours = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
            if (is_default) ours.sa_mask = action->sa_mask;
            int error = memscope_real_sigaction(number, is_default ? &ours : action, NULL);
            if (error) return error;
        }
        signals[number].theirs = *action;
    }
    if (old) *old = theirs;
    return 0;
}

static bool is_held(int number) {
    return number > 0 && number < SIGNALS && holds_any && __atomic_load_n(&signals[number].held, __ATOMIC_ACQUIRE) &&
           __atomic_load_n(&memscope_switch.started, __ATOMIC_RELAXED) != 0;
}

__attribute__((visibility("default"))) int sigaction(int number, const struct sigaction *action, struct sigaction *old) {
    if (is_held(number)) return change(number, action, old);
    return memscope_real_sigaction(number, action, old);
}

__attribute__((visibility("default"))) sighandler_t signal(int number, sighandler_t handler) {
    if (!is_held(number)) {
        static sighandler_t (*next)(int, sighandler_t);
        if (!next) next = (typeof(next))dlsym(RTLD_NEXT, "signal");
        return next(number, handler);
    }
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, number);
    return change(number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

// Whoever hooks these behind us gets the call as well.
static _Noreturn void leave(const char *name, int status) {
    if (memscope_configuration.capture_at_end) capture_once("exit");
    void (*next)(int) = (void (*)(int))dlsym(RTLD_NEXT, name);
    if (next) next(status);
    for (;;) syscall(SYS_exit_group, status);
}

__attribute__((visibility("default"), noreturn)) void _exit(int status) { leave("_exit", status); }

__attribute__((visibility("default"), noreturn)) void _Exit(int status) { leave("_Exit", status); }

#endif
