#include "counted_words.h"

#include "../SwiftRuntime/block_type.h"
#include "../SwiftRuntime/module_ranges.h"
#include "../SwiftRuntime/task.h"

// As libdispatch keeps it in a thread's list: flags, how many are in the list from here on, the next one, …
struct continuation {
    uint64_t flags;
    // The other half is left of what stood there.
    uint32_t count, stale;
    uint64_t next, voucher, function, argument, more[2];
};
_Static_assert(sizeof(struct continuation) == MEMSCOPE_CONTINUATION_BYTES, "of which blocks are looked at");
_Static_assert(offsetof(struct continuation, next) == MEMSCOPE_CONTINUATION_NEXT, "as the header says");

enum { CACHED_AT_MOST = 4096, STEPS = 256 };

static const struct memscope_block *block_starting_at(const struct memscope_block_index *index, uint64_t address) {
    uint32_t found = memscope_block_at(index, address);
    return found != MEMSCOPE_NO_BLOCK && index->blocks[found].address == address ? &index->blocks[found] : NULL;
}

// The next one of a list that counts down to one; null at its end.
static const struct continuation *next_in_list(const struct memscope_block_index *index, const struct continuation *continuation) {
    const struct memscope_block *next = continuation->count > 1 ? block_starting_at(index, continuation->next) : NULL;
    if (!next || memscope_block_size(next) != sizeof *continuation) return NULL;
    const struct continuation *found = (const struct continuation *)next->address;
    return found->count == continuation->count - 1 ? found : NULL;
}

static bool is_in_list(const struct memscope_block_index *index, const struct continuation *continuation) {
    uint32_t count = continuation->count;
    if (count == 0 || count > CACHED_AT_MOST) return false;
    return count == 1 ? continuation->next == 0 : next_in_list(index, continuation) != NULL;
}

static bool ran_a_task(const struct memscope_block_index *index, const struct continuation *continuation) {
    if (!memscope_is_code(continuation->function)) return false;
    const struct memscope_block *task = block_starting_at(index, continuation->argument);
    if (!task || memscope_block_size(task) < TASK_SIZE_KNOWN) return false;
    return memscope_block_type_is_task(*(const uint64_t *)task->address) &&
           !(memscope_task_flags((const void *)task->address) & MEMSCOPE_TASK_ENQUEUED);
}

// A program may have a list that looks like this one. None of another's has a task for an argument that is in no queue; what the others
// in the list ran may be gone.
bool memscope_block_is_spent_continuation(const struct memscope_block_index *index, const struct memscope_block *block) {
    const struct continuation *continuation = (const struct continuation *)block->address;
    if (memscope_swift_runtime.unavailable || !is_in_list(index, continuation)) return false;
    for (uint32_t i = 0; continuation && i < STEPS; i++, continuation = next_in_list(index, continuation))
        if (ran_a_task(index, continuation)) return true;
    return false;
}

uint64_t memscope_slab_used_bytes(uintptr_t slab, uint64_t size) {
    const struct task_slab *header = (const struct task_slab *)slab;
    uint64_t end = sizeof *header + ((header->used + 7) & ~UINT64_C(7));
    return header->used <= header->capacity && sizeof *header + header->capacity <= size && end <= size ? end : size;
}
