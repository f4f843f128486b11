#define _GNU_SOURCE
#include "next_allocator.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>

// What dlsym may allocate for its error text, with room to spare. Blocks are never reused.
char memscope_pool[MEMSCOPE_POOL_BYTES] __attribute__((aligned(16)));
static size_t pool_used;

// Set while this thread is inside dlsym; its allocations come from the pool.
static __thread int looking __attribute__((tls_model("initial-exec")));

static void *pool_allocate(size_t alignment, size_t size) {
    if (alignment < 16) alignment = 16;
    // The size is kept below the block for realloc.
    size_t room = size + alignment + 16;
    size_t at = __atomic_fetch_add(&pool_used, room, __ATOMIC_RELAXED);
    if (room > MEMSCOPE_POOL_BYTES || at + room > MEMSCOPE_POOL_BYTES) {
        errno = ENOMEM;
        return NULL;
    }
    uintptr_t block = ((uintptr_t)memscope_pool + at + 16 + alignment - 1) & ~(alignment - 1);
    ((size_t *)block)[-1] = size;
    return (void *)block;
}

static void *pool_resize(void *block, size_t size) {
    void *fresh = pool_allocate(16, size);
    if (fresh && block && memscope_pool_owns(block)) {
        size_t old = ((size_t *)block)[-1];
        memcpy(fresh, block, old < size ? old : size);
    }
    return fresh;
}

// The stand-ins: look the real functions up, then call on. A call that comes from inside dlsym gets pool memory.
static void *find_malloc(size_t size) {
    if (looking) return pool_allocate(16, size);
    memscope_next_allocator_find();
    return memscope_next.malloc(size);
}
static void *find_calloc(size_t count, size_t size) {
    if (looking) return pool_allocate(16, count * size);  // the pool is zeroed and never reused
    memscope_next_allocator_find();
    return memscope_next.calloc(count, size);
}
static void *find_realloc(void *block, size_t size) {
    if (looking) return pool_resize(block, size);
    memscope_next_allocator_find();
    return memscope_next.realloc(block, size);
}
static void *find_reallocarray(void *block, size_t count, size_t size) {
    if (looking) return pool_resize(block, count * size);
    memscope_next_allocator_find();
    if (memscope_next.reallocarray) return memscope_next.reallocarray(block, count, size);
    errno = ENOMEM;
    return NULL;
}
static void find_free(void *block) {
    if (looking) return;
    memscope_next_allocator_find();
    memscope_next.free(block);
}
static int find_posix_memalign(void **place, size_t alignment, size_t size) {
    if (looking) return (*place = pool_allocate(alignment, size)) ? 0 : ENOMEM;
    memscope_next_allocator_find();
    return memscope_next.posix_memalign(place, alignment, size);
}

struct memscope_next_allocator memscope_next = {
    .malloc = find_malloc,
    .calloc = find_calloc,
    .realloc = find_realloc,
    .reallocarray = find_reallocarray,
    .free = find_free,
    .posix_memalign = find_posix_memalign,
};

// glibc's own names, for the case that dlsym finds nothing (a fully static program).
extern void *__libc_malloc(size_t) __attribute__((weak));
extern void *__libc_calloc(size_t, size_t) __attribute__((weak));
extern void *__libc_realloc(void *, size_t) __attribute__((weak));
extern void *__libc_memalign(size_t, size_t) __attribute__((weak));
extern void __libc_free(void *) __attribute__((weak));

static int fallback_posix_memalign(void **place, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
    void *block = __libc_memalign(alignment, size);
    if (!block) return ENOMEM;
    *place = block;
    return 0;
}

void memscope_next_allocator_find(void) {
    static int found;
    if (__atomic_load_n(&found, __ATOMIC_ACQUIRE) || looking) return;
    looking = 1;
    struct memscope_next_allocator next;
#define MEMSCOPE_FIND(need, result, name, parameters, arguments) next.name = (typeof(next.name))dlsym(RTLD_NEXT, #name);
    MEMSCOPE_HOOK_TABLE(MEMSCOPE_FIND)
#undef MEMSCOPE_FIND
    if (!next.malloc || !next.calloc || !next.realloc || !next.free || !next.posix_memalign) {
        next.malloc = __libc_malloc;
        next.calloc = __libc_calloc;
        next.realloc = __libc_realloc;
        next.free = __libc_free;
        next.posix_memalign = fallback_posix_memalign;
    }
    // Threads that race here find the same functions; each field is stored whole.
#define MEMSCOPE_STORE(need, result, name, parameters, arguments)                                                      \
    __atomic_store_n(&memscope_next.name, next.name, __ATOMIC_RELAXED);
    MEMSCOPE_HOOK_TABLE(MEMSCOPE_STORE)
#undef MEMSCOPE_STORE
    looking = 0;
    __atomic_store_n(&found, 1, __ATOMIC_RELEASE);
}

bool memscope_next_allocator_is_glibc(void) {
    memscope_next_allocator_find();
    Dl_info ours, libc;
    return dladdr((void *)memscope_next.malloc, &ours) && dladdr((void *)dlsym(RTLD_DEFAULT, "gnu_get_libc_version"), &libc) &&
           ours.dli_fbase == libc.dli_fbase;
}
