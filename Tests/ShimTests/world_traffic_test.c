// Threads are stopped while others come and go, while signals are on their way, and while the C library sends the one that
// we use ourselves.
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <time.h>

#include "world_stage.h"

enum { FEW = 4 };

static struct actor actors[FEW];

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
    for (int round = 0; round < ROUNDS_OF(300); round++) {
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

static uint64_t received;

static void on_queued(int number) { __atomic_fetch_add(&received, number == SIGRTMIN + 3, __ATOMIC_SEQ_CST); }

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
    for (int round = 0; round < ROUNDS_OF(200); round++) {
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
    for (int round = 0; round < ROUNDS_OF(100); round++) {
        CHECK(stop_by(&world, way));
        let_go(&world);
        check_run_on(actors, FEW);
    }
    for (int i = 0; i < FEW; i++) actor_end(&actors[i]);
}

int main(void) {
    // A thread that is never let go would be waited for.
    alarm(600);
    for (int i = 0; i < 2; i++) {
        threads_that_come_and_go_are_caught(both_ways[i]);
        no_signal_of_the_programs_is_lost(both_ways[i]);
        the_c_librarys_own_signal_arrives(both_ways[i]);
    }
    return CHECK_END();
}
