#include "metadata.h"

#include "metadata_layout.h"

/// A verdict on one metadata pointer, in one word so that it is read and written whole:
///
///     63        48 47                          3 2     0
///    ┌────────────┬─────────────────────────────┬───────┐
///    │ size / 8   │ metadata pointer            │ code  │
///    └────────────┴─────────────────────────────┴───────┘
///
/// `code` is the kind plus one, 0 for "no metadata". `size` is the instance size of a class rounded down to 8
/// and at most LARGEST_SIZE, which stands for "that or more". An empty entry is 0: address 0 is never asked for.
typedef uint64_t verdict;

#define VERDICT_COUNT 2048u
#define LARGEST_SIZE 0xffffu
#define ADDRESS_MASK 0x0000fffffffffff8ull

static _Atomic uint64_t verdicts[VERDICT_COUNT];
static _Atomic uintptr_t task_slab;

static inline size_t slot_of(uint64_t word0)
{
    return (size_t)((word0 * 0x9e3779b97f4a7c15ull) >> 53) % VERDICT_COUNT;
}

void memscope_metadata_forget_verdicts(void)
{
    for (size_t i = 0; i < VERDICT_COUNT; i++)
        atomic_store_explicit(&verdicts[i], 0, memory_order_relaxed);
}

void memscope_metadata_set_task_slab(uintptr_t slab_metadata)
{
    atomic_store_explicit(&task_slab, slab_metadata, memory_order_relaxed);
    memscope_metadata_forget_verdicts();
}

bool memscope_metadata_is_task_slab(uintptr_t word0)
{
    return word0 != 0 && word0 == atomic_load_explicit(&task_slab, memory_order_relaxed);
}

/// Whether the words at `isa` are those of a class. Its kind word is 0, which proves nothing.
static bool is_class(const struct swift_class_metadata *isa)
{
    if (!memscope_is_readable((uintptr_t)isa, sizeof *isa))
        return false;
    uint32_t alignment = (uint32_t)isa->alignment_mask + 1;
    if (!(isa->flags & SWIFT_CLASS_USES_SWIFT_REFCOUNTING) || isa->instance_size < 16 || (alignment & (alignment - 1)))
        return false;
    if (isa->address_point > isa->class_size || isa->class_size > 64 * 1024)
        return false;
    const struct swift_context_descriptor *descriptor = isa->descriptor;
    return memscope_in_module((uintptr_t)descriptor, sizeof *descriptor)
        && (descriptor->flags & SWIFT_CONTEXT_KIND_MASK) == SWIFT_CONTEXT_CLASS;
}

bool memscope_metadata_is_actor(uint64_t isa)
{
    return memscope_metadata_kind_uncached(isa, SIZE_MAX) == MEMSCOPE_TYPE_CLASS
        && (((const struct swift_class_metadata *)(uintptr_t)isa)->descriptor->flags & SWIFT_CLASS_IS_ACTOR);
}

static enum memscope_type_kind judge(uint64_t word0)
{
    if (!memscope_metadata_is_plausible(word0))
        return MEMSCOPE_TYPE_NONE;
    uintptr_t isa = (uintptr_t)word0;
    if (memscope_metadata_is_task_slab(isa))
        return MEMSCOPE_TYPE_TASK_SLAB;
    // The destroy function and the value witness table stand before the address point.
    if (!memscope_is_readable(isa - 16, 24))
        return MEMSCOPE_TYPE_NONE;
    uint64_t kind = *(const uint64_t *)isa;
    enum memscope_type_kind result;
    switch (kind) {
    case SWIFT_METADATA_CLASS: result = MEMSCOPE_TYPE_CLASS; break;
    case SWIFT_METADATA_HEAP_LOCAL: result = MEMSCOPE_TYPE_CLOSURE_CONTEXT; break;
    case SWIFT_METADATA_HEAP_GENERIC_LOCAL: result = MEMSCOPE_TYPE_BOX; break;
    case SWIFT_METADATA_ERROR_OBJECT: result = MEMSCOPE_TYPE_ERROR_BOX; break;
    case SWIFT_METADATA_TASK: result = MEMSCOPE_TYPE_TASK; break;
    case SWIFT_METADATA_JOB: result = MEMSCOPE_TYPE_JOB; break;
    default: return MEMSCOPE_TYPE_NONE;
    }
    if (!memscope_is_code(((const uintptr_t *)isa)[-2]))
        return MEMSCOPE_TYPE_NONE;
    if (kind == SWIFT_METADATA_CLASS && !is_class((const struct swift_class_metadata *)isa))
        return MEMSCOPE_TYPE_NONE;
    return result;
}

static size_t instance_size(uint64_t word0, enum memscope_type_kind kind)
{
    // Every other kind of object has at least its header.
    return kind == MEMSCOPE_TYPE_CLASS ? ((const struct swift_class_metadata *)(uintptr_t)word0)->instance_size : 16;
}

enum memscope_type_kind memscope_metadata_kind_uncached(uint64_t word0, size_t block_size)
{
    enum memscope_type_kind kind = judge(word0);
    if (kind == MEMSCOPE_TYPE_NONE || block_size < 16)
        return MEMSCOPE_TYPE_NONE;
    return instance_size(word0, kind) <= block_size ? kind : MEMSCOPE_TYPE_NONE;
}

enum memscope_type_kind memscope_metadata_kind(uint64_t word0, size_t block_size)
{
    if (block_size < 16 || !memscope_metadata_is_plausible(word0))
        return MEMSCOPE_TYPE_NONE;
    _Atomic uint64_t *slot = &verdicts[slot_of(word0)];
    verdict known = atomic_load_explicit(slot, memory_order_relaxed);
    if ((known & ADDRESS_MASK) != word0) {
        enum memscope_type_kind kind = judge(word0);
        uint64_t code = kind == MEMSCOPE_TYPE_NONE ? 0 : (uint64_t)kind + 1;
        uint64_t size = code ? instance_size(word0, kind) / 8 : 0;
        known = (size < LARGEST_SIZE ? size : LARGEST_SIZE) << 48 | word0 | code;
        atomic_store_explicit(slot, known, memory_order_relaxed);
    }
    uint64_t code = known & 7;
    if (code == 0)
        return MEMSCOPE_TYPE_NONE;
    uint64_t size = (known >> 48) * 8;
    if (size == LARGEST_SIZE * 8ull)
        size = instance_size(word0, (enum memscope_type_kind)(code - 1));
    return size <= block_size ? (enum memscope_type_kind)(code - 1) : MEMSCOPE_TYPE_NONE;
}

enum memscope_type_kind memscope_metadata_freed_kind(uint64_t word0, uint64_t word1, size_t block_size)
{
    enum memscope_type_kind kind = memscope_metadata_kind(word0, block_size);
    switch (kind) {
    case MEMSCOPE_TYPE_NONE:
    case MEMSCOPE_TYPE_TASK_SLAB: // a slab has no reference counts
        return kind;
    default:
        if (word1 == SWIFT_COUNTS_DESTROYED || word1 == SWIFT_COUNTS_DESTROYED_UNOWNED || word1 >> 62 == 3)
            return kind;
        return kind == MEMSCOPE_TYPE_JOB && word1 == SWIFT_COUNTS_FRESH ? kind : MEMSCOPE_TYPE_NONE;
    }
}

enum memscope_type_kind memscope_metadata_live_kind(uint64_t word0, uint64_t word1, size_t block_size)
{
    enum memscope_type_kind kind = memscope_metadata_kind(word0, block_size);
    if (kind == MEMSCOPE_TYPE_NONE || kind == MEMSCOPE_TYPE_TASK_SLAB || word1 >> 62 == 3)
        return kind;
    bool immortal = (word1 & SWIFT_COUNTS_IMMORTAL) == SWIFT_COUNTS_IMMORTAL;
    bool counts = (word1 & 1) && !(word1 & SWIFT_COUNTS_DEINITING) && !(word1 >> 63);
    return immortal || counts ? kind : MEMSCOPE_TYPE_NONE;
}

bool memscope_metadata_recognise(uint64_t word0, uint64_t word1, size_t block_size)
{
    return memscope_metadata_freed_kind(word0, word1, block_size) != MEMSCOPE_TYPE_NONE
        || memscope_metadata_live_kind(word0, word1, block_size) != MEMSCOPE_TYPE_NONE;
}
