#include "owners.h"

#include "../Attribution/context.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"

// Open addressing, at most half full.
enum { SLOTS = 2 * MEMSCOPE_OWNERS, OTHERS = 1 };

static struct memscope_owner *owners;
static uint32_t *slots;
static uint32_t count;

bool memscope_owners_start(void) {
    owners = memscope_map(MEMSCOPE_OWNERS * sizeof *owners);
    slots = owners ? memscope_map(SLOTS * sizeof *slots) : NULL;
    if (!slots) return false;
    count = OTHERS + 1;
    return true;
}

uint32_t memscope_owner_count(void) { return count; }

const struct memscope_owner *memscope_owner_at(uint32_t number) { return &owners[number]; }

uint64_t memscope_owners_bytes(void) { return count * (sizeof *owners + 2 * sizeof *slots); }

static struct memscope_owner *find(uint32_t thread, uint32_t scope, uint32_t site) {
    for (uint32_t i = memscope_owner_hash(thread, scope, site) % SLOTS;; i = (i + 1) % SLOTS) {
        if (slots[i] == 0) {
            if (count == MEMSCOPE_OWNERS) return &owners[OTHERS];
            slots[i] = count;
            owners[count] = (struct memscope_owner){.thread = thread, .scope = scope, .site = site};
            return &owners[count++];
        }
        struct memscope_owner *owner = &owners[slots[i]];
        if (owner->thread == thread && owner->scope == scope && owner->site == site) return owner;
    }
}

static void add(struct memscope_owner *owner, const struct memscope_sums *sums) {
    owner->now.allocations += sums->allocations;
    owner->now.frees += sums->frees;
    owner->now.allocated_bytes += sums->allocated_bytes;
    owner->now.freed_bytes += sums->freed_bytes;
}

static void sum_up(void) {
    const struct memscope_engine *engine = &memscope_engine;
    for (uint32_t i = OTHERS; i < count; i++) owners[i].now = (struct memscope_owner_figures){0};
    uint32_t contexts = memscope_load_acquire(&engine->context_count);
    for (uint32_t i = 0; i < contexts; i++) {
        const struct memscope_context *context = &engine->contexts[i];
        // One that allocated nothing is nobody yet; the others are as captures have them.
        if (!(context->flags & MEMSCOPE_CONTEXT_BEGUN) || context->sums.allocations == 0) continue;
        add(find(context->thread, MEMSCOPE_RUN_SCOPE(context->run), context->site), &context->sums);
    }
    for (uint32_t i = 0; i < engine->group_count; i++) {
        const struct memscope_group *group = &engine->groups[engine->group_list[i]];
        add(find(group->thread, group->scope, group->site), &group->sums);
    }
}

bool memscope_owners_collect(struct memscope_change_list *list, bool is_kept) {
    if (!slots) return false;
    sum_up();
    size_t room = (size_t)count * MEMSCOPE_CHANGE_BYTES;
    uint8_t *start = memscope_map(room);
    if (!start) return false;
    struct memscope_change_place place = {.at = start};
    *list = (struct memscope_change_list){0};
    for (uint32_t i = OTHERS; i < count; i++) {
        const struct memscope_owner_figures *now = &owners[i].now, *then = &owners[i].noted;
        if (now->allocations == then->allocations && now->frees == then->frees) continue;
        struct memscope_change change = {
            .leaf = i,
            .has_bytes = true,
            .allocations = now->allocations - then->allocations,
            .frees = now->frees - then->frees,
            .allocated_bytes = now->allocated_bytes - then->allocated_bytes,
            .freed_bytes = now->freed_bytes - then->freed_bytes,
        };
        if (is_kept) owners[i].noted = *now;
        memscope_change_put(&place, &change);
        list->count++;
    }
    list->size = (size_t)(place.at - start);
    memscope_map_shrink(start, room, list->size);
    list->bytes = list->size ? start : NULL;
    return true;
}
