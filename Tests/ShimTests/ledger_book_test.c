// The books of the retain ledger: which release takes which retain back, and that what is left equals the strong count whatever
// the order in which the rings of several threads are entered.
#include <stdlib.h>
#include <string.h>

#include "Ledger/events.h"
#include "Ledger/ledger.h"
#include "Ledger/selection.h"
#include "Lifecycle/state.h"
#include "Lifecycle/switch.h"
#include "Ring/thread.h"
#include "check.h"
#include "memscope_ledger.h"

// Call-trie nodes, leaves and contexts of a made-up program: main calls `maker`, `keeper` and `user`, which retain and release.
enum { MAIN = 1, IN_MAKER, IN_KEEPER, IN_USER, IN_MAIN, NODES };
enum { FUNCTIONS = 3, THREADS = 4, CONTEXTS = 10, OBJECTS = 40, EVENTS = 400, ROUNDS = 300 };

static struct memscope_ledger *const ledger = &memscope_ledger;

static void make_program(void) {
    struct memscope_engine *engine = &memscope_engine;
    CHECK(memscope_state_start() && memscope_ledger_map());
    engine->nodes[MAIN] = (struct memscope_node){.parent = 0, .frame = 1};
    // What is called from main stands below the place of the call; what main itself does, beside these.
    for (uint32_t node = IN_MAKER; node <= IN_USER; node++) {
        engine->nodes[NODES + node] = (struct memscope_node){.parent = MAIN, .frame = node};
        engine->nodes[node] = (struct memscope_node){.parent = NODES + node, .frame = 10 + node};
    }
    engine->nodes[IN_MAIN] = (struct memscope_node){.parent = MAIN, .frame = 99};
    for (uint32_t leaf = 1; leaf < NODES; leaf++) engine->leaves[leaf].node = leaf;
    // Numbers that have the same remainder by 64, so that threads are not taken for one another.
    for (uint32_t context = 1; context <= CONTEXTS; context++) {
        engine->contexts[context].thread = 64 * (context - 1) + 1;
        engine->contexts[context].task_id = context > THREADS ? 64 * context : 0;
    }
    engine->rounds = 1;
}

static uint32_t make_object(uint32_t origin_leaf) {
    uint32_t row = ledger->object_count++;
    ledger->objects[row] = (struct memscope_ledger_object){
        .address = 16 * row, .type = 0x1000, .origin = {.leaf = origin_leaf, .thread = 1}};
    return row;
}

struct event { uint32_t row, leaf, context, count, strong; enum memscope_control control; };

static void enter(struct event event) {
    memscope_ledger_apply((uint64_t)event.leaf << MEMSCOPE_LEAF_SHIFT | (uint64_t)event.context << MEMSCOPE_CONTEXT_SHIFT |
                              (uint64_t)event.control << MEMSCOPE_BIRTH_SHIFT | MEMSCOPE_RECORD_CONTROL,
                          event.row | (uint64_t)event.count << 32 | (uint64_t)event.strong << 42);
}

static void end_round(void) {
    memscope_ledger_end_round();
    memscope_engine.rounds++;
}

static uint32_t held(uint32_t row) {
    const struct memscope_ledger_object *object = &ledger->objects[row];
    return !(object->flags & MEMSCOPE_LEDGER_ORIGIN_RELEASED) + object->claimed + object->unseen;
}

// How many references of a row one leaf has; 0 for the leaf stands for the origin.
static uint32_t left_by(uint32_t row, uint32_t leaf) {
    const struct memscope_ledger_object *object = &ledger->objects[row];
    uint32_t count = 0;
    if (leaf == 0) return !(object->flags & MEMSCOPE_LEDGER_ORIGIN_RELEASED);
    for (uint32_t claim = object->claim; claim; claim = ledger->claims[claim].next)
        if (ledger->claims[claim].place.leaf == leaf) count += ledger->claims[claim].count;
    return count;
}

#define RETAIN(leaf, strong) enter((struct event){row, leaf, 1, 1, strong, MEMSCOPE_CONTROL_RETAIN})
#define RELEASE(leaf, strong) enter((struct event){row, leaf, 1, 1, strong, MEMSCOPE_CONTROL_RELEASE})

static void test_rules(void) {
    // A keeper keeps, a user borrows, the variable in main ends: the keeper's is left.
    uint32_t row = make_object(IN_MAKER);
    RETAIN(IN_KEEPER, 1);
    RETAIN(IN_USER, 2);
    RELEASE(IN_USER, 3);
    RELEASE(IN_MAIN, 2);
    CHECK(left_by(row, IN_KEEPER) == 1 && left_by(row, IN_USER) == 0 && left_by(row, 0) == 0);
    // What a getter retained is released by main, after the origin was.
    RETAIN(IN_USER, 1);
    RELEASE(IN_MAIN, 2);
    CHECK(left_by(row, IN_KEEPER) == 1 && held(row) == 1);

    // The same function makes, retains and lets its variable end: its retain is named, not the origin.
    row = make_object(IN_MAIN);
    RETAIN(IN_MAIN, 1);
    RELEASE(IN_MAIN, 2);
    CHECK(ledger->objects[row].flags & MEMSCOPE_LEDGER_HAS_INSTEAD && ledger->objects[row].instead.leaf == IN_MAIN);

    // Weak loads retain out of sight; their releases take nothing of a keeper's.
    row = make_object(IN_MAKER);
    RETAIN(IN_KEEPER, 1);
    for (int i = 0; i < 100; i++) RELEASE(IN_USER, 3);
    CHECK(left_by(row, IN_KEEPER) == 1 && left_by(row, 0) == 1 && ledger->objects[row].unseen_retains == 100);

    // Several at once, and the end.
    row = make_object(IN_MAKER);
    enter((struct event){row, IN_KEEPER, 1, 5, 1, MEMSCOPE_CONTROL_RETAIN});
    enter((struct event){row, IN_KEEPER, 1, 3, 6, MEMSCOPE_CONTROL_RELEASE});
    CHECK(left_by(row, IN_KEEPER) == 2 && ledger->objects[row].peak == 6);
    enter((struct event){row, IN_USER, 1, 3, 3, MEMSCOPE_CONTROL_RELEASE});
    CHECK(held(row) == 0);
    enter((struct event){row, 0, 0, 0, 0, MEMSCOPE_CONTROL_OBJECT_END});
    uint64_t lost = ledger->unseen_retains + ledger->unseen_releases;
    end_round();
    CHECK(ledger->objects[row].address == 0 && ledger->free_object == row && lost == 0);
    CHECK(ledger->unseen_retains + ledger->unseen_releases == 0);
}

static void test_involved(void) {
    // Four threads that a bitmap of 64 would take for one: each counts, and so does a fifth.
    uint32_t row = make_object(IN_MAKER);
    struct memscope_involved *involved = &ledger->objects[row].involved;
    for (uint32_t context = 1; context <= CONTEXTS; context++) {
        enter((struct event){row, IN_KEEPER, context, 1, context, MEMSCOPE_CONTROL_RETAIN});
        struct memscope_involved_count threads = memscope_involved_threads(involved);
        CHECK(threads.count == (context < 5 ? context : 5) && threads.is_at_least == (context > 4));
        CHECK(memscope_involved_is_one_thread(involved) == (context == 1));
    }
    // Tasks that far apart are at least two; those of one stretch are counted.
    struct memscope_involved_count tasks = memscope_involved_tasks(involved);
    CHECK(tasks.count == 2 && tasks.is_at_least);
    struct memscope_involved near = {0};
    for (uint32_t task = 1000; task < 1064; task++) memscope_involved_add_task(&near, task);
    tasks = memscope_involved_tasks(&near);
    CHECK(tasks.count == 64 && !tasks.is_at_least);

    // A type's are those of all its objects.
    struct memscope_involved sum = {0}, other = {0};
    memscope_involved_add_thread(&other, 7);
    memscope_involved_add_task(&other, 1010);
    memscope_involved_add_all(&sum, &other);
    CHECK(memscope_involved_is_one_thread(&sum));
    memscope_involved_add_all(&sum, &near);
    CHECK(memscope_involved_tasks(&sum).count == 64 && !memscope_involved_tasks(&sum).is_at_least);
    memscope_involved_add_all(&sum, involved);
    CHECK(memscope_involved_threads(&sum).count == 6 && memscope_involved_threads(&sum).is_at_least);
    CHECK(memscope_involved_tasks(&sum).count == 64 && memscope_involved_tasks(&sum).is_at_least);
}

// What a handler retains that interrupted a hook is lost to the ledger. It is no allocation, and not counted as one.
static void test_interrupted(void) {
    static struct memscope_thread thread = {.in_hook = 1};
    uint64_t object[2] = {0};
    memscope_local.state = &thread;
    memscope_switch.on = MEMSCOPE_ON;
    memscope_switch.ledger = MEMSCOPE_LEDGER_MODE_ALL;
    memscope_ledger_on_retain((uintptr_t)object, (uintptr_t)__builtin_frame_address(0));
    memscope_ledger_on_release_n((uintptr_t)object, (uintptr_t)__builtin_frame_address(0), 5);
    memscope_switch.ledger = MEMSCOPE_LEDGER_MODE_OFF;
    memscope_switch.on = 0;
    memscope_local.state = NULL;
    CHECK(thread.ledger_lost == 6 && thread.pass_through == 0);
}

static struct event log[THREADS][EVENTS];
static uint32_t logged[THREADS];

// Rounds of random events of several threads, entered ring by ring.
static void test_order(unsigned seed) {
    srand(seed);
    uint32_t rows[OBJECTS], strong[OBJECTS];
    for (int i = 0; i < OBJECTS; i++) {
        rows[i] = make_object(IN_MAKER);
        strong[i] = 1;
    }
    uint64_t unseen_before = ledger->unseen_retains + ledger->unseen_releases, retains = ledger->retains;
    uint64_t made = 0;
    for (int round = 0; round < ROUNDS; round++) {
        memset(logged, 0, sizeof logged);
        int events = rand() % EVENTS;
        for (int i = 0; i < events; i++) {
            uint32_t thread = (uint32_t)rand() % THREADS, object = (uint32_t)rand() % OBJECTS;
            struct event event = {rows[object], IN_KEEPER + (uint32_t)rand() % FUNCTIONS, thread + 1, 1, strong[object],
                                  rand() % 2 ? MEMSCOPE_CONTROL_RETAIN : MEMSCOPE_CONTROL_RELEASE};
            if (event.control == MEMSCOPE_CONTROL_RETAIN) strong[object]++, made++;
            else strong[object]--;
            log[thread][logged[thread]++] = event;
            if (strong[object] > 0) continue;
            // Its end is in the ring of who released it last; another takes its place in the program.
            log[thread][logged[thread]++] = (struct event){rows[object], 0, 0, 0, 0, MEMSCOPE_CONTROL_OBJECT_END};
            rows[object] = make_object(IN_MAKER);
            strong[object] = 1;
        }
        for (uint32_t i = 0; i < THREADS; i++)
            for (uint32_t at = 0; at < logged[i]; at++) enter(log[i][at]);
        end_round();
        for (int i = 0; i < OBJECTS; i++) {
            const struct memscope_ledger_object *object = &ledger->objects[rows[i]];
            if (object->retains + object->releases == 0) continue;
            CHECK(held(rows[i]) == strong[i]);
        }
    }
    CHECK(ledger->unseen_retains + ledger->unseen_releases == unseen_before);
    CHECK(ledger->retains - retains == made);
}

int main(void) {
    make_program();
    test_rules();
    test_involved();
    test_interrupted();
    for (unsigned seed = 1; seed <= 20; seed++) test_order(seed);
    return CHECK_END();
}
