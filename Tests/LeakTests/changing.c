// Threads that hand blocks through places that go on changing while a copy of the process is searched: the kernel's, by epoll, and memory
// that processes share. Nothing leaks.
//
//   changing SEARCHES [kill]      the captures go to MEMSCOPE_OUTPUT/search-N.memscope
//
// With `kill` a thread kills the copies whenever it sees one. Prints how many.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "leak_cases.h"

#include "instance.h"

enum { WORKERS = 3, SLOTS = 64 };

// One word a slot, each on a page of its own.
static char *volatile *shared;

struct worker { int polls, event; int slot; };

// Of a size that the one before did not have, or it would be the same block.
static void *block(unsigned turn) { return malloc(64 + turn % 61 * 32); }

// Apart, so that nothing of a block stays in a frame that is in use.
__attribute__((noinline)) static void give_to_kernel(const struct worker *worker, unsigned turn) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = block(turn)};
    if (epoll_ctl(worker->polls, EPOLL_CTL_ADD, worker->event, &event) != 0) abort();
}

__attribute__((noinline)) static void take_from_kernel(const struct worker *worker) {
    struct epoll_event event;
    if (epoll_wait(worker->polls, &event, 1, -1) != 1) abort();
    if (epoll_ctl(worker->polls, EPOLL_CTL_DEL, worker->event, NULL) != 0) abort();
    free(event.data.ptr);
}

__attribute__((noinline)) static void give_to_memory(int slot, unsigned turn) { shared[512 * slot] = block(turn + 30); }

__attribute__((noinline)) static void take_from_memory(int slot) {
    free(__atomic_exchange_n(&shared[512 * slot], NULL, __ATOMIC_ACQ_REL));
}

static void *work(void *info) {
    const struct worker *worker = info;
    for (unsigned turn = 0;; turn++) {
        give_to_kernel(worker, turn);
        give_to_memory(worker->slot, turn);
        scrub();
        usleep(300);
        take_from_kernel(worker);
        take_from_memory(worker->slot);
    }
    return NULL;
}

static long killed;

// A copy offers itself to be killed when memory runs out.
static void kill_if_copy(const char *pid) {
    char path[64], score[8] = "";
    snprintf(path, sizeof path, "/proc/%s/oom_score_adj", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0 && read(file, score, sizeof score - 1) > 0 && strcmp(score, "1000\n") == 0 && kill(atoi(pid), SIGKILL) == 0) killed++;
    if (file >= 0) close(file);
}

static void kill_children_of(const char *thread) {
    char path[300], pids[4096];
    snprintf(path, sizeof path, "/proc/self/task/%s/children", thread);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t bytes = file >= 0 ? read(file, pids, sizeof pids - 1) : 0;
    if (file >= 0) close(file);
    pids[bytes > 0 ? bytes : 0] = 0;
    for (char *rest = pids, *pid; (pid = strtok_r(rest, " ", &rest));) kill_if_copy(pid);
}

static void *kill_copies(void *unused) {
    (void)unused;
    for (;;) {
        DIR *threads = opendir("/proc/self/task");
        for (struct dirent *thread; threads && (thread = readdir(threads));)
            if (thread->d_name[0] != '.') kill_children_of(thread->d_name);
        if (threads) closedir(threads);
        usleep(200);
    }
    return NULL;
}

int main(int argc, char **argv) {
    const struct memscope_instance *memscope = dlsym(RTLD_DEFAULT, "memscope_instance_v1");
    if (argc < 2 || argc > 3 || !memscope) return 2;
    shared = mmap(NULL, SLOTS * 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return 2;
    pthread_t thread;
    if (argc == 3 && pthread_create(&thread, NULL, kill_copies, NULL) != 0) return 2;
    static struct worker workers[WORKERS];
    for (int i = 0; i < WORKERS; i++) {
        workers[i] = (struct worker){.polls = epoll_create1(EPOLL_CLOEXEC), .event = eventfd(1, EFD_CLOEXEC), .slot = i};
        if (pthread_create(&thread, NULL, work, &workers[i]) != 0) return 2;
    }
    for (long search = 0; search < atol(argv[1]); search++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/search-%ld.memscope", getenv("MEMSCOPE_OUTPUT"), search);
        if (memscope->capture_with(path, "asked", MEMSCOPE_LEAKS_UNREACHABLE) != MEMSCOPE_OK) return 3;
    }
    dprintf(1, "%ld\n", killed);
    _exit(0);
}
