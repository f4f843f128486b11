// Keeping the books, on the drain thread.
//
// Which release belongs to which retain is nowhere in the program. For each object, by this rule:
//   1. the latest retain of the same function run (same caller, same task; outside of tasks, same thread);
//   2. the origin, if the function that releases has made the object, itself or by what it called;
//   3. a reference that was made out of sight: while one thread has the object, the refcount word says how many there are;
//   4. the latest retain of the same task or thread, then of any;
//   5. the origin, if this is the last reference.
// Within a ring events are in order; between rings they are not. A release that finds no reference is taken for one of a
// retain out of sight, and that is corrected when a retain comes in the same round that may be the one.
#include "memscope_ledger.h"

#include "../Lifecycle/state.h"
#include "ledger.h"

// Claims that are looked at; what lies deeper is old.
enum { REACH = 32, MERGE_REACH = 8, LEVELS = 16 };

struct event {
    struct memscope_ledger_place place;
    uint32_t caller, count, strong;
};

static struct memscope_ledger *const ledger = &memscope_ledger;

static inline bool is_same_actor(const struct memscope_ledger_place *a, const struct memscope_ledger_place *b) {
    return a->task == b->task && (a->task != 0 || a->thread == b->thread);
}

// Whether the function run that `caller` called has made the object, itself or by what it called.
static bool has_made(struct memscope_ledger_object *object, uint32_t caller) {
    if (object->judged_caller == caller) return object->flags & MEMSCOPE_LEDGER_IS_MAKER;
    const struct memscope_engine *engine = &memscope_engine;
    uint32_t node = engine->leaves[object->origin.leaf].node;
    for (int level = 0; node && node != caller && level < LEVELS; level++) node = engine->nodes[node].parent;
    bool is_maker = node && node == caller;
    object->judged_caller = caller;
    object->flags = (object->flags & ~(uint32_t)MEMSCOPE_LEDGER_IS_MAKER) | (is_maker ? MEMSCOPE_LEDGER_IS_MAKER : 0);
    return is_maker;
}

static void add_claim(struct memscope_ledger_object *object, const struct event *event, uint32_t count) {
    uint32_t *link = &object->claim;
    for (int i = 0; *link && i < MERGE_REACH; i++, link = &ledger->claims[*link].next) {
        struct memscope_ledger_claim *claim = &ledger->claims[*link];
        if (claim->place.leaf != event->place.leaf || !is_same_actor(&claim->place, &event->place)) continue;
        claim->count += count;
        object->claimed += count;
        // It is the latest now.
        uint32_t found = *link;
        *link = claim->next;
        claim->next = object->claim;
        object->claim = found;
        return;
    }
    uint32_t fresh = ledger->free_claim;
    if (fresh) ledger->free_claim = ledger->claims[fresh].next;
    else if (ledger->claim_count < ledger->claim_capacity) fresh = ledger->claim_count++;
    if (!fresh) {
        // Known to be there, not by whom.
        ledger->claims_lost += count;
        object->unseen += count;
        return;
    }
    ledger->claims[fresh] = (struct memscope_ledger_claim){event->place, event->caller, count, object->claim};
    object->claim = fresh;
    object->claimed += count;
}

// Takes up to `count` from a claim, and the claim out of its list when nothing is left of it.
static uint32_t take_from(struct memscope_ledger_object *object, uint32_t *link, uint32_t count) {
    struct memscope_ledger_claim *claim = &ledger->claims[*link];
    uint32_t taken = claim->count < count ? claim->count : count;
    claim->count -= taken;
    object->claimed -= taken;
    if (claim->count == 0) {
        uint32_t index = *link;
        *link = claim->next;
        claim->next = ledger->free_claim;
        ledger->free_claim = index;
    }
    return taken;
}

static uint32_t *find_claim(struct memscope_ledger_object *object, const struct event *event, bool same_function) {
    uint32_t *link = &object->claim;
    for (int i = 0; *link && i < REACH; i++, link = &ledger->claims[*link].next) {
        const struct memscope_ledger_claim *claim = &ledger->claims[*link];
        if (is_same_actor(&claim->place, &event->place) && (!same_function || claim->caller == event->caller)) return link;
    }
    return NULL;
}

// Guesses are of one round. Those that another thread's ring gave rise to may be explained by what comes now.
static void turn_to(struct memscope_ledger_object *object, uint32_t thread) {
    uint32_t round = (uint32_t)memscope_engine.rounds;
    if (object->guess_round == round && object->guess_thread == thread) return;
    object->guessed = object->guess_round == round ? object->guessed + object->guessed_here : 0;
    object->guessed_here = 0;
    object->guess_round = round;
    object->guess_thread = thread;
}

// Of an object of several threads a release in a ring entered before may have been of what comes now in any ring, the same too.
static void guess(struct memscope_ledger_object *object, uint32_t count) {
    bool is_shared = !memscope_involved_is_one_thread(&object->involved);
    *(is_shared ? &object->guessed : &object->guessed_here) += count;
    object->unseen += count;
    object->unseen_retains += count;
}

static void retain(struct memscope_ledger_object *object, const struct event *event) {
    uint32_t count = event->count;
    if (object->guessed) {
        // This is what was taken for a retain out of sight; of some a release may already have been entered.
        uint32_t known = count < object->guessed ? count : object->guessed;
        uint32_t there = known < object->unseen ? known : object->unseen;
        object->guessed -= known;
        object->unseen_retains -= known;
        object->unseen -= there;
        count -= known - there;
    }
    if (count) add_claim(object, event, count);
}

static void release(struct memscope_ledger_object *object, const struct event *event) {
    uint32_t left = event->count;
    while (left > 0) {
        uint32_t *link = find_claim(object, event, true);
        if (link) {
            if (memscope_ledger_has_origin(object) && has_made(object, event->caller)) {
                object->instead = ledger->claims[*link].place;
                object->flags |= MEMSCOPE_LEDGER_HAS_INSTEAD;
            }
            left -= take_from(object, link, left);
        } else if (memscope_ledger_has_origin(object) && has_made(object, event->caller)) {
            object->flags |= MEMSCOPE_LEDGER_ORIGIN_RELEASED;
            left--;
        } else if (object->unseen) {
            uint32_t taken = object->unseen < left ? object->unseen : left;
            object->unseen -= taken;
            left -= taken;
        } else if (object->claim) {
            link = find_claim(object, event, false);
            left -= take_from(object, link ? link : &object->claim, left);
        } else if (memscope_ledger_has_origin(object) && event->strong <= event->count) {
            object->flags |= MEMSCOPE_LEDGER_ORIGIN_RELEASED;
            left--;
        } else {
            guess(object, left);
        }
    }
}

static struct memscope_ledger_site *count_at_site(const struct event *event, bool is_retain) {
    struct memscope_ledger_site *site = &ledger->sites[event->place.leaf];
    if (site->caller == 0) site->caller = memscope_engine.nodes[memscope_engine.leaves[event->place.leaf].node].parent + 1;
    if (is_retain) site->retains += event->count;
    else site->releases += event->count;
    uint32_t second = (uint32_t)(memscope_engine.now / 1000000000);
    if (site->second != second) site->in_second = 0;
    site->second = second;
    site->in_second += event->count;
    if (site->in_second > site->busiest) {
        site->busiest = site->in_second;
        site->busiest_second = second;
    }
    return site;
}

void memscope_ledger_apply(uint64_t word, uint64_t raw) {
    uint32_t control = (uint32_t)(word >> MEMSCOPE_BIRTH_SHIFT) & 0xff, row = (uint32_t)raw;
    struct memscope_ledger_object *object = &ledger->objects[row];
    if (control == MEMSCOPE_CONTROL_OBJECT_END) {
        object->next = ledger->ended_object;
        ledger->ended_object = row;
        return;
    }
    const struct memscope_context *context = &memscope_engine.contexts[word >> MEMSCOPE_CONTEXT_SHIFT & MEMSCOPE_CONTEXT_MASK];
    struct event event = {
        .place = {.leaf = (uint32_t)(word >> MEMSCOPE_LEAF_SHIFT), .thread = context->thread, .task = context->task_id},
        .count = (uint32_t)(raw >> 32) & MEMSCOPE_LEDGER_COUNT_MAX,
        .strong = (uint32_t)(raw >> 42),
    };
    bool is_retain = control == MEMSCOPE_CONTROL_RETAIN;
    event.caller = count_at_site(&event, is_retain)->caller - 1;
    if (object->retains + object->releases == 0) {
        object->unseen = object->unseen_retains = object->earlier;
        object->lowest = event.strong;
    }
    turn_to(object, event.place.thread);
    memscope_involved_add_thread(&object->involved, event.place.thread);
    if (event.place.task) memscope_involved_add_task(&object->involved, event.place.task);
    uint32_t expected = memscope_ledger_held(object);
    // Of an object of several threads, what was done before and after this event may be entered already or not.
    if (event.strong > expected && memscope_involved_is_one_thread(&object->involved)) guess(object, event.strong - expected);
    uint32_t high = is_retain ? event.strong + event.count : event.strong;
    uint32_t low = is_retain ? event.strong : event.strong - event.count;
    if (high > object->peak) object->peak = high;
    if ((int32_t)low > 0 && low < object->lowest) object->lowest = low;
    if (is_retain) {
        object->retains += event.count;
        ledger->retains += event.count;
        retain(object, &event);
    } else {
        object->releases += event.count;
        ledger->releases += event.count;
        release(object, &event);
    }
}

struct memscope_ledger_type *memscope_ledger_type_of(struct memscope_ledger_type *types, const struct memscope_ledger_object *object) {
    uint64_t hash = object->type * UINT64_C(0x9E3779B97F4A7C15);
    for (uint32_t i = 0; i < 64; i++) {
        struct memscope_ledger_type *type = &types[((hash >> 40) + i) % MEMSCOPE_LEDGER_TYPES];
        if (type->objects && type->type != object->type) continue;
        type->type = object->type;
        return type;
    }
    return NULL;
}

void memscope_ledger_type_add(struct memscope_ledger_type *type, const struct memscope_ledger_object *object) {
    type->objects++;
    type->retains += object->retains;
    type->releases += object->releases;
    type->unseen += object->unseen_retains + object->unseen_releases;
    memscope_involved_add_all(&type->involved, &object->involved);
    if (object->peak > type->peak) type->peak = object->peak;
}

// Remembers an object that ended, if few that ended had more retains and releases.
static void remember(const struct memscope_ledger_object *object) {
    static uint32_t least;
    struct memscope_ledger_object *ended = ledger->ended;
    uint64_t events = object->retains + object->releases;
    if (ledger->ended_count == MEMSCOPE_LEDGER_ENDED && events <= ended[least].retains + ended[least].releases) return;
    uint32_t place = ledger->ended_count < MEMSCOPE_LEDGER_ENDED ? ledger->ended_count++ : least;
    ended[place] = *object;
    ended[place].flags |= MEMSCOPE_LEDGER_ENDED_FLAG;
    ended[place].claim = 0;
    if (ledger->ended_count < MEMSCOPE_LEDGER_ENDED) return;
    for (uint32_t i = 0; i < MEMSCOPE_LEDGER_ENDED; i++)
        if (ended[i].retains + ended[i].releases < ended[least].retains + ended[least].releases) least = i;
}

void memscope_ledger_end_round(void) {
    while (ledger->ended_object) {
        uint32_t row = ledger->ended_object;
        struct memscope_ledger_object *object = &ledger->objects[row];
        ledger->ended_object = object->next;
        // What was still held went with the object, so its release happened out of sight; unless it was another's, entered
        // before its retain was.
        uint32_t held = memscope_ledger_held(object);
        uint32_t mistaken = held < object->unseen_retains ? held : object->unseen_retains;
        object->unseen_retains -= mistaken;
        object->unseen_releases += held - mistaken;
        if (object->retains + object->releases) {
            ledger->unseen_retains += object->unseen_retains;
            ledger->unseen_releases += object->unseen_releases;
            struct memscope_ledger_type *type = memscope_ledger_type_of(ledger->types, object);
            if (type) memscope_ledger_type_add(type, object);
            else ledger->types_lost++;
            remember(object);
        }
        while (object->claim) take_from(object, &object->claim, UINT32_MAX);
        *object = (struct memscope_ledger_object){0};
        memscope_push_free(&ledger->free_object, row, &object->next);
    }
}
