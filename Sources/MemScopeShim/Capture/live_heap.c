#define _GNU_SOURCE
#include "live_heap.h"

#include "../Lifecycle/mapping.h"
#include "../Lifecycle/start.h"
#include "../Lifecycle/state.h"
#include "../Lifecycle/switch.h"
#include "../Shadow/shadow.h"
#include "../SwiftRuntime/block_type.h"
#include "census_type.h"
#include "content.h"
#include "guarded_read.h"

struct group { uint32_t site, row; uint64_t type; uint64_t blocks, bytes, age; };

// How many blocks are on their way, fetched and not yet read.
enum { AHEAD = 16 };

struct coming { uintptr_t block; uint64_t entry; };

struct pass {
    struct group *groups;
    uint64_t capacity, count;
    bool look_inside;
    const struct memscope_context_table *contexts;
    struct memscope_task_table *tasks;
    struct coming coming[AHEAD];
    uint32_t turn;
};

// Set in the copy's own table of leaves: what lives there is of several types, so what was freed there is of none.
enum { LEAF_OF_SEVERAL_TYPES = 1u << 31 };

// What says nothing when it is freed is taken to be what lives of the same stack and size.
static void note_type_of_freed(struct memscope_leaf *leaf, uint64_t type) {
    // The process's own table, whose copy would read 0 here, is its hooks'.
    if (memscope_switch.started) return;
    if (leaf->type == type || (leaf->flags & LEAF_OF_SEVERAL_TYPES)) return;
    if (leaf->type == 0 && memscope_census_is_unseen_at_free(type)) leaf->type = type;
    if (leaf->type == type || !memscope_census_is_unseen_at_free(leaf->type)) return;
    leaf->type = 0;
    leaf->flags |= LEAF_OF_SEVERAL_TYPES;
}

// The type of a block. A task's is counted by what the task does.
static uint64_t type_of(const struct pass *pass, uintptr_t block, struct memscope_leaf *leaf, uint64_t size) {
    if (!pass->look_inside || !memscope_guard_begin()) return leaf->type;
    uint64_t type = memscope_census_type(block, size);
    if (type && memscope_block_type_is_task(type)) memscope_task_table_count(pass->tasks, block, leaf->node);
    note_type_of_freed(leaf, type);
    return type;
}

static uint64_t size_of(uintptr_t block, uint64_t entry, const struct memscope_leaf *leaf) {
    if (!((uint32_t)(entry >> MEMSCOPE_LEAF_SHIFT) & MEMSCOPE_LEAF_MIXED_BIT)) return leaf->size;
    const uint64_t *exact = memscope_shadow_find(block + (UINT64_C(1) << MEMSCOPE_GRANULE_SHIFT));
    return exact ? *exact : 0;
}

static void count(struct pass *pass, uintptr_t block, uint64_t entry) {
    uint32_t site = (uint32_t)(entry >> MEMSCOPE_LEAF_SHIFT) & MEMSCOPE_LEAF_INDEX_MASK;
    uint32_t context = (uint32_t)(entry >> MEMSCOPE_CONTEXT_SHIFT) & MEMSCOPE_CONTEXT_MASK;
    uint32_t row = context < pass->contexts->context_count ? pass->contexts->row_of[context] : 0;
    // What is younger than the cut is left out.
    if (site >= memscope_cut.leaves || row == 0) return;
    struct memscope_leaf *leaf = &memscope_engine.leaves[site];
    uint64_t size = size_of(block, entry, leaf), type = type_of(pass, block, leaf, size);
    uint64_t hash = (((uint64_t)site << 32 | row) ^ type * UINT64_C(0xD6E8FEB86659FD93)) * UINT64_C(0x9E3779B97F4A7C15);
    for (uint64_t i = hash >> 20 & (pass->capacity - 1);; i = (i + 1) & (pass->capacity - 1)) {
        struct group *group = &pass->groups[i];
        if (group->blocks == 0) {
            if (pass->count * 8 > pass->capacity * 7) return;
            pass->count++;
            *group = (struct group){.site = site, .row = row, .type = type};
        } else if (group->site != site || group->row != row || group->type != type) {
            continue;
        }
        group->blocks++;
        group->bytes += size;
        group->age += memscope_census_age(entry);
        return;
    }
}

// A block's first words tell its type and are seldom in the cache: they are fetched while those of the blocks before are read.
static void queue(struct pass *pass, struct coming next) {
    struct coming *slot = &pass->coming[pass->turn++ % AHEAD], due = *slot;
    *slot = next;
    if (pass->look_inside) __builtin_prefetch((const void *)next.block);
    if (due.block) count(pass, due.block, due.entry);
}

static uint32_t visit(void *info, uintptr_t block, uint64_t entry) {
    uint32_t leaf_number = (uint32_t)(entry >> MEMSCOPE_LEAF_SHIFT);
    // A word without a leaf is no block's: a task's record is named there.
    if ((leaf_number & MEMSCOPE_LEAF_INDEX_MASK) == 0) return 0;
    queue(info, (struct coming){block, entry});
    return leaf_number & MEMSCOPE_LEAF_MIXED_BIT ? 1 : 0;
}

void memscope_live_heap_write(struct memscope_writer *writer, struct memscope_type_table *types,
                              const struct memscope_context_table *contexts, struct memscope_task_table *tasks, bool frozen,
                              struct memscope_census *census) {
    struct { uint32_t site, context, type, zero; uint64_t blocks, bytes; } element = {0};
    memscope_writer_section(writer, MEMSCOPE_SECTION_LIVE_GROUPS, sizeof element);
    // Room for every live block to be a group of its own, and for those that come while we look.
    uint64_t live = memscope_engine.allocations - memscope_engine.frees;
    struct pass pass = {.capacity = 1 << 12, .contexts = contexts, .tasks = tasks,
                        // After a stop a block may be gone, and another at its place.
                        .look_inside = frozen && !memscope_was_stopped()};
    while (pass.capacity < live * 3 / 2 + 1024) pass.capacity *= 2;
    pass.groups = memscope_map(pass.capacity * sizeof(struct group));
    if (!pass.groups) {
        writer->error = 12;  // ENOMEM
        return;
    }
    memscope_shadow_visit(visit, &pass);
    for (int i = 0; i < AHEAD; i++) queue(&pass, (struct coming){0});
    for (uint64_t i = 0; i < pass.capacity; i++) {
        const struct group *group = &pass.groups[i];
        if (group->blocks == 0) continue;
        element.site = group->site;
        element.context = group->row - 1;
        element.type = memscope_type_index(types, group->type);
        element.blocks = group->blocks;
        element.bytes = group->bytes;
        memscope_census_add(census, element.type, group->bytes, group->age);
        memscope_writer_add(writer, &element);
    }
    memscope_unmap(pass.groups, pass.capacity * sizeof(struct group));
}
