#define _GNU_SOURCE
#include "counted_words.h"

#include "../Capture/guarded_read.h"
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

enum { CACHED_AT_MOST = 4096, RUNNERS = 4, LOOKED_AT = 1 << 18 };

// Functions by which libdispatch was told to run tasks.
static struct { uint64_t functions[RUNNERS]; uint32_t count; } runners;

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

static bool is_runner(uint64_t function) {
    for (uint32_t i = 0; i < runners.count; i++)
        if (runners.functions[i] == function) return true;
    return false;
}

// An `async let`'s lies in a slab of the task that awaits it.
static bool is_waiting_task(const struct memscope_block *block, uint64_t address) {
    return address % 8 == 0 && block->address + memscope_block_size(block) - address >= TASK_SIZE_KNOWN &&
           memscope_block_type_is_task(*(const uint64_t *)address) &&
           !(memscope_task_flags((const void *)address) & MEMSCOPE_TASK_ENQUEUED);
}

static void learn(const struct memscope_block_index *index, const struct continuation *continuation) {
    if (!memscope_is_code(continuation->function) || is_runner(continuation->function)) return;
    if (runners.count == RUNNERS || !is_in_list(index, continuation)) return;
    const struct memscope_block *task = block_starting_at(index, continuation->argument);
    if (task && is_waiting_task(task, task->address)) runners.functions[runners.count++] = continuation->function;
}

// From the last one on: what threads allocate lies high. After a fault it goes on with the next one.
void memscope_counted_words_learn(const struct memscope_block_index *index) {
    runners.count = 0;
    if (memscope_swift_runtime.unavailable) return;
    static volatile uint32_t at, looked_at;
    at = index->count;
    looked_at = 0;
    if (!memscope_guard_begin()) looked_at++;
    while (at > 0 && looked_at < LOOKED_AT) {
        const struct memscope_block *block = &index->blocks[--at];
        if (memscope_block_size(block) != sizeof(struct continuation)) continue;
        looked_at++;
        if (memscope_block_may_be_continuation(block->address)) learn(index, (const struct continuation *)block->address);
    }
}

// One that was taken from the list again may look as if it were in it still; but then its argument is there, a task in a queue or some
// other job, perhaps inside of a block.
bool memscope_block_is_spent_continuation(const struct memscope_block_index *index, const struct memscope_block *block) {
    const struct continuation *continuation = (const struct continuation *)block->address;
    if (!is_runner(continuation->function) || !is_in_list(index, continuation)) return false;
    uint32_t found = memscope_block_at(index, continuation->argument & ~UINT64_C(7));
    return found == MEMSCOPE_NO_BLOCK || is_waiting_task(&index->blocks[found], continuation->argument);
}

uintptr_t memscope_slab_in(uintptr_t block, uint64_t size) {
    if (size < sizeof(struct task_slab)) return 0;
    uint64_t first = *(const volatile uint64_t *)block;
    if (memscope_metadata_is_task_slab(first)) return block;
    if (size < TASK_SIZE_KNOWN + sizeof(struct task_slab) || !memscope_block_type_is_task(first)) return 0;
    uintptr_t slab = *(const uintptr_t *)(block + TASK_FIRST_SLAB);
    bool is_inside = slab >= block + TASK_SIZE_KNOWN && slab <= block + size - sizeof(struct task_slab) && slab % 8 == 0;
    return is_inside && memscope_metadata_is_task_slab(*(const uint64_t *)slab) ? slab : 0;
}

uint64_t memscope_slab_used_bytes(uintptr_t slab, uint64_t size) {
    const struct task_slab *header = (const struct task_slab *)slab;
    uint64_t end = sizeof *header + ((header->used + 7) & ~UINT64_C(7));
    return header->used <= header->capacity && sizeof *header + header->capacity <= size && end <= size ? end : size;
}
