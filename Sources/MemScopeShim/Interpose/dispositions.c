#define _GNU_SOURCE
#include "dispositions.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../Lifecycle/configuration.h"
#include "../Lifecycle/decimal.h"
#include "../Lifecycle/sanitizer.h"
#include "../Lifecycle/service_thread.h"
#include "../Lifecycle/own_copy.h"
#include "../Lifecycle/switch.h"
#include "process_end.h"

enum { SIGNALS = 65 };

// What stands for our handler in the program's eyes, where it stands: a default with the flags and the mask that the
// program gave; for the export signal whatever the program set. A handler that takes itself away when it has run
// (SA_RESETHAND) stands here too, so that the default that follows it is ours again.
static struct sigaction stands_for[SIGNALS];
static bool is_wanted[SIGNALS];

static int (*next_sigaction)(int, const struct sigaction *, struct sigaction *);

int memscope_real_sigaction(int number, const struct sigaction *action, struct sigaction *old) {
    if (!__atomic_load_n(&next_sigaction, __ATOMIC_ACQUIRE)) {
        void *found = dlsym(RTLD_NEXT, "sigaction");
        __atomic_store_n(&next_sigaction, (typeof(next_sigaction))found, __ATOMIC_RELEASE);
    }
    return next_sigaction(number, action, old);
}

// Not in a copy of the process, nor in a child that shares our memory until it executes something else.
static bool is_tracked_process(void) {
    return memscope_own_was_started() && __atomic_load_n(&memscope_switch.started, __ATOMIC_RELAXED) != 0;
}

void memscope_die_of(int number) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    memscope_real_sigaction(number, &standard, NULL);
    // Blocked while its handler runs; it takes effect when we return.
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
}

static bool has_handler(const struct sigaction *action) {
    return action->sa_flags & SA_SIGINFO || (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN);
}

static void on_signal(int number, siginfo_t *info, void *context);
static void on_signal_once(int number, siginfo_t *info, void *context);

static bool is_of_ours(const struct sigaction *action) {
    return action->sa_flags & SA_SIGINFO &&
           (action->sa_sigaction == on_signal || action->sa_sigaction == on_signal_once);
}

static void install(int number) {
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK}, before;
    sigemptyset(&action.sa_mask);
    if (memscope_real_sigaction(number, &action, &before) != 0 || before.sa_sigaction == on_signal) return;
    // Another thread may have set something since we looked; it stays.
    bool for_export = number == memscope_configuration.export_signal;
    if (!for_export && (has_handler(&before) || before.sa_handler == SIG_IGN))
        memscope_real_sigaction(number, &before, NULL);
}

static void on_signal(int number, siginfo_t *info, void *context) {
    int saved = errno;
    struct sigaction theirs = stands_for[number];
    bool is_ours = is_tracked_process();
    if (number == memscope_configuration.export_signal && is_ours) {
        memscope_service_export_soon();
        // The program's own handler, if it has one; its default, to die, is not what was asked for.
        errno = saved;
        if (theirs.sa_flags & SA_SIGINFO) theirs.sa_sigaction(number, info, context);
        else if (has_handler(&theirs)) theirs.sa_handler(number);
        return;
    }
    if (is_ours) {
        // A fault of this very thread (a positive code) cannot wait.
        if (info->si_code <= 0 && memscope_end_is_waited_for(number)) return;
        char reason[32] = "signal ";
        memscope_decimal(reason + 7, (uint64_t)number);
        memscope_capture_at_end(reason);
    }
    memscope_die_of(number);
    errno = saved;
}

static void hold(int number) {
    struct sigaction before;
    if (memscope_real_sigaction(number, NULL, &before) != 0) return;
    is_wanted[number] = true;
    // Only what would end the process. An ignored signal stays ignored, a handler that is there stays.
    bool for_export = number == memscope_configuration.export_signal;
    if (!for_export && (has_handler(&before) || before.sa_handler == SIG_IGN)) return;
    stands_for[number] = before;
    install(number);
}

void memscope_dispositions_start(void) {
    static const int fatal[] = {SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGUSR1, SIGSEGV, SIGUSR2,
                                SIGPIPE, SIGALRM, SIGTERM, SIGTRAP, SIGSYS, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF};
    if (memscope_configuration.capture_at_end)
        for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) hold(fatal[i]);
    int number = memscope_configuration.export_signal;
    if (number && !is_wanted[number]) hold(number);
}

static bool is_wanted_here(int number) {
    return number > 0 && number < SIGNALS && is_wanted[number] && is_tracked_process();
}

// After the program set a signal to its default: ours stands for it again.
static void stand_in(int number) {
    struct sigaction set;
    if (!is_wanted_here(number) || memscope_real_sigaction(number, NULL, &set) != 0 || is_of_ours(&set)) return;
    bool for_export = number == memscope_configuration.export_signal;
    if (!for_export && has_handler(&set) && set.sa_flags & SA_RESETHAND) {
        stands_for[number] = set;
        set.sa_sigaction = on_signal_once;
        set.sa_flags = (set.sa_flags & ~SA_RESETHAND) | SA_SIGINFO;
        memscope_real_sigaction(number, &set, NULL);
        return;
    }
    if (!for_export && (has_handler(&set) || set.sa_handler == SIG_IGN)) return;
    stands_for[number] = set;
    install(number);
}

// What the kernel does for SA_RESETHAND, so that the default that then stands is ours.
static void on_signal_once(int number, siginfo_t *info, void *context) {
    struct sigaction theirs = stands_for[number], reset = theirs;
    reset.sa_handler = SIG_DFL;
    memscope_real_sigaction(number, &reset, NULL);
    stand_in(number);
    if (theirs.sa_flags & SA_SIGINFO) theirs.sa_sigaction(number, info, context);
    else theirs.sa_handler(number);
}

#if !MEMSCOPE_SANITIZED

#define MEMSCOPE_EXPORTED __attribute__((visibility("default")))

MEMSCOPE_EXPORTED int sigaction(int number, const struct sigaction *action, struct sigaction *old) {
    bool is_known = number > 0 && number < SIGNALS;
    struct sigaction before, theirs = is_known ? stands_for[number] : (struct sigaction){0};
    int error = memscope_real_sigaction(number, action, &before);
    if (error) return error;
    if (action) stand_in(number);
    if (old) *old = is_known && is_of_ours(&before) ? theirs : before;
    return 0;
}

// The older calls come down to sigaction inside the C library, each with flags of its own.
#define MEMSCOPE_SIGNAL(name)                                                                                          \
    MEMSCOPE_EXPORTED sighandler_t name(int number, sighandler_t handler) {                                            \
        static sighandler_t (*next)(int, sighandler_t);                                                                \
        if (!__atomic_load_n(&next, __ATOMIC_RELAXED))                                                                 \
            __atomic_store_n(&next, (typeof(next))dlsym(RTLD_NEXT, #name), __ATOMIC_RELAXED);                          \
        sighandler_t theirs = number > 0 && number < SIGNALS ? stands_for[number].sa_handler : SIG_DFL;                \
        sighandler_t before = next(number, handler);                                                                   \
        if (before == SIG_ERR) return before;                                                                          \
        stand_in(number);                                                                                              \
        bool is_ours = (void *)before == (void *)on_signal || (void *)before == (void *)on_signal_once;                 \
        return is_ours ? theirs : before;                                                  \
    }

MEMSCOPE_SIGNAL(signal)
MEMSCOPE_SIGNAL(bsd_signal)
MEMSCOPE_SIGNAL(ssignal)
MEMSCOPE_SIGNAL(sysv_signal)
MEMSCOPE_SIGNAL(__sysv_signal)
MEMSCOPE_SIGNAL(sigset)

// Changes a flag of what stands there: what it stands for must be there meanwhile.
MEMSCOPE_EXPORTED int siginterrupt(int number, int flag) {
    static int (*next)(int, int);
    if (!__atomic_load_n(&next, __ATOMIC_RELAXED))
        __atomic_store_n(&next, (typeof(next))dlsym(RTLD_NEXT, "siginterrupt"), __ATOMIC_RELAXED);
    struct sigaction standing;
    if (number > 0 && number < SIGNALS && memscope_real_sigaction(number, NULL, &standing) == 0 && is_of_ours(&standing))
        memscope_real_sigaction(number, &stands_for[number], NULL);
    int result = next(number, flag);
    stand_in(number);
    return result;
}

#endif
