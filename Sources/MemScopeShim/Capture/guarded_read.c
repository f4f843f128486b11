#define _GNU_SOURCE
#include "guarded_read.h"

#include <signal.h>
#include <stddef.h>

#include "../Interpose/dispositions.h"

sigjmp_buf memscope_guard;

static void on_fault(int number) {
    (void)number;
    siglongjmp(memscope_guard, 1);
}

void memscope_guard_start(void) {
    struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER};
    memscope_real_sigaction(SIGSEGV, &action, NULL);
    memscope_real_sigaction(SIGBUS, &action, NULL);
    sigset_t faults;
    sigemptyset(&faults);
    sigaddset(&faults, SIGSEGV);
    sigaddset(&faults, SIGBUS);
    sigprocmask(SIG_UNBLOCK, &faults, NULL);
}
