// Threads stand still from stop to release, whatever they are doing, and their registers are known; nothing is left of it.
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

static void check_run_on(const struct actor *some, int count) {
    for (int i = 0; i < count; i++)
        for (uint64_t before = actor_count(&some[i]); actor_count(&some[i]) == before;) sched_yield();
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

// Threads that /proc lists; of those that are not among the stopped ones, how many. It allocates nothing: whoever stands
// still may hold malloc's locks.
static int listed_threads(const struct memscope_world *world, int *others) {
    static _Alignas(8) char buffer[65536];
    int directory = open("/proc/self/task", O_RDONLY | O_DIRECTORY), count = 0;
    *others = 0;
    for (long bytes; (bytes = syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0;)
        for (char *at = buffer; at < buffer + bytes; at += *(uint16_t *)(at + 16)) {
            int tid = atoi(at + 19);
            if (tid == 0 || tid == (int)syscall(SYS_gettid)) continue;
            count++;
            *others += !stopped(world, tid);
        }
    close(directory);
    return count;
}

static uint64_t started;

static void *do_little(void *unused) {
    __atomic_fetch_add(&started, 1, __ATOMIC_SEQ_CST);
    return unused;
}

static bool chains_end;
static int chains;

// Starts its successor and ends: whoever looks late for it finds only that one, which runs.
static void *start_the_next(void *attributes) {
    pthread_t next;
    __atomic_fetch_add(&started, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n(&chains_end, __ATOMIC_ACQUIRE))
        if (pthread_create(&next, attributes, start_the_next, attributes) == 0) return NULL;
    __atomic_fetch_sub(&chains, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void start_chains(int count) {
    static pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 64 * 1024);
    chains_end = false;
    chains = count;
    for (int i = 0; i < count; i++) {
        pthread_t first;
        CHECK(pthread_create(&first, &attributes, start_the_next, &attributes) == 0);
    }
}

static void end_chains(void) {
    __atomic_store_n(&chains_end, true, __ATOMIC_RELEASE);
    int others;
    struct memscope_world none = {0};
    // Those that have said so may yet have to end.
    while (__atomic_load_n(&chains, __ATOMIC_SEQ_CST) || listed_threads(&none, &others)) sched_yield();
}

static void start_threads(struct actor *actor) {
    while (!actor_is_to_end(actor)) {
        pthread_t threads[8];
        int count = 0;
        while (count < 8 && pthread_create(&threads[count], NULL, do_little, NULL) == 0) count++;
        while (count) pthread_join(threads[--count], NULL);
    }
}

static void threads_that_come_and_go_are_caught(enum memscope_world_way way) {
    struct memscope_world world;
    for (int i = 0; i < FEW; i++) actor_start(&actors[i], start_threads);
    start_chains(FEW);
    uint32_t most = 0;
    for (int round = 0; round < 300; round++) {
        CHECK(stop_by(&world, way));
        uint64_t before = __atomic_load_n(&started, __ATOMIC_SEQ_CST);
        int others = 1, count = 0;
        // A thread that was about to end when it was found does so now.
        for (int i = 0; i < 5000 && others; i++) count = listed_threads(&world, &others);
        CHECK(others == 0 && count >= FEW);
        CHECK(__atomic_load_n(&started, __ATOMIC_SEQ_CST) == before);
        if (world.count > most) most = world.count;
        let_go(&world);
        while (__atomic_load_n(&started, __ATOMIC_SEQ_CST) == before) sched_yield();
    }
    CHECK(most > 2 * FEW);
    for (int i = 0; i < FEW; i++) actor_end(&actors[i]);
    end_chains();
}

static uint64_t received, child_signals;

static void on_queued(int number) {
    __atomic_fetch_add(number == SIGCHLD ? &child_signals : &received, 1, __ATOMIC_SEQ_CST);
}

static void be_sent_signals(struct actor *actor) {
    struct timespec moment = {.tv_nsec = 20000};
    while (!actor_is_to_end(actor)) nanosleep(&moment, NULL);
}

static void send_signals(struct actor *actor) {
    while (!actor_is_to_end(actor))
        if (sigqueue(getpid(), SIGRTMIN + 3, (union sigval){.sival_int = 1}) == 0) actor->count++;
        else sched_yield();
}

static void no_signal_of_the_programs_is_lost(enum memscope_world_way way) {
    struct memscope_world world;
    signal(SIGRTMIN + 3, on_queued);
    received = actors[3].count = 0;
    for (int i = 0; i < 3; i++) actor_start(&actors[i], be_sent_signals);
    actor_start(&actors[3], send_signals);
    for (int round = 0; round < 200; round++) {
        CHECK(stop_by(&world, way));
        uint64_t before = __atomic_load_n(&received, __ATOMIC_SEQ_CST);
        for (int i = 0; i < 20; i++) sched_yield();
        CHECK(__atomic_load_n(&received, __ATOMIC_SEQ_CST) == before);
        let_go(&world);
    }
    actor_end(&actors[3]);
    while (__atomic_load_n(&received, __ATOMIC_SEQ_CST) < actors[3].count) sched_yield();
    CHECK(received == actors[3].count);
    for (int i = 0; i < 3; i++) actor_end(&actors[i]);
}

static void change_user(struct actor *actor) {
    while (!actor_is_to_end(actor)) {
        if (setuid(getuid()) == 0) __atomic_fetch_add(&actor->count, 1, __ATOMIC_RELAXED);
    }
}

// The C library sends the signal that we use, too, and waits until every thread has run its handler.
static void the_c_librarys_own_signal_arrives(enum memscope_world_way way) {
    struct memscope_world world;
    actors[0].count = 0;
    actor_start(&actors[0], change_user);
    for (int i = 1; i < FEW; i++) actor_start(&actors[i], actor_spins);
    for (int round = 0; round < 100; round++) {
        CHECK(stop_by(&world, way));
        let_go(&world);
        check_run_on(actors, FEW);
    }
    for (int i = 0; i < FEW; i++) actor_end(&actors[i]);
}

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
    signal(SIGCHLD, on_queued);
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
        threads_that_come_and_go_are_caught(both_ways[i]);
        no_signal_of_the_programs_is_lost(both_ways[i]);
        the_c_librarys_own_signal_arrives(both_ways[i]);
        nothing_is_left(both_ways[i]);
        pause_with(both_ways[i], 2);
        pause_with(both_ways[i], 50);
        pause_with(both_ways[i], MANY);
    }
    return CHECK_END();
}
