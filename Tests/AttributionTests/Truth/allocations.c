// The allocation functions: each calls the next one and counts what succeeded.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "tables.h"

struct block {
    uintptr_t address;
    uint64_t size;
    struct owner owner;
};

// Open addressing; an address that left is kept as a grave until the table is made anew.
enum { GRAVE = 1 };
static struct block *blocks;
static size_t capacity, used;

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static int (*next_posix_memalign)(void **, size_t, size_t);
static void *(*next_aligned_alloc)(size_t, size_t);
static void *(*next_memalign)(size_t, size_t);
static void (*next_free)(void *);

// What dlsym asks for while it looks is from here, and never given back.
static char pool[65536] __attribute__((aligned(16)));
static size_t pool_used;
static __thread int looking __attribute__((tls_model("initial-exec")));

static void *from_pool(size_t size) {
    size_t at = __atomic_fetch_add(&pool_used, (size + 15) & ~(size_t)15, __ATOMIC_RELAXED);
    return at + size <= sizeof pool ? pool + at : NULL;
}

static int is_from_pool(const void *block) { return (const char *)block >= pool && (const char *)block < pool + sizeof pool; }

static void find_next(void) {
    if (__atomic_load_n(&next_free, __ATOMIC_ACQUIRE) || looking) return;
    looking = 1;
    next_malloc = (typeof(next_malloc))dlsym(RTLD_NEXT, "malloc");
    next_calloc = (typeof(next_calloc))dlsym(RTLD_NEXT, "calloc");
    next_realloc = (typeof(next_realloc))dlsym(RTLD_NEXT, "realloc");
    next_posix_memalign = (typeof(next_posix_memalign))dlsym(RTLD_NEXT, "posix_memalign");
    next_aligned_alloc = (typeof(next_aligned_alloc))dlsym(RTLD_NEXT, "aligned_alloc");
    next_memalign = (typeof(next_memalign))dlsym(RTLD_NEXT, "memalign");
    __atomic_store_n(&next_free, (typeof(next_free))dlsym(RTLD_NEXT, "free"), __ATOMIC_RELEASE);
    looking = 0;
}

static struct block *place_of(uintptr_t address) {
    size_t i = (address >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 20 & (capacity - 1);
    struct block *grave = NULL;
    for (;; i = (i + 1) & (capacity - 1)) {
        if (blocks[i].address == address) return &blocks[i];
        if (blocks[i].address == GRAVE && !grave) grave = &blocks[i];
        if (blocks[i].address == 0) return grave ? grave : &blocks[i];
    }
}

static void make_room(void) {
    if ((used + 1) * 2 <= capacity) return;
    struct block *before = blocks;
    size_t count = capacity, live = 0;
    for (size_t i = 0; i < count; i++) live += before[i].address > GRAVE;
    while (capacity < 65536 || (live + 1) * 4 > capacity) capacity = capacity ? capacity * 2 : 65536;
    blocks = mmap(NULL, capacity * sizeof *blocks, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (blocks == MAP_FAILED) truth_fail("no memory for the table of blocks");
    used = live;
    for (size_t i = 0; i < count; i++)
        if (before[i].address > GRAVE) *place_of(before[i].address) = before[i];
    if (before) munmap(before, count * sizeof *before);
}

static void add(void *block, size_t size) {
    if (!block || !truth_on) return;
    int error = errno;
    struct owner owner = truth_owner_here();
    truth_lock();
    make_room();
    truth_count_allocation(&owner, (uintptr_t)block, size);
    struct block *place = place_of((uintptr_t)block);
    used += place->address == 0;
    *place = (struct block){(uintptr_t)block, size, owner};
    truth_unlock();
    errno = error;
}

static struct block take(void *block) {
    struct block taken = {0};
    if (!block || !truth_on) return taken;
    truth_lock();
    struct block *place = capacity ? place_of((uintptr_t)block) : NULL;
    if (place && place->address == (uintptr_t)block) {
        taken = *place;
        place->address = GRAVE;
        truth_count_free(&taken.owner, taken.size);
    }
    truth_unlock();
    return taken;
}

void *malloc(size_t size) {
    find_next();
    if (looking) return from_pool(size);
    void *block = next_malloc(size);
    add(block, size);
    return block;
}

void *calloc(size_t count, size_t size) {
    find_next();
    if (looking) return from_pool(count * size);
    void *block = next_calloc(count, size);
    add(block, count * size);
    return block;
}

void *realloc(void *block, size_t size) {
    find_next();
    if (is_from_pool(block)) truth_fail("realloc of what dlsym asked for");
    // The programs' reallocs do not fail.
    take(block);
    void *moved = next_realloc(block, size);
    add(moved, size);
    return moved;
}

int posix_memalign(void **place, size_t alignment, size_t size) {
    find_next();
    int failed = next_posix_memalign(place, alignment, size);
    if (!failed) add(*place, size);
    return failed;
}

void *aligned_alloc(size_t alignment, size_t size) {
    find_next();
    void *block = next_aligned_alloc(alignment, size);
    add(block, size);
    return block;
}

void *memalign(size_t alignment, size_t size) {
    find_next();
    void *block = next_memalign(alignment, size);
    add(block, size);
    return block;
}

void free(void *block) {
    if (!block || is_from_pool(block)) return;
    find_next();
    int error = errno;
    take(block);
    errno = error;
    next_free(block);
}

// MemScope asks other allocators than glibc for a little more than the program does, and finds out by this function whose
// malloc it calls. The blocks are glibc's, and the sizes must be the program's.
const char *gnu_get_libc_version(void) {
    const char *(*next)(void) = (typeof(next))dlsym(RTLD_NEXT, "gnu_get_libc_version");
    return next();
}
