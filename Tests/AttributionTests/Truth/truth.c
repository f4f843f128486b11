// Runs, scopes and tasks as the program says they are, and their totals.
#define _GNU_SOURCE
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tables.h"

struct sums { uint64_t allocations, bytes, frees, freed; };
struct scope {
    uint32_t parent;
    char name[28];
    uint64_t entries;
    struct sums sums;
};

// What a run allocates counts for it while it is open. When it ends, all of that goes over to the run around it, if that one
// is open. What its tasks allocate afterwards counts for the scope; whether for a run as well is left open, since the end and
// what another thread does in the same few milliseconds have no order.
struct run {
    uint32_t outer, scope;
    enum { OPEN, ENDING, ENDED } state;
    uint32_t thread;            // that ended it
    uint32_t open_inside;       // runs directly in it that are not over
    bool is_handed_on;          // what it allocated counts for `outer` now
    bool is_disturbed;          // something happened in it between the end of its body and trackScope's return
    bool is_outlived;           // a run inside of it went on, or a task that was created in it or inside
    bool is_freed_by_others;    // another thread freed, after the end, what it retained
    uint64_t allocations, bytes, live, retained, end;
};
struct task { uintptr_t address; uint32_t generation; char name[28]; struct sums sums; };
struct line { uint64_t created, stay; };

enum { SCOPES = 1 << 15, RUNS = 1 << 18, TASKS = 1 << 17, LINES = 1 << 10, KINDS = 4, MAIL = 1 << 16 };
static struct scope scopes[SCOPES];
static struct run runs[RUNS];
static struct task tasks[TASKS];
static struct line lines[LINES][KINDS];
static void *mail[MAIL];
static uint32_t scope_count = 1, run_count = 1, mail_count;
static uint64_t sequence, edges, events_in_scopes;

int truth_on;
static const void *key;
static __thread uint32_t override __attribute__((tls_model("initial-exec")));

static uint32_t thread_number(void) {
    static __thread uint32_t number __attribute__((tls_model("initial-exec")));
    static uint32_t count;
    if (number == 0) number = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
    return number;
}

extern void *swift_task_getCurrent(void);
extern void *swift_task_alloc(size_t size) __attribute__((swiftcall));
extern void swift_task_dealloc(void *block) __attribute__((swiftcall));
extern void *swift_task_localValueGet(const void *key) __attribute__((swiftcall));

void truth_fail(const char *message) {
    if (write(2, message, strlen(message)) < 0 || write(2, "\n", 1) < 0) _exit(71);
    _exit(70);
}

static int locked;
void truth_lock(void) {
    while (__atomic_exchange_n(&locked, 1, __ATOMIC_ACQUIRE)) sched_yield();
}
void truth_unlock(void) { __atomic_store_n(&locked, 0, __ATOMIC_RELEASE); }

// Called from inside malloc, on a thread that may be anywhere in the runtime: both functions only read.
struct owner truth_owner_here(void) {
    struct owner owner = {.run = override};
    if (owner.run == TRUTH_NONE) {
        const uint64_t *value = swift_task_localValueGet(key);
        if (value) owner.run = (uint32_t)*value;
    }
    uintptr_t task = (uintptr_t)swift_task_getCurrent();
    if (task) {
        truth_lock();
        uint32_t i = (uint32_t)((task >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 40) % TASKS, probes = 0;
        while (tasks[i].address != 0 && tasks[i].address != task) {
            i = (i + 1) % TASKS;
            if (++probes == TASKS / 2) truth_fail("more tasks than there is room for");
        }
        tasks[i].address = task;
        owner.task = i + 1;
        owner.task_generation = tasks[i].generation;
        truth_unlock();
    }
    return owner;
}

// A block that begins where a task was is not that task's: whatever lies there now is new.
static void forget_task_at(uintptr_t block) {
    uint32_t i = (uint32_t)((block >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 40) % TASKS;
    while (tasks[i].address != 0 && tasks[i].address != block) i = (i + 1) % TASKS;
    if (tasks[i].address == 0) return;
    tasks[i] = (struct task){.address = block, .generation = tasks[i].generation + 1};
}

void truth_count_allocation(struct owner *owner, uintptr_t block, uint64_t size) {
    owner->sequence = ++sequence;
    forget_task_at(block);
    if (owner->run == TRUTH_EDGE) {
        edges++;
        owner->run = owner->task = 0;
    }
    if (owner->task) {
        tasks[owner->task - 1].sums.allocations++;
        tasks[owner->task - 1].sums.bytes += size;
    }
    if (owner->run == 0) return;
    events_in_scopes++;
    owner->scope = runs[owner->run].scope;
    scopes[owner->scope].sums.allocations++;
    scopes[owner->scope].sums.bytes += size;
    struct run *run = &runs[owner->run];
    if (run->state == ENDING) run->is_disturbed = true;
    if (run->state == ENDED) {
        for (uint32_t r = owner->run; r != 0; r = runs[r].outer) runs[r].is_outlived = true;
        return;
    }
    run->allocations++;
    run->bytes += size;
    run->live += size;
}

void truth_count_free(const struct owner *owner, uint64_t size) {
    if (owner->task && tasks[owner->task - 1].generation == owner->task_generation) {
        tasks[owner->task - 1].sums.frees++;
        tasks[owner->task - 1].sums.freed += size;
    }
    if (owner->run == 0) return;
    events_in_scopes++;
    scopes[owner->scope].sums.frees++;
    scopes[owner->scope].sums.freed += size;
    struct run *run = &runs[owner->run];
    if (run->state == ENDED && owner->sequence > run->end) return;
    while (run->state == ENDED) {
        if (run->thread != thread_number()) run->is_freed_by_others = true;
        if (!run->is_handed_on) return;
        run = &runs[run->outer];
    }
    if (run->state == ENDING) run->is_disturbed = true;
    run->live -= size;
}

void truth_begin(const void *task_local) {
    key = task_local;
    __atomic_store_n(&truth_on, 1, __ATOMIC_RELEASE);
}

uint64_t truth_events(void) { return __atomic_load_n(&events_in_scopes, __ATOMIC_ACQUIRE); }

uint32_t truth_run_begin(uint32_t outer, const char *name) {
    truth_lock();
    uint32_t parent = runs[outer].scope, scope = 1;
    while (scope < scope_count && (scopes[scope].parent != parent || strcmp(scopes[scope].name, name) != 0)) scope++;
    if (scope == SCOPES || run_count == RUNS || strlen(name) >= sizeof scopes->name) truth_fail("no room for a scope");
    if (scope == scope_count) {
        scopes[scope].parent = parent;
        strcpy(scopes[scope].name, name);
        scope_count++;
    }
    scopes[scope].entries++;
    runs[run_count] = (struct run){.outer = outer, .scope = scope};
    runs[outer].open_inside++;
    uint32_t run = run_count++;
    truth_unlock();
    return run;
}

void truth_run_ending(uint32_t run) {
    truth_lock();
    runs[run].state = ENDING;
    runs[run].retained = runs[run].live;
    truth_unlock();
}

void truth_run_ended(uint32_t index) {
    truth_lock();
    struct run *run = &runs[index], *outer = &runs[run->outer];
    run->state = ENDED;
    run->end = sequence;
    run->thread = thread_number();
    run->is_outlived |= run->open_inside > 0;
    outer->open_inside--;
    if (run->outer && outer->state == OPEN) {
        run->is_handed_on = true;
        outer->allocations += run->allocations;
        outer->bytes += run->bytes;
        outer->live += run->live;
        outer->is_outlived |= run->is_outlived;
        outer->is_disturbed |= run->is_disturbed;
    }
    truth_unlock();
}

void truth_override(uint32_t expected, uint32_t run) {
    if (override != expected) truth_fail("an override was left behind on another thread");
    override = run;
}

void truth_make_room(void) {
    if (swift_task_getCurrent()) swift_task_dealloc(swift_task_alloc(2400));
}

void truth_name_task(const char *name) {
    struct owner owner = truth_owner_here();
    if (owner.task == 0) truth_fail("only a task can be named");
    strncpy(tasks[owner.task - 1].name, name, sizeof tasks->name - 1);
}

void truth_task_created(uint32_t line, uint32_t kind, uint32_t stays) {
    __atomic_fetch_add(&lines[line % LINES][kind % KINDS].created, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&lines[line % LINES][kind % KINDS].stay, stays, __ATOMIC_RELAXED);
}

void truth_touch(void *block) { *(volatile char *)block = 1; }

void truth_post(void *block) {
    truth_lock();
    if (mail_count == MAIL) truth_fail("nobody takes the mail");
    mail[mail_count++] = block;
    truth_unlock();
}

void *truth_take(void) {
    truth_lock();
    void *block = mail_count > 0 ? mail[--mail_count] : NULL;
    truth_unlock();
    return block;
}

static void write_sums(FILE *file, const struct sums *sums) {
    fprintf(file, "\"allocations\":%lu,\"allocatedBytes\":%lu,\"frees\":%lu,\"liveBytes\":%lu", sums->allocations,
            sums->bytes, sums->frees, sums->bytes - sums->freed);
}

// What the runs of a scope were like, added up.
struct figure { uint64_t sum, most; };

static void add(struct figure *figure, uint64_t value) {
    figure->sum += value;
    if (value > figure->most) figure->most = value;
}

static void write_runs(FILE *file, uint32_t scope) {
    struct figure allocations = {0}, bytes = {0}, retained = {0};
    uint32_t ended = 0, uncertain = 0, shared = 0;
    for (uint32_t r = 1; r < run_count; r++) {
        if (runs[r].scope != scope || runs[r].state != ENDED) continue;
        ended++;
        uncertain += runs[r].is_disturbed || runs[r].is_outlived;
        shared += runs[r].is_freed_by_others;
        add(&allocations, runs[r].allocations);
        add(&bytes, runs[r].bytes);
        add(&retained, runs[r].retained);
    }
    fprintf(file, "\"ended\":%u,\"uncertain\":%u,\"freedByOthers\":%u,", ended, uncertain, shared);
    fprintf(file, "\"runAllocations\":[%lu,%lu],\"runBytes\":[%lu,%lu],\"runRetained\":[%lu,%lu],", allocations.sum,
            allocations.most, bytes.sum, bytes.most, retained.sum, retained.most);
}

int truth_write(const char *path) {
    __atomic_store_n(&truth_on, 0, __ATOMIC_RELEASE);
    FILE *file = fopen(path, "w");
    if (!file) return -1;
    fprintf(file, "{\"edges\":%lu,\n\"scopes\":[", edges);
    for (uint32_t i = 1; i < scope_count; i++) {
        const struct scope *scope = &scopes[i];
        fprintf(file, "%s\n{\"name\":\"%s\",\"parent\":%d,\"entries\":%lu,", i > 1 ? "," : "", scope->name,
                (int)scope->parent - 1, scope->entries);
        write_runs(file, i);
        write_sums(file, &scope->sums);
        fputs("}", file);
    }
    fprintf(file, "],\n\"tasks\":[");
    const char *separator = "";
    for (uint32_t i = 0; i < TASKS; i++) {
        if (tasks[i].name[0] == 0) continue;
        fprintf(file, "%s\n{\"name\":\"%s\",", separator, tasks[i].name);
        write_sums(file, &tasks[i].sums);
        fputs("}", file);
        separator = ",";
    }
    fprintf(file, "],\n\"lines\":[");
    separator = "";
    for (uint32_t i = 0; i < LINES; i++)
        for (uint32_t kind = 0; kind < KINDS; kind++)
            if (lines[i][kind].created) {
                fprintf(file, "%s\n{\"line\":%u,\"kind\":%u,\"created\":%lu,\"stay\":%lu}", separator, i, kind,
                        lines[i][kind].created, lines[i][kind].stay);
                separator = ",";
            }
    fprintf(file, "]}\n");
    return fclose(file);
}
