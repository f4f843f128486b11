#define _GNU_SOURCE
#include "graph_tasks.h"

#include "../Capture/guarded_read.h"
#include "../Lifecycle/state.h"
#include "../Shadow/shadow.h"
#include "../SwiftRuntime/block_type.h"
#include "../SwiftRuntime/task.h"

enum { SLAB_LIMIT = 1 << 16 };

struct task_block_element { uint32_t block, task, role, object; };
_Static_assert(sizeof(struct task_block_element) == 16, "as Docs/capture-format.md says");

// The index + 1, in the section of tasks, of the task that allocated a block.
static uint32_t allocating_task(const struct memscope_task_table *tasks, const struct memscope_block *block) {
    const uint64_t *entry = memscope_shadow_find(block->address);
    uint32_t index = entry ? (uint32_t)(*entry >> MEMSCOPE_CONTEXT_SHIFT) & MEMSCOPE_CONTEXT_MASK : 0;
    const struct memscope_context *context = &memscope_engine.contexts[index];
    if (index == 0 || context->task == 0) return 0;
    const struct memscope_task *task = &memscope_engine.tasks[context->task];
    // The place may serve another task by now.
    return (uint32_t)task->id == context->task_id && task->address ? memscope_task_table_listed(tasks, task->address) : 0;
}

static void write_slabs(struct memscope_writer *writer, const struct memscope_graph_places *places, struct task_block_element element,
                        uintptr_t task) {
    const struct task_slab *slab = *(const struct task_slab *const *)(task + TASK_FIRST_SLAB);
    element.role = MEMSCOPE_TASK_BLOCK_SLAB;
    for (uint32_t i = 0; slab && i < SLAB_LIMIT; i++, slab = slab->next) {
        uint32_t found = memscope_block_at(places->index, (uintptr_t)slab);
        // The first may lie in the task object, or in another task's slab.
        bool is_block = found != MEMSCOPE_NO_BLOCK && places->index->blocks[found].address == (uintptr_t)slab;
        if (!is_block || !memscope_graph_has(places, found)) continue;
        element.block = memscope_graph_place(places, found);
        memscope_writer_add(writer, &element);
    }
}

void memscope_graph_tasks_write(struct memscope_writer *writer, const struct memscope_graph_places *places,
                                const struct memscope_task_table *tasks) {
    memscope_writer_section(writer, MEMSCOPE_SECTION_TASK_BLOCKS, sizeof(struct task_block_element));
    if (!memscope_block_types_available() || memscope_swift_runtime.unavailable) return;
    for (volatile uint32_t i = 0; i < places->index->count; i++) {
        if (!memscope_graph_has(places, i)) continue;
        const struct memscope_block *block = &places->index->blocks[i];
        struct task_block_element element = {.block = memscope_graph_place(places, i), .object = memscope_graph_place(places, i)};
        if (!memscope_block_is_marked(block) && (element.task = allocating_task(tasks, block))) memscope_writer_add(writer, &element);
        if (memscope_block_size(block) < TASK_SIZE_KNOWN || !memscope_guard_begin()) continue;
        uint64_t type = *(const uint64_t *)block->address;
        if (!memscope_metadata_is_plausible(type) || !memscope_block_type_is_task(type)) continue;
        element.task = memscope_task_table_listed(tasks, block->address);
        element.role = MEMSCOPE_TASK_BLOCK_OBJECT;
        memscope_writer_add(writer, &element);
        write_slabs(writer, places, element, block->address);
    }
}
