// Asks for one search after the other while threads work, and says what has become more by then: nothing, if all is given back.
//
//   repeated SEARCHES
//
// Prints a line "what before after" for each figure.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak_cases.h"

#include "instance.h"

enum { WORKERS = 6, WARM_UP = 10, SLOTS = 512 };

static void *volatile slots[SLOTS];

// Allocates, links, resizes and frees, in memory that stays about the same.
static void *work(void *seed) {
    unsigned state = (unsigned)(uintptr_t)seed * 2654435761u + 1;
    for (unsigned i = 0;; i++) {
        state = state * 1664525 + 1013904223;
        void **block = calloc(1, 64 + (state >> 16) % 512);
        block[0] = malloc(48);
        block = realloc(block, 600);
        void **old = __atomic_exchange_n(&slots[state >> 23], block, __ATOMIC_ACQ_REL);
        if (old) {
            free(old[0]);
            free(old);
        }
        if (i % 64 == 0) usleep(1000);
    }
    return NULL;
}

static long entries(const char *path) {
    DIR *directory = opendir(path);
    long count = 0;
    while (directory && readdir(directory)) count++;
    if (directory) closedir(directory);
    return count - 2;
}

// Each thread may have a table of its own, as MemScope's have.
static long files_now(void) {
    DIR *threads = opendir("/proc/self/task");
    long count = 0;
    for (struct dirent *thread; threads && (thread = readdir(threads));) {
        char path[300];
        snprintf(path, sizeof path, "/proc/self/task/%s/fd", thread->d_name);
        if (thread->d_name[0] != '.') count += entries(path);
    }
    if (threads) closedir(threads);
    return count;
}

// The least of some readings: MemScope's threads have a file open now and then, to read it.
static long open_files(void) {
    long least = files_now();
    for (int i = 0; i < 10; i++) {
        usleep(2000);
        long count = files_now();
        if (count < least) least = count;
    }
    return least;
}

static long lines(const char *path) {
    char buffer[4096];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    long count = 0;
    for (ssize_t bytes; (bytes = read(file, buffer, sizeof buffer)) > 0;)
        for (ssize_t i = 0; i < bytes; i++) count += buffer[i] == '\n';
    close(file);
    return count;
}

static long resident_kilobytes(void) {
    char text[128] = {0};
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (read(file, text, sizeof text - 1) <= 0) abort();
    close(file);
    char *second = strchr(text, ' ');
    return strtol(second, NULL, 10) * 4;
}

// Whatever could be waited for, of any kind. Beside searches that others ask for only what programs wait for: it would take their
// copies.
static long children(void) {
    long count = 0;
    int kinds = getenv("MEMSCOPE_EXPORT_EVERY") ? 0 : __WALL;
    while (waitpid(-1, NULL, kinds | WNOHANG) >= 0) count++;
    return errno == ECHILD ? count : -1;
}

// Of the signals of faults, how many have another action than at first, as the kernel has it.
static long changed_actions(void) {
    static const int numbers[] = {SIGSEGV, SIGBUS};
    static uint64_t first[2][4], now[4];
    long changed = 0;
    for (int i = 0; i < 2; i++) {
        if (syscall(SYS_rt_sigaction, numbers[i], NULL, now, 8) != 0) abort();
        if (first[i][0] == 0) memcpy(first[i], now, sizeof now);
        changed += memcmp(first[i], now, sizeof now) != 0;
    }
    return changed;
}

static void on_fault(int number) { _exit(number); }

static const struct { const char *name; long (*figure)(void); } figures[] = {
    {"actions", changed_actions}, {"files", open_files}, {"resident", resident_kilobytes}, {"children", children},
};
enum { FIGURES = sizeof figures / sizeof *figures };

int main(int argc, char **argv) {
    const struct memscope_instance *memscope = dlsym(RTLD_DEFAULT, "memscope_instance_v1");
    if (argc != 2 || !memscope) return 2;
    signal(SIGSEGV, on_fault);
    signal(SIGBUS, on_fault);
    for (intptr_t i = 0; i < WORKERS; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, (void *)i) != 0) return 2;
    }
    char path[4096];
    snprintf(path, sizeof path, "%s/asked.memscope", getenv("MEMSCOPE_OUTPUT"));
    long before[FIGURES + 2], searches = atol(argv[1]) + WARM_UP;
    for (long search = 0; search < searches; search++) {
        if (search == WARM_UP) {
            for (int i = 0; i < FIGURES; i++) before[i] = figures[i].figure();
            before[FIGURES] = lines("/proc/self/maps");
            before[FIGURES + 1] = entries("/proc/self/task");
        }
        if (memscope->capture_with(path, "asked", search % 8 ? MEMSCOPE_LEAKS_UNREACHABLE : MEMSCOPE_LEAKS_GRAPH) != MEMSCOPE_OK) return 3;
    }
    for (int i = 0; i < FIGURES; i++) printf("%s %ld %ld\n", figures[i].name, before[i], figures[i].figure());
    printf("mappings %ld %ld\n", before[FIGURES], lines("/proc/self/maps"));
    printf("threads %ld %ld\n", before[FIGURES + 1], entries("/proc/self/task"));
    fflush(stdout);
    return 0;
}
