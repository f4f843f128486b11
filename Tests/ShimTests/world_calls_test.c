// Which system calls notice that their thread was stopped. By ptrace none returns EINTR; by a signal those do that the
// kernel never restarts after a handler, and no others.
//
//     world_calls_test             the test
//     world_calls_test --table     the same, and a line for every call
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "world_stage.h"

// Calls with a timeout come back after this, and are made again until the test ends.
enum { NANOSECONDS = 30000000, MILLISECONDS = 30 };
static const struct timespec limit = {.tv_nsec = NANOSECONDS};

static int quiet_pipe[2], full_pipe[2], pair[2], timed_pair[2], listener, timed_listener, event, timer, poller, locked;
static int full_pair[2], timed_full_pair[2], full_listener, connecting;
static int queue, full_queue, semaphore_set;
static aio_context_t requests;
static uint32_t futex_word;
static sem_t semaphore, timed_semaphore;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, condition_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pid_t child;
static char bytes[1 << 20];

static struct timespec from_now(clockid_t clock) {
    struct timespec when;
    clock_gettime(clock, &when);
    when.tv_nsec += NANOSECONDS;
    if (when.tv_nsec >= 1000000000) when.tv_sec++, when.tv_nsec -= 1000000000;
    return when;
}

// Those of the C library that return an error number instead of setting one.
static long as_errno(int error) { return error ? (errno = error, -1) : 0; }

static long call_nanosleep(void) { return nanosleep(&limit, NULL); }
static long call_clock_nanosleep(void) {
    struct timespec when = from_now(CLOCK_MONOTONIC);
    return as_errno(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL));
}
static long call_usleep(void) { return usleep(NANOSECONDS / 1000); }
static long call_epoll_wait(void) { return epoll_wait(poller, &(struct epoll_event){0}, 1, MILLISECONDS); }
static long call_poll(void) { return poll(&(struct pollfd){.fd = quiet_pipe[0], .events = POLLIN}, 1, MILLISECONDS); }
static long call_ppoll(void) { return ppoll(&(struct pollfd){.fd = quiet_pipe[0], .events = POLLIN}, 1, &limit, NULL); }
static long call_select(void) { return select(0, NULL, NULL, NULL, &(struct timeval){.tv_usec = NANOSECONDS / 1000}); }
static long call_pselect(void) { return pselect(0, NULL, NULL, NULL, &limit, NULL); }
static long call_futex(void) { return syscall(SYS_futex, &futex_word, FUTEX_WAIT, 0, &limit, NULL, 0); }
static long call_sem_timedwait(void) {
    struct timespec when = from_now(CLOCK_REALTIME);
    return sem_timedwait(&timed_semaphore, &when);
}
static long call_accept_timed(void) { return accept(timed_listener, NULL, NULL); }
static long call_recv_timed(void) { return recv(timed_pair[0], bytes, 1, 0); }
static long call_sigtimedwait(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    return sigtimedwait(&set, NULL, &limit);
}
static long call_semtimedop(void) {
    return semtimedop(semaphore_set, &(struct sembuf){.sem_op = -1}, 1, &limit);
}
static long call_msgrcv(void) { return msgrcv(queue, bytes, 64, 0, 0); }
static long call_pause(void) { return pause(); }
static long call_sigsuspend(void) {
    sigset_t set;
    sigemptyset(&set);
    return sigsuspend(&set);
}
static long call_sigwaitinfo(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    return sigwaitinfo(&set, NULL);
}
// It says how many seconds are left, and sets no error number.
static long call_sleep(void) { return as_errno(sleep(5) ? EINTR : 0); }
static long call_semop(void) { return semop(semaphore_set, &(struct sembuf){.sem_op = -1}, 1); }
static long call_msgsnd(void) { return msgsnd(full_queue, &(struct { long kind; char text[64]; }){.kind = 1}, 64, 0); }
static long call_send_timed(void) { return send(timed_full_pair[0], bytes, 1, 0); }
static long call_sendmsg_timed(void) {
    return sendmsg(timed_full_pair[0], &(struct msghdr){.msg_iov = &(struct iovec){bytes, 1}, .msg_iovlen = 1}, 0);
}
static long call_recvmsg_timed(void) {
    return recvmsg(timed_pair[0], &(struct msghdr){.msg_iov = &(struct iovec){bytes, 1}, .msg_iovlen = 1}, 0);
}
static long call_connect_timed(void) {
    struct sockaddr_un address;
    socklen_t length = sizeof address;
    getsockname(full_listener, (struct sockaddr *)&address, &length);
    return connect(connecting, (struct sockaddr *)&address, length);
}
static long call_epoll_pwait(void) { return epoll_pwait(poller, &(struct epoll_event){0}, 1, MILLISECONDS, &(sigset_t){0}); }
static long call_io_getevents(void) {
    struct timespec time = limit;
    return syscall(SYS_io_getevents, requests, 1, 1, &(struct io_event){0}, &time);
}
static long call_send(void) { return send(full_pair[0], bytes, 1, 0); }
static long call_write(void) { return write(full_pipe[1], bytes, sizeof bytes); }

static long call_cond_timedwait(void) {
    pthread_mutex_lock(&condition_mutex);
    struct timespec when = from_now(CLOCK_REALTIME);
    int error = pthread_cond_timedwait(&condition, &condition_mutex, &when);
    pthread_mutex_unlock(&condition_mutex);
    return as_errno(error);
}
static long call_mutex_timedlock(void) {
    struct timespec when = from_now(CLOCK_REALTIME);
    return as_errno(pthread_mutex_timedlock(&mutex, &when));
}
static long call_sem_wait(void) { return sem_wait(&semaphore); }
static long call_read_pipe(void) { return read(quiet_pipe[0], bytes, 1); }
static long call_read_event(void) { return read(event, bytes, 8); }
static long call_read_timer(void) { return read(timer, bytes, 8); }
static long call_recv(void) { return recv(pair[0], bytes, 1, 0); }
static long call_accept(void) { return accept(listener, NULL, NULL); }
static long call_waitpid(void) { return waitpid(child, NULL, 0); }
static long call_flock(void) { return flock(locked, LOCK_EX); }

enum expectation {
    RESTARTED,  // by the kernel in any case
    AFTER_A_HANDLER_EINTR,
    SHORT,  // returns what it has done so far
};

static struct {
    const char *name;
    long (*call)(void);
    enum expectation expectation;
} const calls[] = {
    {"nanosleep", call_nanosleep, AFTER_A_HANDLER_EINTR},
    {"clock_nanosleep, absolute", call_clock_nanosleep, AFTER_A_HANDLER_EINTR},
    {"usleep", call_usleep, AFTER_A_HANDLER_EINTR},
    {"epoll_wait", call_epoll_wait, AFTER_A_HANDLER_EINTR},
    {"poll", call_poll, AFTER_A_HANDLER_EINTR},
    {"ppoll", call_ppoll, AFTER_A_HANDLER_EINTR},
    {"select", call_select, AFTER_A_HANDLER_EINTR},
    {"pselect", call_pselect, AFTER_A_HANDLER_EINTR},
    {"futex with a timeout", call_futex, AFTER_A_HANDLER_EINTR},
    {"sem_timedwait", call_sem_timedwait, AFTER_A_HANDLER_EINTR},
    {"accept with SO_RCVTIMEO", call_accept_timed, AFTER_A_HANDLER_EINTR},
    {"recv with SO_RCVTIMEO", call_recv_timed, AFTER_A_HANDLER_EINTR},
    {"sigtimedwait", call_sigtimedwait, AFTER_A_HANDLER_EINTR},
    {"semtimedop", call_semtimedop, AFTER_A_HANDLER_EINTR},
    {"msgrcv", call_msgrcv, AFTER_A_HANDLER_EINTR},
    {"pause", call_pause, AFTER_A_HANDLER_EINTR},
    {"sigsuspend", call_sigsuspend, AFTER_A_HANDLER_EINTR},
    {"sigwaitinfo", call_sigwaitinfo, AFTER_A_HANDLER_EINTR},
    {"sleep", call_sleep, AFTER_A_HANDLER_EINTR},
    {"semop", call_semop, AFTER_A_HANDLER_EINTR},
    {"msgsnd", call_msgsnd, AFTER_A_HANDLER_EINTR},
    {"send with SO_SNDTIMEO", call_send_timed, AFTER_A_HANDLER_EINTR},
    {"sendmsg with SO_SNDTIMEO", call_sendmsg_timed, AFTER_A_HANDLER_EINTR},
    {"recvmsg with SO_RCVTIMEO", call_recvmsg_timed, AFTER_A_HANDLER_EINTR},
    {"connect with SO_SNDTIMEO", call_connect_timed, AFTER_A_HANDLER_EINTR},
    {"epoll_pwait", call_epoll_pwait, AFTER_A_HANDLER_EINTR},
    {"io_getevents", call_io_getevents, AFTER_A_HANDLER_EINTR},
    {"send", call_send, RESTARTED},
    {"write to a full pipe", call_write, SHORT},
    {"pthread_cond_timedwait", call_cond_timedwait, RESTARTED},
    {"pthread_mutex_timedlock", call_mutex_timedlock, RESTARTED},
    {"sem_wait", call_sem_wait, RESTARTED},
    {"read from a pipe", call_read_pipe, RESTARTED},
    {"read from an eventfd", call_read_event, RESTARTED},
    {"read from a timerfd", call_read_timer, RESTARTED},
    {"recv", call_recv, RESTARTED},
    {"accept", call_accept, RESTARTED},
    {"waitpid", call_waitpid, RESTARTED},
    {"flock", call_flock, RESTARTED},
};
enum { CALLS = sizeof calls / sizeof *calls };

static struct actor callers[CALLS];
static uint64_t interrupted[CALLS], cut_short[CALLS];

static void make_calls(struct actor *actor) {
    size_t i = (size_t)(actor - callers);
    while (!actor_is_to_end(actor)) {
        long result = calls[i].call();
        if (result == -1 && errno == EINTR) __atomic_fetch_add(&interrupted[i], 1, __ATOMIC_RELAXED);
        if (calls[i].expectation == SHORT && result >= 0 && result < (long)sizeof bytes)
            __atomic_fetch_add(&cut_short[i], 1, __ATOMIC_RELAXED);
    }
}

static int listen_at(const char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int made = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "memscope-%s-%d", name, (int)getpid());
    CHECK(bind(made, (struct sockaddr *)&address, sizeof address) == 0 && listen(made, 1) == 0);
    return made;
}

static void set_timeout(int file) {
    struct timeval time = {.tv_usec = NANOSECONDS / 1000};
    CHECK(setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) == 0);
    CHECK(setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time) == 0);
}

// Until nothing more goes in without waiting.
static void fill_up(void) {
    for (int i = 0; i < 2; i++)
        while (send(i == 0 ? full_pair[0] : timed_full_pair[0], bytes, 4096, MSG_DONTWAIT) > 0) {}
    while (msgsnd(full_queue, &(struct { long kind; char text[64]; }){.kind = 1}, 64, IPC_NOWAIT) == 0) {}
    struct sockaddr_un address;
    socklen_t length = sizeof address;
    CHECK(getsockname(full_listener, (struct sockaddr *)&address, &length) == 0);
    for (int made, waiting = 0; waiting == 0; waiting = errno == EAGAIN) {
        made = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        errno = 0;
        CHECK(connect(made, (struct sockaddr *)&address, length) == 0 || errno == EAGAIN);
    }
}

static void set_up(void) {
    CHECK(pipe(quiet_pipe) == 0 && pipe(full_pipe) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, timed_pair) == 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, full_pair) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, timed_full_pair) == 0);
    listener = listen_at("plain");
    full_listener = listen_at("full");
    connecting = socket(AF_UNIX, SOCK_STREAM, 0);
    timed_listener = listen_at("timed");
    set_timeout(timed_pair[0]);
    set_timeout(timed_listener);
    set_timeout(timed_full_pair[0]);
    set_timeout(connecting);
    event = eventfd(0, 0);
    timer = timerfd_create(CLOCK_MONOTONIC, 0);
    poller = epoll_create1(0);
    char name[] = "/tmp/memscope-lock-XXXXXX";
    locked = mkstemp(name);
    int holder = open(name, O_RDWR);
    CHECK(locked >= 0 && flock(holder, LOCK_EX) == 0);
    unlink(name);
    queue = msgget(IPC_PRIVATE, 0600);
    full_queue = msgget(IPC_PRIVATE, 0600);
    CHECK(full_queue >= 0 && syscall(SYS_io_setup, 1, &requests) == 0);
    fill_up();
    semaphore_set = semget(IPC_PRIVATE, 1, 0600);
    CHECK(event >= 0 && timer >= 0 && poller >= 0 && queue >= 0 && semaphore_set >= 0);
    sem_init(&semaphore, 0, 0);
    sem_init(&timed_semaphore, 0, 0);
    pthread_mutex_lock(&mutex);
    child = fork();
    if (child == 0)
        for (;;) pause();
}

// So that waiting calls return: the test is over.
static void tear_down(void) {
    for (int i = 0; i < CALLS; i++) __atomic_store_n(&callers[i].end, true, __ATOMIC_RELEASE);
    kill(child, SIGKILL);
    sem_post(&semaphore);
    close(quiet_pipe[1]);
    close(pair[1]);
    shutdown(listener, SHUT_RDWR);
    CHECK(write(event, &(uint64_t){1}, 8) == 8);
    timerfd_settime(timer, 0, &(struct itimerspec){.it_value.tv_nsec = 1}, NULL);
    msgctl(queue, IPC_RMID, NULL);
    msgctl(full_queue, IPC_RMID, NULL);
    semctl(semaphore_set, 0, IPC_RMID);
}

static bool all_seen(void) {
    for (int i = 0; i < CALLS; i++)
        if (calls[i].expectation == AFTER_A_HANDLER_EINTR && __atomic_load_n(&interrupted[i], __ATOMIC_RELAXED) == 0)
            return false;
    return true;
}

static void stop_often(enum memscope_world_way way) {
    struct memscope_world world;
    memset(interrupted, 0, sizeof interrupted);
    memset(cut_short, 0, sizeof cut_short);
    // By signals until every call that must notice has: so the stops do hit calls, and by ptrace as often.
    static int stops;
    for (int i = 0; way == MEMSCOPE_WORLD_SIGNALS ? i < 200 || (i < 100000 && !all_seen()) : i < stops; i++) {
        CHECK(stop_by(&world, way));
        let_go(&world);
        usleep(1000);
        if (way == MEMSCOPE_WORLD_SIGNALS) stops = i + 1;
        // Room for the next write, which is then cut short.
        if (i % 20 == 0) CHECK(read(full_pipe[0], (char[4096]){0}, 4096) > 0);
    }
}

int main(int count, char **arguments) {
    bool table = count > 1 && strcmp(arguments[1], "--table") == 0;
    uint64_t figures[2][2][CALLS];
    // A thread that is never let go would be waited for.
    alarm(600);
    set_up();
    for (int i = 0; i < CALLS; i++) actor_start(&callers[i], make_calls);
    for (int i = 0; i < 2; i++) {
        stop_often(i == 0 ? MEMSCOPE_WORLD_SIGNALS : MEMSCOPE_WORLD_PTRACE);
        memcpy(figures[i][0], interrupted, sizeof interrupted);
        memcpy(figures[i][1], cut_short, sizeof cut_short);
    }
    if (table) printf("%-28s %16s %16s\n", "EINTR, or a short count", "by a signal", "by ptrace");
    for (int i = 0; i < CALLS; i++) {
        bool is_short = calls[i].expectation == SHORT;
        uint64_t by_signal = figures[0][is_short][i], by_ptrace = figures[1][is_short][i];
        if (table) printf("%-28s %16lu %16lu\n", calls[i].name, by_signal, by_ptrace);
        if (is_short) continue;
        if ((by_signal != 0) != (calls[i].expectation == AFTER_A_HANDLER_EINTR) || by_ptrace)
            fprintf(stderr, "%s: EINTR %lu times by a signal, %lu by ptrace\n", calls[i].name, by_signal, by_ptrace);
        CHECK((by_signal != 0) == (calls[i].expectation == AFTER_A_HANDLER_EINTR));
        CHECK(by_ptrace == 0);
    }
    tear_down();
    // Those that nothing wakes are not waited for: the process ends.
    return CHECK_END();
}
