// What the program sees of its signal dispositions, and how it ends.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "program.h"

extern char **environ;

static void on_signal(int number) { (void)number; }
static void on_information(int number, siginfo_t *info, void *context) {
    (void)number, (void)info, (void)context;
}

static const char *name_of(const struct sigaction *action) {
    if (action->sa_handler == SIG_DFL) return "default";
    if (action->sa_handler == SIG_IGN) return "ignored";
    if (action->sa_handler == on_signal) return "on_signal";
    if (action->sa_sigaction == on_information) return "on_information";
    return "STRANGE";
}

static void show(const char *when, int number) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    int result = sigaction(number, NULL, &action);
    printf("%s %d: %d %s flags %x mask", when, number, result, name_of(&action), (unsigned)action.sa_flags);
    for (int i = 1; i < 65; i++)
        if (sigismember(&action.sa_mask, i) == 1) printf(" %d", i);
    printf("\n");
}

static void show_all(const char *when) {
    for (int number = 1; number < 65; number++) show(when, number);
}

static void set(int number, void (*handler)(int), int flags, int masked) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags}, old;
    sigemptyset(&action.sa_mask);
    if (masked) sigaddset(&action.sa_mask, masked), sigaddset(&action.sa_mask, SIGKILL);
    memset(&old, 0, sizeof old);
    errno = 0;
    int result = sigaction(number, &action, &old);
    printf("set %d: %d errno %d was %s flags %x\n", number, result, errno, name_of(&old), (unsigned)old.sa_flags);
    show("after set", number);
}

static void use_signal(int number, void (*handler)(int)) {
    struct sigaction old = {.sa_handler = signal(number, handler)};
    printf("signal %d: was %s\n", number, old.sa_handler == SIG_ERR ? "error" : name_of(&old));
    show("after signal", number);
}

static void query(void) {
    show_all("at first");
    set(SIGTERM, on_signal, SA_RESTART, SIGUSR1);
    set(SIGTERM, SIG_DFL, SA_NODEFER, SIGUSR2);
    set(SIGTERM, SIG_IGN, 0, 0);
    set(SIGTERM, SIG_DFL, 0, 0);
    set(SIGUSR1, (void (*)(int))(void *)on_information, SA_SIGINFO | SA_RESETHAND | SA_NODEFER, SIGTERM);
    raise(SIGUSR1);
    show("after SA_RESETHAND", SIGUSR1);
    set(SIGKILL, on_signal, 0, 0);
    set(99, on_signal, 0, 0);
    set(0, on_signal, 0, 0);
    set(32, on_signal, 0, 0);
    use_signal(SIGINT, on_signal);
    use_signal(SIGINT, SIG_IGN);
    use_signal(SIGINT, SIG_DFL);
    use_signal(SIGSTOP, on_signal);
    use_signal(SIGCHLD, on_signal);
    struct sigaction old = {.sa_handler = ssignal(SIGHUP, on_signal)};
    printf("ssignal: was %s\n", name_of(&old));
    old.sa_handler = ssignal(SIGHUP, SIG_DFL);
    printf("ssignal: was %s\n", name_of(&old));
    old.sa_handler = sysv_signal(SIGQUIT, on_signal);
    printf("sysv_signal: was %s\n", name_of(&old));
    raise(SIGQUIT);
    show("after sysv_signal", SIGQUIT);
    old.sa_handler = sysv_signal(SIGVTALRM, SIG_DFL);
    printf("sysv_signal: was %s\n", name_of(&old));
    show("after sysv_signal", SIGVTALRM);
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
    siginterrupt(SIGUSR2, 1);
    show("after siginterrupt", SIGUSR2);
    use_signal(SIGUSR2, on_signal);
    old.sa_handler = sigset(SIGXCPU, SIG_DFL);
    printf("sigset: was %s\n", name_of(&old));
    fflush(stdout);
    // A child made by vfork may reset its signals; the parent's are untouched.
    signal(SIGPIPE, SIG_IGN);
    pid_t child = vfork();
    if (child == 0) {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGTERM, SIG_IGN);
        execl("/bin/true", "true", NULL);
        _exit(1);
    }
    waitpid(child, NULL, 0);
    show("after vfork", SIGPIPE);
    show("after vfork", SIGTERM);
    if ((child = fork()) == 0) {
        show_all("in the child");
        use_signal(SIGTERM, SIG_DFL);
        fflush(stdout);
        raise(SIGTERM);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    printf("child's status %x\n", (unsigned)status);
}

// What a program sees that is started with these dispositions.
static void inherited(void) {
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    execl("/proc/self/exe", "dispositions", "show", NULL);
}

static int depth_of(int depth) {
    volatile char frame[4096];
    frame[0] = (char)depth;
    return depth_of(depth + 1) + frame[0];
}

static void on_crash(int number) {
    (void)!write(1, "handler\n", 8);
    raise(number);
}

static void die(const char *how) {
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    for (int i = 0; i < 5; i++) make(1401);
    printf("%s\n", how);
    fflush(stdout);
    if (strncmp(how, "signal=", 7) == 0) raise(atoi(how + 7));
    if (strncmp(how, "kill=", 5) == 0) kill(getpid(), atoi(how + 5)), pause();
    if (strncmp(how, "reset=", 6) == 0) signal(atoi(how + 6), on_signal), signal(atoi(how + 6), SIG_DFL), raise(atoi(how + 6));
    if (strncmp(how, "resethand=", 10) == 0) {
        struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_RESETHAND};
        sigaction(atoi(how + 10), &action, NULL);
        raise(atoi(how + 10));
    }
    if (strcmp(how, "segv") == 0) *(volatile int *)8 = 1;
    if (strcmp(how, "abort") == 0) abort();
    if (strcmp(how, "_exit") == 0) _exit(41);
    if (strcmp(how, "_Exit") == 0) _Exit(42);
    if (strcmp(how, "quick_exit") == 0) quick_exit(43);
    if (strcmp(how, "exit") == 0) exit(44);
    if (strcmp(how, "overflow") == 0) exit(depth_of(0) & 1);
}

int main(int count, char **arguments) {
    if (count < 2) return 2;
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    if (strcmp(arguments[1], "query") == 0) query();
    else if (strcmp(arguments[1], "show") == 0) show_all("inherited");
    else if (strcmp(arguments[1], "inherited") == 0) inherited();
    else die(arguments[1]);
    return 0;
}
