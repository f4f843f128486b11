#define _GNU_SOURCE
#include "walk_comparison.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reference_walk.h"

enum { frame_capacity = 512, class_capacity = 4096 };

/// How two walks relate.
enum outcome {
    outcome_same,
    /// Ours goes on where libunwind's ends.
    outcome_ours_longer,
    /// libunwind's goes on where ours ends.
    outcome_theirs_longer,
    /// A frame differs.
    outcome_differs,
    /// Ours with rules and ours by steps differ.
    outcome_rules_differ,
    outcome_count,
};

static const char *const outcome_names[] = {"same", "ours longer", "theirs longer", "differs", "rules differ"};

/// Walks that part ways at the same frame in the same manner.
struct class {
    uintptr_t frame;
    uintptr_t ours;
    uintptr_t theirs;
    unsigned long count;
    enum outcome outcome;
    enum walk_end end;
};

static struct class classes[class_capacity];
static unsigned long class_overflow;
static unsigned long outcomes[outcome_count];
static unsigned long ends[walk_end_full + 1];
static unsigned long regular_frames, complex_frames, guessed_frames, all_frames, repeated_walks;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int (*oracle)(void **, int);
static volatile bool is_on;
static __thread bool is_inside __attribute__((tls_model("initial-exec")));
static __thread uintptr_t stack_low __attribute__((tls_model("initial-exec")));
static __thread uintptr_t stack_high __attribute__((tls_model("initial-exec")));

static void find_stack(void) {
    pthread_attr_t attributes;
    void *low;
    size_t size;
    stack_low = stack_high = 1;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
    if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
        stack_low = (uintptr_t)low;
        stack_high = stack_low + size;
    }
    pthread_attr_destroy(&attributes);
}

static void record(enum outcome outcome, enum walk_end end, uintptr_t frame, uintptr_t ours, uintptr_t theirs) {
    outcomes[outcome]++;
    if (outcome == outcome_same) return;
    size_t slot = (frame * 0x9e3779b97f4a7c15u >> 40) % class_capacity;
    for (size_t probe = 0; probe < class_capacity; probe++, slot = (slot + 1) % class_capacity) {
        struct class *class = &classes[slot];
        if (class->count == 0) {
            *class = (struct class){frame, ours, theirs, 1, outcome, end};
            return;
        }
        if (class->frame == frame && class->outcome == outcome && class->end == end) {
            class->count++;
            return;
        }
    }
    class_overflow++;
}

/// Compares from the second frame on: the first one is in walk_comparison_take, at different instructions.
static void compare(
    const uintptr_t *ours, size_t our_count, enum walk_end end, void *const *theirs, size_t their_count) {
    size_t index = 1;
    while (index < our_count && index < their_count && ours[index] == (uintptr_t)theirs[index]) index++;
    if (index == our_count && index == their_count) {
        record(outcome_same, end, 0, 0, 0);
    } else if (index == our_count) {
        record(outcome_theirs_longer, end, ours[index - 1], 0, (uintptr_t)theirs[index]);
    } else if (index == their_count) {
        record(outcome_ours_longer, end, ours[index - 1], ours[index], 0);
    } else {
        record(outcome_differs, end, ours[index - 1], ours[index], (uintptr_t)theirs[index]);
    }
}

__attribute__((noinline)) void walk_comparison_take(void) {
    if (!is_on || is_inside) return;
    is_inside = true;
    if (!stack_high) find_stack();

    static __thread uintptr_t ours[frame_capacity] __attribute__((tls_model("initial-exec")));
    static __thread uintptr_t stepped[frame_capacity] __attribute__((tls_model("initial-exec")));
    static __thread void *theirs[frame_capacity] __attribute__((tls_model("initial-exec")));
    struct memscope_frame_registers registers;
    struct walk_report report, stepped_report;
    REFERENCE_WALK_WORDS;
    REFERENCE_WALK_CAPTURE(&registers);
    registers.stack_low = stack_low;
    registers.stack_high = stack_high;
    size_t step_count = reference_walk_by_steps(registers, stepped, frame_capacity, &stepped_report);
    size_t count = reference_walk(registers, ours, frame_capacity, &report);
    if (report.end == walk_end_no_step) {
        // A CFA in a callee-saved register that rules do not carry: what remains is to walk again by steps alone.
        repeated_walks++;
        count = reference_walk_by_steps(registers, ours, frame_capacity, &report);
    }
    int their_count = oracle(theirs, frame_capacity);

    pthread_mutex_lock(&mutex);
    ends[report.end]++;
    regular_frames += report.regular;
    complex_frames += report.complex;
    guessed_frames += report.guessed;
    all_frames += count;
    compare(ours, count, report.end, theirs, their_count < 0 ? 0 : (size_t)their_count);
    if (step_count != count || memcmp(ours, stepped, count * sizeof *ours) != 0) {
        record(outcome_rules_differ, stepped_report.end, ours[count - 1], count, step_count);
    }
    pthread_mutex_unlock(&mutex);
    is_inside = false;
}

bool walk_comparison_start(void) {
    is_inside = true;
    void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
    oracle = library ? (int (*)(void **, int))dlsym(library, "unw_backtrace") : NULL;
    is_inside = false;
    is_on = oracle != NULL;
    return is_on;
}

/// Writes an address as module and offset, for objdump and gdb.
static void write_address(FILE *file, const char *label, uintptr_t address) {
    Dl_info information;
    if (address && dladdr((void *)address, &information) && information.dli_fname) {
        fprintf(file, "  %s %s+0x%lx (%s)", label, strrchr(information.dli_fname, '/') ?: information.dli_fname,
                (unsigned long)(address - (uintptr_t)information.dli_fbase),
                information.dli_sname ? information.dli_sname : "?");
    } else {
        fprintf(file, "  %s 0x%lx", label, (unsigned long)address);
    }
}

unsigned long walk_comparison_report(void) {
    is_on = false;
    is_inside = true;
    const char *path = getenv("WALK_COMPARISON");
    FILE *file = path ? fopen(path, "a") : stderr;
    if (!file) file = stderr;
    unsigned long total = outcomes[outcome_same] + outcomes[outcome_ours_longer] + outcomes[outcome_theirs_longer]
        + outcomes[outcome_differs];
    if (total) {
        fprintf(file, "walks %lu, frames %lu (regular %lu, complex %lu, without CFI %lu); same %lu (%.4f %%)\n",
                total, all_frames, regular_frames, complex_frames, guessed_frames, outcomes[outcome_same],
                100.0 * (double)outcomes[outcome_same] / (double)total);
        fprintf(file, "pid %d; ended: outermost %lu, no CFI %lu, no step %lu, bad stack %lu, full %lu", getpid(),
                ends[walk_end_outermost], ends[walk_end_no_cfi], ends[walk_end_no_step], ends[walk_end_bad_stack],
                ends[walk_end_full]);
        fprintf(file, "; repeated by steps %lu\n", repeated_walks);
    }
    for (size_t index = 0; index < class_capacity; index++) {
        const struct class *class = &classes[index];
        if (!class->count) continue;
        fprintf(file, "%8lu %s (end %d)", class->count, outcome_names[class->outcome], class->end);
        write_address(file, "at", class->frame);
        write_address(file, "ours", class->ours);
        write_address(file, "theirs", class->theirs);
        fprintf(file, "\n");
    }
    if (class_overflow) fprintf(file, "classes not kept: %lu\n", class_overflow);
    if (file != stderr) fclose(file);
    is_inside = false;
    return outcomes[outcome_theirs_longer] + outcomes[outcome_differs] + outcomes[outcome_rules_differ];
}
