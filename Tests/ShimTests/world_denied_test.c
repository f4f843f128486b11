// Where ptrace is forbidden, or whoever calls it is killed, a signal stops the threads; where that fails too, nothing is
// stopped, it is said, and the program goes on. Each case is a process of its own.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "world_stage.h"

enum { THREADS = 3, NOT_HERE = 77 };
static struct actor actors[THREADS];

static void start_threads(void) {
    for (int i = 0; i < THREADS; i++) actor_start(&actors[i], actor_spins);
}

static void check_run(void) {
    for (int i = 0; i < THREADS; i++)
        for (uint64_t before = actor_count(&actors[i]); actor_count(&actors[i]) == before;) sched_yield();
}

// What is asked for is ptrace first; what is to come of it is given.
static void check_stop(enum memscope_world_way expected, const char *complaint) {
    struct memscope_world world;
    for (int attempt = 0;; attempt++) {
        CHECK(memscope_world_prepare(&world));
        memscope_world_stop(&world);
        // A busy machine: see stop_by.
        if (world.way == expected || attempt == 20 || !strstr(world.complaint, "in time")) break;
        let_go(&world);
    }
    CHECK(world.way == expected);
    CHECK(strstr(world.complaint, complaint) && (world.complaint[0] != 0) == (complaint[0] != 0));
    if (world.way != MEMSCOPE_WORLD_RUNS) {
        uint64_t before[THREADS];
        for (int i = 0; i < THREADS; i++) {
            CHECK(stopped(&world, actors[i].tid));
            before[i] = actor_count(&actors[i]);
        }
        for (int i = 0; i < 500; i++) sched_yield();
        for (int i = 0; i < THREADS; i++) CHECK(actor_count(&actors[i]) == before[i]);
    }
    let_go(&world);
    check_run();
    CHECK(waitpid(-1, NULL, __WALL) == -1 && errno == ECHILD);
}

static void answer_call(long number, unsigned action) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) _exit(NOT_HERE);
}

static void ptrace_says_not_permitted(void) {
    start_threads();
    answer_call(SYS_ptrace, SECCOMP_RET_ERRNO | EPERM);
    for (int i = 0; i < 10; i++) check_stop(MEMSCOPE_WORLD_SIGNALS, "not permitted");
}

static void ptrace_kills_the_process(void) {
    start_threads();
    answer_call(SYS_ptrace, SECCOMP_RET_KILL_PROCESS);
    for (int i = 0; i < 10; i++) check_stop(MEMSCOPE_WORLD_SIGNALS, "is killed");
}

static void ptrace_kills_the_thread(void) {
    start_threads();
    answer_call(SYS_ptrace, SECCOMP_RET_KILL_THREAD);
    for (int i = 0; i < 10; i++) check_stop(MEMSCOPE_WORLD_SIGNALS, "is killed");
}

static void no_process_can_be_made(void) {
    start_threads();
    answer_call(SYS_clone, SECCOMP_RET_ERRNO | EAGAIN);
    check_stop(MEMSCOPE_WORLD_SIGNALS, "no helper");
}

static void the_process_is_not_dumpable(void) {
    if (getuid() != 0 || setuid(65534) != 0) _exit(NOT_HERE);
    prctl(PR_SET_DUMPABLE, 0);
    start_threads();
    // /proc/self is root's now, but the list of threads can be read.
    check_stop(MEMSCOPE_WORLD_SIGNALS, "not permitted");
    prctl(PR_SET_DUMPABLE, 1);
    check_stop(MEMSCOPE_WORLD_PTRACE, "");
}

// Traces one thread of its parent's and passes its signals on, as strace does.
static pid_t start_tracer(int tid, int attached) {
    pid_t tracer = fork();
    if (tracer != 0) return tracer;
    if (ptrace(PTRACE_SEIZE, tid, 0, 0) != 0 || write(attached, "", 1) != 1) _exit(1);
    for (int status; waitpid(tid, &status, __WALL) == tid && WIFSTOPPED(status);)
        ptrace(PTRACE_CONT, tid, 0, (void *)(intptr_t)(status >> 16 ? 0 : WSTOPSIG(status)));
    _exit(0);
}

static void somebody_traces_already(void) {
    int attached[2];
    char byte;
    start_threads();
    CHECK(pipe(attached) == 0);
    pid_t tracer = start_tracer(actors[1].tid, attached[1]);
    CHECK(read(attached[0], &byte, 1) == 1);
    struct memscope_world world;
    for (int i = 0; i < 20; i++) {
        CHECK(memscope_world_prepare(&world));
        memscope_world_stop(&world);
        CHECK(world.way == MEMSCOPE_WORLD_SIGNALS && strstr(world.complaint, "not permitted"));
        for (int thread = 0; thread < THREADS; thread++) CHECK(stopped(&world, actors[thread].tid));
        let_go(&world);
        check_run();
    }
    kill(tracer, SIGKILL);
    CHECK(waitpid(tracer, NULL, 0) == tracer);
    check_stop(MEMSCOPE_WORLD_PTRACE, "");
}

static void no_descriptor_is_free(void) {
    start_threads();
    struct rlimit none = {.rlim_cur = 0, .rlim_max = 1024};
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    check_stop(MEMSCOPE_WORLD_RUNS, "cannot be listed");
    none.rlim_cur = 1024;
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    check_stop(MEMSCOPE_WORLD_PTRACE, "");
}

// The numbers in /proc are those of the namespace outside.
static void proc_is_of_another_namespace(void) {
    if (unshare(CLONE_NEWPID) != 0) _exit(NOT_HERE);
    pid_t inside = fork();
    if (inside == 0) {
        start_threads();
        check_stop(MEMSCOPE_WORLD_RUNS, "another PID namespace");
        _exit(check_failures != 0);
    }
    int status;
    CHECK(waitpid(inside, &status, 0) == inside && status == 0);
}

static uint32_t may_open;

static void be_deaf_to_everything(struct actor *actor) {
    uint64_t all = UINT64_MAX, none = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
    while (!__atomic_load_n(&may_open, __ATOMIC_ACQUIRE)) __atomic_fetch_add(&actor->count, 1, __ATOMIC_RELAXED);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
    actor_spins(actor);
}

// By system call a thread can block even the C library's signals.
static void a_thread_does_not_answer_the_signal(void) {
    memscope_world_signals_only = true;
    for (int i = 0; i < THREADS; i++) actor_start(&actors[i], i == 1 ? be_deaf_to_everything : actor_spins);
    check_run();
    // What the action is where the C library has not set its own: the signal ends the process.
    uint64_t by_default[4] = {0};
    CHECK(syscall(SYS_rt_sigaction, 33, by_default, NULL, 8) == 0);
    struct memscope_world world;
    for (int i = 0; i < 2; i++) {
        CHECK(memscope_world_prepare(&world));
        memscope_world_stop(&world);
        CHECK(world.way == MEMSCOPE_WORLD_RUNS && strstr(world.complaint, "did not answer"));
        let_go(&world);
        check_run();
    }
    // What we sent it comes now, and finds a handler that knows nothing of it any more.
    __atomic_store_n(&may_open, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < 20; i++) check_stop(MEMSCOPE_WORLD_SIGNALS, "");
}

static void *go_on_without_main(void *unused) {
    char path[64], text[512] = {0};
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)getpid());
    while (!strstr(text, ") Z ")) {
        int file = open(path, O_RDONLY);
        ssize_t bytes = read(file, text, sizeof text - 1);
        text[bytes > 0 ? bytes : 0] = 0;
        close(file);
    }
    start_threads();
    for (int i = 0; i < 2; i++) {
        memscope_world_signals_only = i == 1;
        for (int round = 0; round < 10; round++) check_stop(both_ways[i], "");
    }
    _exit(check_failures != 0);
    return unused;
}

static void the_main_thread_has_ended(void) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, go_on_without_main, NULL) == 0);
    pthread_exit(NULL);
}

// The kernel's own thread for a ring: listed among ours, and never in the program's code.
static void a_worker_of_io_uring_is_no_obstacle(void) {
    uint32_t parameters[30] = {0};
    parameters[2] = 1 << 1;     // IORING_SETUP_SQPOLL
    parameters[4] = 600000;     // does not sleep before, in ms
    if (syscall(SYS_io_uring_setup, 4, parameters) < 0) _exit(NOT_HERE);
    start_threads();
    for (int i = 0; i < 2; i++) {
        memscope_world_signals_only = i == 1;
        for (int round = 0; round < 10; round++) check_stop(both_ways[i], "");
    }
}

// Killed while its threads stand still: the helper must not outlive it.
static void the_program_is_killed_meanwhile(void) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t program = fork();
    if (program == 0) {
        struct memscope_world world;
        start_threads();
        if (!stop_by(&world, MEMSCOPE_WORLD_PTRACE)) _exit(1);
        CHECK(write(ends[1], &world.way, 1) == 1);
        for (;;) pause();
    }
    close(ends[1]);
    char byte;
    CHECK(read(ends[0], &byte, 1) == 1);
    kill(program, SIGKILL);
    int status;
    CHECK(waitpid(program, &status, 0) == program && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    // The helper shares the program's descriptors: the pipe ends when it has ended.
    CHECK(read(ends[0], &byte, 1) == 0);
}

static struct { const char *name; void (*body)(void); } const cases[] = {
    {"ptrace says not permitted", ptrace_says_not_permitted},
    {"ptrace kills the process", ptrace_kills_the_process},
    {"ptrace kills the thread", ptrace_kills_the_thread},
    {"no process can be made", no_process_can_be_made},
    {"the process is not dumpable", the_process_is_not_dumpable},
    {"somebody traces already", somebody_traces_already},
    {"no descriptor is free", no_descriptor_is_free},
    {"/proc is of another namespace", proc_is_of_another_namespace},
    {"a thread does not answer the signal", a_thread_does_not_answer_the_signal},
    {"the main thread has ended", the_main_thread_has_ended},
    {"a worker of io_uring", a_worker_of_io_uring_is_no_obstacle},
    {"the program is killed meanwhile", the_program_is_killed_meanwhile},
};

int main(void) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fflush(stdout);
        pid_t process = fork();
        if (process == 0) {
            // A thread that is never let go would be waited for.
            alarm(300);
            cases[i].body();
            _exit(check_failures != 0);
        }
        int status;
        CHECK(waitpid(process, &status, 0) == process);
        bool is_here = !WIFEXITED(status) || WEXITSTATUS(status) != NOT_HERE;
        printf("%s: %s\n", cases[i].name, !is_here ? "cannot be tried here" : status == 0 ? "as it should" : "WRONG");
        CHECK(!is_here || status == 0);
    }
    return CHECK_END();
}
