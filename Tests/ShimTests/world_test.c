// Threads stand still from stop to release, whatever they compute or wait for, and their registers are known; nothing is left of it.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "world_stage.h"

enum { FEW = 4, MANY = 1000, REPEATS = 200 };

static struct actor actors[MANY];

static void check_stand_still(const struct memscope_world *world, const struct actor *some, int count) {
    uint64_t before[MANY];
    for (int i = 0; i < count; i++) before[i] = actor_count(&some[i]);
    for (int i = 0; i < 2000; i++) sched_yield();
    for (int i = 0; i < count; i++) {
        const struct memscope_stopped_thread *thread = stopped(world, some[i].tid);
        CHECK(actor_count(&some[i]) == before[i]);
        CHECK(thread != NULL);
        if (!thread) continue;
        CHECK(thread->stack_pointer > some[i].stack_low && thread->stack_pointer < some[i].stack_high);
#if defined(__x86_64__)
        CHECK(thread->thread_pointer == (uintptr_t)some[i].thread);
#else
        CHECK(thread->thread_pointer > (uintptr_t)some[i].thread && thread->thread_pointer < some[i].stack_high);
#endif
    }
}

static void spin_with_all_blocked(struct actor *actor) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    actor_spins(actor);
}

static void threads_that_run_stand_still(enum memscope_world_way way) {
    struct memscope_world world;
    for (int i = 0; i < FEW; i++) actor_start(&actors[i], i % 2 ? spin_with_all_blocked : actor_spins);
    for (int round = 0; round < 20; round++) {
        CHECK(stop_by(&world, way));
        CHECK(world.count == FEW && world.complaint[0] == 0);
        check_stand_still(&world, actors, FEW);
        let_go(&world);
        CHECK(world.nanoseconds > 0);
        check_run_on(actors, FEW);
    }
    for (int i = 0; i < FEW; i++) actor_end(&actors[i]);
}

// The key is nowhere but in one register: what memory holds is its complement.
static void hold_in_general_register(struct actor *actor) {
#if defined(__x86_64__)
    __asm__ volatile("movq %[key], %%r15\n\t notq %%r15\n"
                     "1: incq %[count]\n\t cmpb $0, %[end]\n\t je 1b\n\t xorl %%r15d, %%r15d"
                     : [count] "+m"(actor->count)
                     : [key] "m"(actor->key), [end] "m"(actor->end)
                     : "r15", "cc", "memory");
#else
    __asm__ volatile("ldr x27, [%[key]]\n\t mvn x27, x27\n"
                     "1: ldr x9, [%[count]]\n\t add x9, x9, #1\n\t str x9, [%[count]]\n\t"
                     "ldrb w9, [%[end]]\n\t cbz w9, 1b\n\t mov x27, xzr"
                     :
                     : [count] "r"(&actor->count), [key] "r"(&actor->key), [end] "r"(&actor->end)
                     : "x27", "x9", "cc", "memory");
#endif
}

static void hold_in_vector_register(struct actor *actor) {
#if defined(__x86_64__)
    __asm__ volatile("movq %[key], %%rax\n\t notq %%rax\n\t movq %%rax, %%xmm9\n\t xorl %%eax, %%eax\n"
                     "1: incq %[count]\n\t cmpb $0, %[end]\n\t je 1b\n\t pxor %%xmm9, %%xmm9"
                     : [count] "+m"(actor->count)
                     : [key] "m"(actor->key), [end] "m"(actor->end)
                     : "rax", "xmm9", "cc", "memory");
#else
    __asm__ volatile("ldr x9, [%[key]]\n\t mvn x9, x9\n\t fmov d9, x9\n"
                     "1: ldr x9, [%[count]]\n\t add x9, x9, #1\n\t str x9, [%[count]]\n\t"
                     "ldrb w9, [%[end]]\n\t cbz w9, 1b\n\t movi d9, #0"
                     :
                     : [count] "r"(&actor->count), [key] "r"(&actor->key), [end] "r"(&actor->end)
                     : "v9", "x9", "cc", "memory");
#endif
}

static int occurrences(const struct memscope_stopped_thread *thread, uint64_t word) {
    int count = 0;
    for (uint32_t i = 0; i < thread->register_words; i++) count += thread->registers[i] == word;
    return count;
}

static void what_only_a_register_holds_is_found(enum memscope_world_way way) {
    struct memscope_world world;
    void (*bodies[])(struct actor *) = {hold_in_general_register, hold_in_vector_register};
    for (int i = 0; i < 2; i++) {
        actors[i].key = ~(UINT64_C(0x1122334455667788) + (uint64_t)i);
        actors[i].count = 0;
        actor_start(&actors[i], bodies[i]);
        check_run_on(&actors[i], 1);
    }
    CHECK(stop_by(&world, way));
    for (int i = 0; i < 2; i++) {
        const struct memscope_stopped_thread *thread = stopped(&world, actors[i].tid);
        CHECK(thread && occurrences(thread, ~actors[i].key) == 1);
        CHECK(thread && occurrences(thread, ~actors[1 - i].key) == 0);
    }
    let_go(&world);
    for (int i = 0; i < 2; i++) actor_end(&actors[i]);
}

static int pipe_ends[2];

static void wait_in_read(struct actor *actor) {
    char byte;
    actor->key = (uint64_t)read(pipe_ends[0], &byte, 1);
}

static int compare(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void pause_with(enum memscope_world_way way, int threads) {
    enum { ROUNDS = 15 };
    struct memscope_world world;
    uint64_t pauses[ROUNDS], stops[ROUNDS];
    CHECK(pipe(pipe_ends) == 0);
    for (int i = 0; i < threads; i++) actor_start(&actors[i], wait_in_read);
    for (int round = 0; round < ROUNDS; round++) {
        CHECK(stop_by(&world, way));
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        stops[round] = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec - world.began;
        CHECK(world.count == (uint32_t)threads);
        for (int i = 0; i < threads; i++) CHECK(stopped(&world, actors[i].tid));
        memscope_world_release(&world);
        pauses[round] = world.nanoseconds;
        memscope_world_finish(&world);
    }
    close(pipe_ends[1]);
    for (int i = 0; i < threads; i++) {
        actor_end(&actors[i]);
        CHECK(actors[i].key == 0);
    }
    close(pipe_ends[0]);
    qsort(pauses, ROUNDS, sizeof *pauses, compare);
    qsort(stops, ROUNDS, sizeof *stops, compare);
    printf("%4d threads, %s: stopped after %.2f ms (median; most %.2f), pause with release %.2f ms (most %.2f)\n",
           threads, way == MEMSCOPE_WORLD_PTRACE ? "ptrace " : "signals", (double)stops[ROUNDS / 2] / 1e6,
           (double)stops[ROUNDS - 1] / 1e6, (double)pauses[ROUNDS / 2] / 1e6, (double)pauses[ROUNDS - 1] / 1e6);
}

static int child_signals;

static void on_child(int number) { child_signals += number == SIGCHLD; }

static long mapped_pages(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    CHECK(file && fscanf(file, "%ld", &pages) == 1);
    fclose(file);
    return pages;
}

static int open_files(void) {
    int count = 0;
    for (int file = 0; file < 1024; file++) count += fcntl(file, F_GETFD) != -1;
    return count;
}

// What stood for the signal when nothing had been stopped yet.
static uint64_t the_c_librarys[4];

static void nothing_is_left(enum memscope_world_way way) {
    struct memscope_world world;
    uint64_t action[4];
    signal(SIGCHLD, on_child);
    for (int i = 0; i < 2; i++) actor_start(&actors[i], actor_spins);
    long pages = 0;
    int files = 0, threads = 0, others;
    for (int round = 0; round <= REPEATS; round++) {
        CHECK(stop_by(&world, way));
        let_go(&world);
        if (round) continue;
        pages = mapped_pages();
        files = open_files();
        threads = listed_threads(&world, &others);
    }
    CHECK(mapped_pages() == pages);
    CHECK(open_files() == files);
    CHECK(listed_threads(&world, &others) == threads);
    syscall(SYS_rt_sigaction, 33, NULL, action, 8);
    CHECK(memcmp(action, the_c_librarys, sizeof action) == 0 && action[0] != 0);
    CHECK(waitpid(-1, NULL, __WALL) == -1 && errno == ECHILD && child_signals == 0);
    for (int i = 0; i < 2; i++) actor_end(&actors[i]);
}

int main(void) {
    // A thread that is never let go would be waited for.
    alarm(600);
    setvbuf(stdout, NULL, _IOLBF, 0);
    actor_start(&actors[0], actor_spins);
    actor_end(&actors[0]);
    syscall(SYS_rt_sigaction, 33, NULL, the_c_librarys, 8);
    for (int i = 0; i < 2; i++) {
        threads_that_run_stand_still(both_ways[i]);
        what_only_a_register_holds_is_found(both_ways[i]);
        nothing_is_left(both_ways[i]);
        pause_with(both_ways[i], 2);
        pause_with(both_ways[i], 50);
        pause_with(both_ways[i], MANY);
    }
    return CHECK_END();
}
