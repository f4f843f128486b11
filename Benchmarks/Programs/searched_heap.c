// A heap to look for leaks in: blocks of 64 to 1000 bytes, three references to others in each, and other memory besides. It asks for
// the searches itself, and has itself copied before each, to tell what of a pause is the copying.
//
//     searched_heap held BLOCKS MIB THREADS ROUNDS DIRECTORY [graph]     all hang on one global
//     searched_heap lost BLOCKS MIB THREADS ROUNDS DIRECTORY [graph]     nothing leads to them: rings of four, with references
//                                                                        to older ones
//
// MIB of memory are mapped and written; THREADS wake up every 5 ms, allocate and free. Prints a JSON object for each round: the
// seconds that a copy of the process took, a capture with a search, and if asked for one with the whole graph. The captures stay in
// DIRECTORY as search-ROUND.memscope; of those with the whole graph the last one, graph.memscope.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "instance.h"

static void **kept;
static unsigned long state = 1;

static size_t random_below(size_t limit) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return limit ? (state >> 33) % limit : 0;
}

static void *block_at(size_t index) { return kept[index]; }

static void build(size_t blocks, int lost) {
    kept = malloc((blocks + 1) * sizeof *kept);
    if (!kept) exit(1);
    for (size_t i = 0; i < blocks; i++) {
        size_t size = 64 + random_below(937);
        if (!(kept[i] = malloc(size))) exit(1);
        memset(kept[i], 1, size);
    }
    for (size_t i = 0; i < blocks; i++) {
        void **block = kept[i];
        size_t ring = i & ~(size_t)3, next = ring + (i + 1) % 4, older = lost ? ring : i;
        block[0] = lost ? block_at(next < blocks ? next : ring) : block_at(random_below(older));
        for (int k = 1; k < 3; k++) block[k] = older ? block_at(random_below(older)) : NULL;
    }
    if (!lost) return;
    free(kept);
    kept = NULL;
}

// Overwrites what building left on the stack.
__attribute__((noinline)) static void scrub(void) {
    volatile char bytes[1 << 14];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = 0;
}

static void *work(void *unused) {
    for (;;) {
        void *blocks[50];
        for (int i = 0; i < 50; i++) blocks[i] = malloc(100);
        for (int i = 0; i < 50; i++) free(blocks[i]);
        usleep(5000);
    }
    return unused;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double copy(void) {
    double begin = now();
    pid_t child = (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, NULL);
    if (child == 0) syscall(SYS_exit_group, 0);
    double taken = now() - begin;
    while (waitpid(child, NULL, __WALL) < 0) {}
    return taken;
}

static double capture(const struct memscope_instance *memscope, const char *directory, const char *name, int round,
                      enum memscope_leak_mode mode) {
    char path[4096];
    if (round < 0) snprintf(path, sizeof path, "%s/%s.memscope", directory, name);
    else snprintf(path, sizeof path, "%s/%s-%d.memscope", directory, name, round);
    double begin = now();
    if (memscope->capture_with(path, "asked", mode) != MEMSCOPE_OK) exit(3);
    return now() - begin;
}

int main(int count, char **arguments) {
    const struct memscope_instance *memscope = dlsym(RTLD_DEFAULT, "memscope_instance_v1");
    if (count < 7 || count > 8 || !memscope) return 64;
    size_t extra = strtoul(arguments[3], NULL, 10) << 20;
    char *other = mmap(NULL, extra + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (other == MAP_FAILED) return 1;
    memset(other, 1, extra);
    build(strtoul(arguments[2], NULL, 10), arguments[1][0] == 'l');
    scrub();
    for (int i = 0; i < atoi(arguments[4]); i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, NULL) != 0) return 1;
    }
    for (int round = 0; round < atoi(arguments[5]); round++) {
        double copying = copy(), search = capture(memscope, arguments[6], "search", round, MEMSCOPE_LEAKS_UNREACHABLE);
        double graph = count == 8 ? capture(memscope, arguments[6], "graph", -1, MEMSCOPE_LEAKS_GRAPH) : 0;
        printf("{\"copy\": %.6f, \"search\": %.6f, \"graph\": %.6f}\n", copying, search, graph);
        fflush(stdout);
    }
    _exit(0);
}
