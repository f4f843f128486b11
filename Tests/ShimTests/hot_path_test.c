// The rules that hooks live by: in steady state no system call and no lock of the C library.
//
// After warm-up the thread forbids itself every system call but the last one it needs; any other kills the process.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "memscope_shim.h"
#include "ring_consumer.h"

static _Thread_local uint64_t locks_taken;
static _Thread_local int counts_locks;

// Whoever takes a lock of the C library through its own functions is counted.
#define COUNTED(name, type)                                                                                            \
    int name(type *lock) {                                                                                             \
        static int (*next)(type *);                                                                                    \
        if (!next) next = (int (*)(type *))dlsym(RTLD_NEXT, #name);                                                    \
        if (counts_locks) locks_taken++;                                                                               \
        return next(lock);                                                                                             \
    }
COUNTED(pthread_mutex_lock, pthread_mutex_t)
COUNTED(pthread_mutex_trylock, pthread_mutex_t)
COUNTED(pthread_spin_lock, pthread_spinlock_t)
COUNTED(pthread_rwlock_rdlock, pthread_rwlock_t)
COUNTED(pthread_rwlock_wrlock, pthread_rwlock_t)
COUNTED(sem_wait, sem_t)

// The drain thread counts its own; it is the only one that calls this.
static uint64_t drain_locks, drain_rounds;
void memscope_engine_drain(struct memscope_engine *engine, struct memscope_ring *rings, uint64_t epoch) {
    counts_locks = 1;
    for (struct memscope_ring *ring = rings; ring; ring = ring->next) engine->rounds += consume_ring(ring, epoch, NULL) != 0;
    __atomic_store_n(&drain_locks, locks_taken, __ATOMIC_RELAXED);
    __atomic_fetch_add(&drain_rounds, 1, __ATOMIC_RELAXED);
}

static void *volatile kept[64];

__attribute__((noinline)) static void deep(int depth, unsigned random) {
    if (depth > 0) {
        deep(depth - 1, random);
        __asm__ volatile("" ::: "memory");
        return;
    }
    void *volatile *slot = &kept[random % 64];
    free(*slot);
    size_t size = 32 + random % 8 * 40;
    switch (random / 64 % 4) {
        case 0: *slot = calloc(1, size); break;
        case 1: *slot = aligned_alloc(16, size & ~(size_t)15); break;
        case 2: *slot = realloc(malloc(size), size + 8); break;
        default: *slot = malloc(size);
    }
}

static void churn(int rounds) {
    unsigned random = 1;
    for (int i = 0; i < rounds; i++) {
        random = random * 1103515245 + 12345;
        deep((int)(random >> 28), random >> 8);
    }
}

static void forbid(void) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        fprintf(stderr, "skipped: no seccomp here\n");
        syscall(SYS_exit_group, 0);
    }
}

// `forbidden` is what must kill, to see that it does.
static int run_child(int rounds, int forbidden) {
    fflush(NULL);
    pid_t child = fork();
    if (child != 0) {
        int status = 0;
        waitpid(child, &status, 0);
        return status;
    }
    // Tracking began in no process yet: it begins here.
    if (memscope_start(NULL) != MEMSCOPE_OK) syscall(SYS_exit_group, 9);
    churn(200000);
    // The drain thread, which sleeps, is woken for every fourth segment that is full: by a system call, and rightly. So
    // let it take all there is, and fill less than four.
    uint64_t round = __atomic_load_n(&drain_rounds, __ATOMIC_RELAXED);
    while (__atomic_load_n(&drain_rounds, __ATOMIC_RELAXED) < round + 2) usleep(1000);
    locks_taken = 0;
    counts_locks = 1;
    forbid();
    churn(rounds);
    if (forbidden) getppid();
    syscall(SYS_exit_group, locks_taken == 0 ? 0 : 3);
    return 0;
}

int main(void) {
    // Several times: where in its segment the thread stands is a matter of chance.
    for (int i = 0; i < 20; i++) {
        int status = run_child(5000, 0);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    CHECK(WIFSIGNALED(run_child(100, 1)));

    // What the drain thread calls each round takes no lock of the C library either.
    CHECK(memscope_start(NULL) == MEMSCOPE_OK);
    uint64_t before = __atomic_load_n(&drain_rounds, __ATOMIC_RELAXED);
    churn(2000000);
    while (__atomic_load_n(&drain_rounds, __ATOMIC_RELAXED) < before + 20) usleep(1000);
    CHECK(__atomic_load_n(&drain_locks, __ATOMIC_RELAXED) == 0);
    return CHECK_END();
}
