#define _GNU_SOURCE
#include "guarded_read.h"

#include <signal.h>
#include <stddef.h>

#include "../Interpose/dispositions.h"

sigjmp_buf memscope_guard;
volatile uintptr_t memscope_guard_address;

static void on_fault(int number, siginfo_t *info, void *context) {
    (void)number, (void)context;
    memscope_guard_address = (uintptr_t)info->si_addr;
    siglongjmp(memscope_guard, 1);
}

void memscope_guard_start(void) {
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_NODEFER | SA_SIGINFO};
    memscope_real_sigaction(SIGSEGV, &action, NULL);
    memscope_real_sigaction(SIGBUS, &action, NULL);
    sigset_t faults;
    sigemptyset(&faults);
    sigaddset(&faults, SIGSEGV);
    sigaddset(&faults, SIGBUS);
    sigprocmask(SIG_UNBLOCK, &faults, NULL);
}
