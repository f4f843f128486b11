// An allocator that a signal handler may interrupt and use: no locks, every step one atomic exchange. It reuses
// addresses eagerly and is preloaded after the library under test.
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

enum { CLASSES = 40, SLOTS = 512 };
static struct { uint32_t next; void *blocks[SLOTS]; } classes[CLASSES];
static char *arena;
static size_t used;
static const size_t arena_bytes = (size_t)64 << 30;

static int class_of(size_t size) { return size <= 32 ? 5 : 64 - __builtin_clzl(size - 1); }

static void *carve(size_t bytes, size_t alignment) {
    char *start = __atomic_load_n(&arena, __ATOMIC_ACQUIRE);
    if (!start) {
        char *fresh = mmap(NULL, arena_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (__atomic_compare_exchange_n(&arena, &start, fresh, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) start = fresh;
    }
    size_t at = __atomic_fetch_add(&used, bytes + alignment + 32, __ATOMIC_RELAXED);
    if (at + bytes + alignment + 32 > arena_bytes) {
        errno = ENOMEM;
        return NULL;
    }
    return (void *)(((uintptr_t)start + at + 32 + alignment - 1) & ~(alignment - 1));
}

static void *allocate(size_t size, size_t alignment) {
    if (size > (size_t)1 << 38) {
        errno = ENOMEM;
        return NULL;
    }
    int class = class_of(size);
    for (uint32_t probe = 0; alignment <= 32 && probe < 8; probe++) {
        uint32_t slot = __atomic_load_n(&classes[class].next, __ATOMIC_RELAXED) - 1 - probe;
        void *block = __atomic_exchange_n(&classes[class].blocks[slot % SLOTS], NULL, __ATOMIC_ACQ_REL);
        if (block) {
            ((size_t *)block)[-1] = size;
            return block;
        }
    }
    void *block = carve((size_t)1 << class, alignment < 32 ? 32 : alignment);
    if (block) ((size_t *)block)[-1] = size, ((size_t *)block)[-2] = (size_t)class;
    return block;
}

__attribute__((visibility("default"))) void *malloc(size_t size) { return allocate(size, 32); }
__attribute__((visibility("default"))) void free(void *block) {
    if (!block) return;
    size_t class = ((size_t *)block)[-2];
    uint32_t slot = __atomic_fetch_add(&classes[class].next, 1, __ATOMIC_RELAXED);
    // What stood in the slot is never used again.
    __atomic_exchange_n(&classes[class].blocks[slot % SLOTS], block, __ATOMIC_ACQ_REL);
}
__attribute__((visibility("default"))) void *calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return errno = ENOMEM, NULL;
    void *block = allocate(bytes, 32);
    return block ? memset(block, 0, bytes) : NULL;
}
__attribute__((visibility("default"))) void *realloc(void *block, size_t size) {
    void *fresh = allocate(size, 32);
    if (!fresh || !block) return fresh;
    size_t old = ((size_t *)block)[-1];
    memcpy(fresh, block, old < size ? old : size);
    free(block);
    return fresh;
}
__attribute__((visibility("default"))) int posix_memalign(void **place, size_t alignment, size_t size) {
    void *block = allocate(size, alignment);
    if (!block) return ENOMEM;
    *place = block;
    return 0;
}
__attribute__((visibility("default"))) void *aligned_alloc(size_t alignment, size_t size) {
    return allocate(size, alignment);
}
__attribute__((visibility("default"))) void *memalign(size_t alignment, size_t size) { return allocate(size, alignment); }
__attribute__((visibility("default"))) size_t malloc_usable_size(void *block) {
    return block ? ((size_t *)block)[-1] : 0;
}
