#define _GNU_SOURCE
#include "guarded_read.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "../Interpose/dispositions.h"

sigjmp_buf memscope_guard;
volatile uintptr_t memscope_guard_address;

static const int numbers[] = {SIGSEGV, SIGBUS};
enum { COUNT = sizeof numbers / sizeof *numbers };
static struct sigaction before[COUNT];
// Sent by somebody, not caused by a read.
static volatile sig_atomic_t sent[COUNT];

static void on_fault(int number, siginfo_t *info, void *context) {
    (void)context;
    if (info->si_code <= 0) {
        sent[number == SIGBUS] = 1;
        return;
    }
    memscope_guard_address = (uintptr_t)info->si_addr;
    siglongjmp(memscope_guard, 1);
}

void memscope_guard_start(void) {
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_NODEFER | SA_SIGINFO};
    sigset_t faults;
    sigemptyset(&faults);
    for (int i = 0; i < COUNT; i++) {
        sent[i] = 0;
        memscope_real_sigaction(numbers[i], &action, &before[i]);
        sigaddset(&faults, numbers[i]);
    }
    sigprocmask(SIG_UNBLOCK, &faults, NULL);
}

void memscope_guard_end(void) {
    sigset_t faults;
    sigemptyset(&faults);
    for (int i = 0; i < COUNT; i++) sigaddset(&faults, numbers[i]);
    // First blocked: what comes now is for the program's threads.
    sigprocmask(SIG_BLOCK, &faults, NULL);
    for (int i = 0; i < COUNT; i++) {
        memscope_real_sigaction(numbers[i], &before[i], NULL);
        if (sent[i]) kill(getpid(), numbers[i]);
    }
}
