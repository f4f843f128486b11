#include "async_chain.h"

#include "../Lifecycle/state.h"
#include "../Shadow/shadow.h"
#include "../Stack/return_address.h"
#include "../SwiftRuntime/module_ranges.h"
#include "../SwiftRuntime/task.h"

// How far up the creation of a task is looked for.
#define TASK_GENERATIONS 64

static struct memscope_async_chain walk_chain(struct memscope_thread *thread, uint32_t fresh, uint32_t unchanged) {
    struct memscope_async_chain chain = {.fresh = fresh};
    uintptr_t context = thread->async_context;
    for (uint32_t steps = 0; context != 0 && (context & 7) == 0 && context >> 47 == 0; steps++) {
        for (uint32_t i = unchanged; i > 0; i--) {
            if (thread->checks[i - 1].slot == context + 8) {
                chain.joined = i;
                return chain;
            }
        }
        uintptr_t parent = memscope_load_word(context), resume = memscope_strip_pointer(memscope_load_word(context + 8));
        // The outermost context has no parent and resumes in the runtime, which ends the task.
        if (parent == 0 || resume == 0) return chain;
        memscope_unwind_rule rule;
        uint32_t address = memscope_address_find(resume, &rule);
        // In optimised programs the parts of async functions mostly have no CFI.
        if (rule.kind == memscope_rule_none && !memscope_is_code(resume)) return chain;
        if (chain.fresh >= MEMSCOPE_DEPTH || steps > MEMSCOPE_DEPTH) {
            chain.truncated = true;
            return chain;
        }
        thread->fresh[chain.fresh++] = (struct memscope_fresh_frame){
            .check = {.slot = context + 8, .return_address = resume, .link_place = context, .link = parent},
            // The parent's link always matters; a frame pointer means nothing here.
            .frame_pointer = MEMSCOPE_FRAME_POINTER_UNREAD,
            .address = address | MEMSCOPE_FRAME_ASYNC << MEMSCOPE_FRAME_KIND_SHIFT,
            .flags = MEMSCOPE_ADDRESS_READS_FRAME_POINTER,
        };
        context = parent & ~MEMSCOPE_ASYNC_FRAME_BIT;
    }
    return chain;
}

struct memscope_async_chain memscope_walk_async_callers(struct memscope_thread *thread, uint32_t physical, uintptr_t pc,
                                                        uintptr_t executor_frame, uint32_t unchanged) {
    thread->in_task_stack = true;
    thread->executor_frame = executor_frame;
    uintptr_t known = memscope_known_context(thread, unchanged);
    thread->async_context = memscope_task_async_context(thread->task, pc, (const uintptr_t *)executor_frame, known);
    struct memscope_async_chain chain = {physical, unchanged, false};
    // Mostly the function still runs that ran last time.
    if (thread->async_context != known || known == 0) chain = walk_chain(thread, physical, unchanged);
    thread->async_depth = chain.joined + chain.fresh - physical;
    return chain;
}

// The leaf of a task object, which the shadow knows: where the task was created. 0 for one that was not allocated by
// itself, or before tracking began.
static uint32_t creation_leaf(const void *task) {
    uint64_t *place = memscope_shadow_find((uintptr_t)task);
    uint64_t entry = place ? __atomic_load_n(place, __ATOMIC_RELAXED) : 0;
    if (entry == 0 || (entry & 3) != memscope_shadow_start_bits((uintptr_t)task)) return 0;
    return (uint32_t)(entry >> MEMSCOPE_LEAF_SHIFT) & MEMSCOPE_LEAF_INDEX_MASK;
}

// A task's stack hangs below the stack that created it. The task of an `async let` lies in a frame of its parent, which
// may be running and changing; then it is the nearest ancestor's that was allocated.
uint32_t memscope_creation_node(const void *task) {
    for (int generation = 0; task && generation < TASK_GENERATIONS; generation++) {
        uint32_t leaf = creation_leaf(task);
        if (leaf) return memscope_engine.leaves[leaf].node;
        task = memscope_task_parent(task);
    }
    return 0;
}
