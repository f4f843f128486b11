// Walks of this program's own stack whose outcome is known: depth, order and end.

#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "reference_walk.h"

enum { capacity = 128 };

static uintptr_t frames[capacity];
static size_t count;
static struct walk_report report;

/// Walks from here and leaves the outcome in the variables above.
__attribute__((noinline)) static void walk_here(void) {
    uintptr_t stepped[capacity];
    struct walk_report stepped_report;
    struct memscope_frame_registers registers;
    REFERENCE_WALK_WORDS;
    REFERENCE_WALK_CAPTURE(&registers);
    size_t step_count = reference_walk_by_steps(registers, stepped, capacity, &stepped_report);
    registers.known = 0;
    count = reference_walk(registers, frames, capacity, &report);
    CHECK(step_count == count && memcmp(frames, stepped, count * sizeof *frames) == 0);
}

/// Says how many frames lie in the function at `code`.
static unsigned frames_in(uintptr_t code) {
    uintptr_t start, end;
    unsigned found = 0;
    if (!memscope_cfi_function(code, &start, &end)) return 0;
    for (size_t index = 0; index < count; index++) found += frames[index] > start && frames[index] <= end;
    return found;
}

__attribute__((noinline)) static int recurse(int depth) {
    volatile char space[400];
    space[depth] = 1;
    if (depth == 0) {
        walk_here();
    } else {
        recurse(depth - 1);
    }
    return space[depth];
}

static int compare(const void *left, const void *right) {
    walk_here();
    return *(const int *)left - *(const int *)right;
}

static void on_signal(int number) {
    (void)number;
    walk_here();
    // No tail call: the frame must be there.
    __asm__ volatile("");
}

/// A function that a signal interrupts before it has saved anything.
__attribute__((noinline)) static void spin(volatile sig_atomic_t *done) {
    // frames_in takes addresses for return addresses; the loop must not begin at the first instruction.
    __asm__ volatile("nop");
    while (!*done) {}
}

static volatile sig_atomic_t done;

static void on_alarm(int number) {
    (void)number;
    walk_here();
    done = 1;
}

static void *in_thread(void *unused) {
    recurse(7);
    CHECK(frames_in((uintptr_t)&recurse) == 8 && frames_in((uintptr_t)&in_thread) == 1);
    return unused;
}

int main(void) {
    recurse(10);
    CHECK(frames_in((uintptr_t)&walk_here) == 1 && frames_in((uintptr_t)&recurse) == 11);
    CHECK(frames_in((uintptr_t)&main) == 1);
    CHECK(report.end == walk_end_outermost);
    size_t at_depth_10 = count;
    recurse(11);
    CHECK(count == at_depth_10 + 1);

    int numbers[] = {2, 1};
    qsort(numbers, 2, sizeof *numbers, compare);
    CHECK(frames_in((uintptr_t)&compare) == 1 && frames_in((uintptr_t)&main) == 1);
    CHECK(report.end == walk_end_outermost);

    signal(SIGUSR1, on_signal);
    raise(SIGUSR1);
    CHECK(frames_in((uintptr_t)&on_signal) == 1 && frames_in((uintptr_t)&main) == 1);
    CHECK(report.end == walk_end_outermost);

    signal(SIGALRM, on_alarm);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    timer_t timer;
    struct itimerspec soon = {.it_value = {.tv_nsec = 20000000}};
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 && timer_settime(timer, 0, &soon, NULL) == 0);
    spin(&done);
    CHECK(frames_in((uintptr_t)&on_alarm) == 1 && frames_in((uintptr_t)&spin) == 1);
    CHECK(frames_in((uintptr_t)&main) == 1 && report.end == walk_end_outermost);

    pthread_t thread;
    pthread_create(&thread, NULL, in_thread, NULL);
    pthread_join(thread, NULL);
    return CHECK_END();
}
