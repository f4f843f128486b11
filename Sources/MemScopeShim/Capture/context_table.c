#include "context_table.h"

#include <string.h>

#include "../Attribution/context.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"

// Where a row's number is, or would be.
static uint32_t slot_of(const struct memscope_context_table *table, uint32_t thread, uint32_t scope, uint32_t site) {
    for (uint32_t i = memscope_owner_hash(thread, scope, site) & table->mask;; i = (i + 1) & table->mask) {
        if (table->slots[i] == 0) return i;
        const struct memscope_group *row = &table->rows[table->slots[i] - 1];
        if (row->thread == thread && row->scope == scope && row->site == site) return i;
    }
}

static uint32_t find(struct memscope_context_table *table, uint32_t thread, uint32_t scope, uint32_t site) {
    uint32_t *slot = &table->slots[slot_of(table, thread, scope, site)];
    if (*slot == 0) {
        table->rows[table->count] = (struct memscope_group){.thread = thread, .scope = scope, .site = site};
        *slot = ++table->count;
    }
    return *slot;
}

uint32_t memscope_context_table_row(const struct memscope_context_table *table, uint32_t thread, uint32_t scope, uint32_t site) {
    return table->slots[slot_of(table, thread, scope, site)];
}

static void add(struct memscope_sums *sums, const struct memscope_sums *more) {
    sums->allocations += more->allocations;
    sums->frees += more->frees;
    sums->temporaries += more->temporaries;
    sums->allocated_bytes += more->allocated_bytes;
    sums->freed_bytes += more->freed_bytes;
}

bool memscope_context_table_start(struct memscope_context_table *table) {
    const struct memscope_engine *engine = &memscope_engine;
    *table = (struct memscope_context_table){.context_count = memscope_load_acquire(&engine->context_count)};
    uint64_t most = (uint64_t)table->context_count + 1, slots = 1 << 10;
    for (uint32_t i = 0; i < MEMSCOPE_GROUPS; i++) most += engine->groups[i].used;
    while (slots < most * 2) slots *= 2;
    table->mask = (uint32_t)(slots - 1);
    table->slots = memscope_map(slots * sizeof *table->slots);
    table->rows = memscope_map(most * sizeof *table->rows);
    table->row_of = memscope_map(((size_t)table->context_count + 1) * sizeof *table->row_of);
    if (!table->slots || !table->rows || !table->row_of) return false;
    // Row 1 is for what found no context of its own.
    find(table, 0, 0, 0);
    for (uint32_t i = 0; i < table->context_count; i++) {
        const struct memscope_context *context = &engine->contexts[i];
        if (!(context->flags & MEMSCOPE_CONTEXT_BEGUN)) continue;
        table->row_of[i] = find(table, context->thread, MEMSCOPE_RUN_SCOPE(context->run), context->site);
        add(&table->rows[table->row_of[i] - 1].sums, &context->sums);
    }
    for (uint32_t i = 0; i < MEMSCOPE_GROUPS; i++) {
        const struct memscope_group *group = &engine->groups[i];
        if (group->used) add(&table->rows[find(table, group->thread, group->scope, group->site) - 1].sums, &group->sums);
    }
    return true;
}

void memscope_context_table_write(const struct memscope_context_table *table, struct memscope_task_table *tasks,
                                  struct memscope_writer *writer) {
    struct { uint32_t thread, scope, site, queue; struct memscope_sums sums; } element = {0};
    memscope_writer_section(writer, MEMSCOPE_SECTION_CONTEXTS, sizeof element);
    for (uint32_t i = 0; i < table->count; i++) {
        element.thread = table->rows[i].thread;
        element.scope = table->rows[i].scope;
        element.site = memscope_task_table_site(tasks, table->rows[i].site);
        bool has_queue = (table->rows[i].site & 3) == MEMSCOPE_TASK_KIND_NONE;
        const char *queue = memscope_engine.names + (has_queue ? table->rows[i].site >> MEMSCOPE_SITE_KIND_BITS : 0);
        element.queue = memscope_writer_text(writer, queue, strlen(queue));
        element.sums = table->rows[i].sums;
        memscope_writer_add(writer, &element);
    }
}
