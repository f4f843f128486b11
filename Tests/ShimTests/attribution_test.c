// Contexts, scopes, runs, tasks' places and names as tables: what is known is found again, what has ended leaves the lists
// and is told to the engine, places are used again, and a full table degrades as it says.
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>

#include "Attribution/context.h"
#include "Attribution/names.h"
#include "Attribution/scope.h"
#include "Lifecycle/state.h"
#include "Lifecycle/switch.h"
#include "Ring/ring.h"
#include "Ring/segment_pool.h"
#include "Shadow/shadow.h"
#include "check.h"

static struct memscope_engine *const engine = &memscope_engine;

static uint32_t context_of(const struct memscope_thread *thread) {
    return (uint32_t)(thread->context_word >> MEMSCOPE_CONTEXT_SHIFT) & MEMSCOPE_CONTEXT_MASK;
}

static uint32_t use(struct memscope_thread *thread, uint32_t task, uint64_t run) {
    memscope_context_use(thread, task, run);
    return context_of(thread);
}

// Takes the next note out of the thread's ring: its control and raw word; marks are passed over.
static uint32_t next_note(struct memscope_thread *thread, uint64_t *raw) {
    for (;;) {
        struct memscope_segment *segment = thread->ring.consumer;
        if (segment->consumed == memscope_load_acquire(&segment->published)) return MEMSCOPE_CONTROL_SKIP;
        uint64_t word = segment->words[segment->consumed];
        *raw = segment->words[segment->consumed + 1];
        segment->consumed += 2;
        uint32_t control = (uint32_t)(word >> MEMSCOPE_BIRTH_SHIFT) & 0xff;
        if (control != MEMSCOPE_CONTROL_EPOCH) return control;
    }
}

static void forget_notes(struct memscope_thread *thread) {
    uint64_t raw;
    while (next_note(thread, &raw) != MEMSCOPE_CONTROL_SKIP) {}
}

static void test_contexts(struct memscope_thread *thread) {
    uint64_t raw;
    uint32_t base = context_of(thread);
    CHECK(base != 0 && engine->contexts[base].thread == thread->index && engine->contexts[base].run == 0);
    CHECK(next_note(thread, &raw) == MEMSCOPE_CONTROL_CONTEXT_BEGIN && raw == base);
    CHECK(use(thread, 0, 0) == base && next_note(thread, &raw) == MEMSCOPE_CONTROL_SKIP);

    uint32_t scope = memscope_scope_find(0, "scope", 5);
    uint64_t run = memscope_run_begin(thread, 0, scope);
    CHECK(MEMSCOPE_RUN_SCOPE(run) == scope && MEMSCOPE_RUN_INDEX(run) != 0 && memscope_run_current(run) == run);
    uint32_t inside = use(thread, 0, run);
    CHECK(inside != base && engine->contexts[inside].run == run && use(thread, 0, run) == inside);
    CHECK(next_note(thread, &raw) == MEMSCOPE_CONTROL_CONTEXT_BEGIN && raw == inside);
    // A task has a list of its own, and tells its site to its contexts.
    uint32_t task = memscope_task_take();
    engine->tasks[task].site = 77;
    uint32_t in_task = use(thread, task, run);
    CHECK(in_task != inside && engine->contexts[in_task].task == task && engine->contexts[in_task].site == 77);
    CHECK(use(thread, task, run) == in_task);
    forget_notes(thread);
    // When the run is over its word stands for the scope alone, and its contexts leave the lists.
    CHECK(memscope_run_end(run) && memscope_run_current(run) == scope);
    uint32_t later = use(thread, task, run);
    CHECK(later != in_task && engine->contexts[later].run == scope);
    CHECK(next_note(thread, &raw) == MEMSCOPE_CONTROL_CONTEXT_END && raw == in_task);
    CHECK(next_note(thread, &raw) == MEMSCOPE_CONTROL_CONTEXT_BEGIN && raw == later);
    CHECK(use(thread, 0, 0) == base);
    CHECK(next_note(thread, &raw) == MEMSCOPE_CONTROL_CONTEXT_END && raw == inside);
    CHECK(next_note(thread, &raw) == MEMSCOPE_CONTROL_SKIP);
    CHECK(!memscope_run_end(scope));
    // What the engine gives back is used again.
    memscope_push_free(&engine->free_context, inside, &engine->contexts[inside].next);
    uint64_t other = memscope_run_begin(thread, 0, scope);
    CHECK(use(thread, 0, other) == inside);
    // When there is no place left allocations belong to context 0.
    uint32_t capacity = engine->context_capacity;
    engine->context_capacity = engine->context_count;
    CHECK(use(thread, 0, memscope_run_begin(thread, 0, scope)) == 0);
    engine->context_capacity = capacity;
    CHECK(use(thread, 0, 0) == base);
    // No place for a run: its word names the scope.
    capacity = engine->run_capacity;
    engine->run_capacity = engine->run_count;
    memscope_runs_return(thread);
    engine->free_run = 0;
    CHECK(memscope_run_begin(thread, 0, scope) == scope);
    engine->run_capacity = capacity;
    forget_notes(thread);
}

static void test_ended_contexts(struct memscope_thread *thread) {
    uint32_t scope = memscope_scope_find(0, "ended", 5);
    uint64_t full = memscope_run_begin(thread, 0, scope), empty = memscope_run_begin(thread, 0, scope);
    uint32_t task = memscope_task_take();
    uint32_t holds = use(thread, task, full), holds_nothing = use(thread, task, empty);
    engine->contexts[holds].sums.allocations = 3;
    engine->contexts[holds].sums.frees = 2;
    memscope_contexts_end(engine->tasks[task].first_context);
    CHECK(engine->contexts[holds].flags == MEMSCOPE_CONTEXT_ENDED);
    CHECK(engine->contexts[holds_nothing].flags == (MEMSCOPE_CONTEXT_ENDED | MEMSCOPE_CONTEXT_QUEUED));
    CHECK(engine->ended_context == holds_nothing);
    forget_notes(thread);
}

static void test_scopes(struct memscope_thread *thread) {
    uint32_t outer = memscope_scope_find(0, "outer", 5), inner = memscope_scope_find(outer, "inner", 5);
    CHECK(memscope_scope_find(0, "outer", 5) == outer && memscope_scope_find(outer, "inner", 5) == inner);
    CHECK(memscope_scope_find(0, "inner", 5) != inner && memscope_scope_find(0, "out", 3) != outer);
    CHECK(engine->scopes[outer - 1].entries == 2 && engine->scopes[inner - 1].parent == outer);
    CHECK(engine->scopes[outer - 1].depth == 0 && engine->scopes[inner - 1].depth == 1);
    // The same place in memory may hold another name next time, and the same name may lie elsewhere.
    char name[16] = "inner", copy[] = "inner";
    CHECK(memscope_scope_find_cached(thread, outer, name, 5) == inner);
    CHECK(memscope_scope_find_cached(thread, outer, name, 5) == inner);
    CHECK(memscope_scope_find_cached(thread, outer, copy, 5) == inner);
    CHECK(memscope_scope_find_cached(thread, 0, name, 5) != inner);
    memcpy(name, "other", 5);
    uint32_t other = memscope_scope_find_cached(thread, outer, name, 5);
    CHECK(other != inner && memscope_scope_find_cached(thread, outer, name, 3) != other);
    CHECK(engine->scopes[inner - 1].entries == 5);
    uint32_t last = 0;
    for (uint32_t i = 0; i < MEMSCOPE_SCOPES + 100; i++) {
        last = memscope_scope_find(outer, name, (uint32_t)snprintf(name, sizeof name, "scope %u", i));
        CHECK(last != 0);
    }
    CHECK(engine->scope_count <= MEMSCOPE_SCOPES);
    CHECK(strcmp(engine->names + engine->scopes[last - 1].name, "(other scopes)") == 0);
    CHECK(memscope_scope_find(inner, "too late", 8) == last);
    CHECK(memscope_scope_find(0, "outer", 5) == outer);
}

static void test_names(void) {
    uint32_t one = memscope_name_intern("one", 3), two = memscope_name_intern("two", 3);
    CHECK(one != 0 && two != 0 && one != two && memscope_name_intern("one", 3) == one);
    CHECK(memscope_name_intern("on", 2) != one && strcmp(engine->names + two, "two") == 0);
    // Names without end take a quarter of the room, and no more.
    char name[32];
    uint32_t known = 0;
    for (uint32_t i = 0; i < 200000; i++)
        known += memscope_name_intern(name, (uint32_t)snprintf(name, sizeof name, "request number %u", i)) != 0;
    CHECK(known > 10000 && known < 50000);
    CHECK(memscope_name_intern("one", 3) == one && memscope_name_intern("request number 7", 16) != 0);
    CHECK(memscope_name_store("still", 5) != 0);
    // Names run out.
    static char long_name[1 << 20];
    memset(long_name, 'x', sizeof long_name);
    uint32_t offsets = 0;
    for (int i = 0; i < 8; i++) offsets += memscope_name_store(long_name, sizeof long_name) != 0;
    CHECK(offsets <= 4 && engine->name_bytes <= MEMSCOPE_NAME_BYTES);
}

enum { TAKERS = 4, TURNS = 200000 };
static uint32_t owner_of[1 << 16];

// Places are taken by threads and given back by another: no place has two owners.
static void *take_and_give(void *info) {
    uint32_t me = (uint32_t)(uintptr_t)info, held[16] = {0};
    for (int turn = 0; turn < TURNS; turn++) {
        uint32_t *slot = &held[turn * 7 % 16];
        if (*slot) {
            CHECK(__atomic_exchange_n(&owner_of[*slot], 0, __ATOMIC_RELAXED) == me);
            memscope_push_free(&engine->free_task, *slot, &engine->tasks[*slot].next_sibling);
        }
        *slot = memscope_task_take();
        CHECK(*slot != 0 && *slot < 1 << 16 && __atomic_exchange_n(&owner_of[*slot], me, __ATOMIC_RELAXED) == 0);
    }
    return NULL;
}

static void test_places(void) {
    pthread_t threads[TAKERS];
    for (uintptr_t i = 0; i < TAKERS; i++) pthread_create(&threads[i], NULL, take_and_give, (void *)(i + 1));
    for (int i = 0; i < TAKERS; i++) pthread_join(threads[i], NULL);
    CHECK(engine->task_count < 200);
}

int main(void) {
    memscope_switch.epoch = 1;
    memscope_switch.on = MEMSCOPE_PAUSED;  // what this program itself allocates is none of the test's business
    CHECK(memscope_state_start() && memscope_shadow_start() && memscope_segment_pool_start(64));
    struct memscope_thread *thread = memscope_thread_create();
    test_contexts(thread);
    test_ended_contexts(thread);
    test_scopes(thread);
    test_names();
    test_places();
    return CHECK_END();
}
