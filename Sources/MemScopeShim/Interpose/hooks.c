// The hooks: what the program calls instead of its allocator while MemScope is linked or preloaded.
//
// Off, a hook is one relaxed load, a branch that is predicted, and a jump to the next allocator. On, per event and in
// this order: guard against re-entry · walk · the real call · leaf · shadow · record. For a known stack that takes no
// lock, no allocation and no system call. The slow paths, each of which takes only locks of our own held for bounded
// work, mmap and futex, are:
//
//   first event of a thread       memscope_thread_create     threads lock, attribution lock, mmap, gettid
//   task, scope or run unseen     memscope_attribution_refresh  attribution lock, names lock
//   unseen stack                  memscope_intern            intern lock, rarely mmap
//   unseen code address           memscope_address_add       none
//   new 64 MiB region of heap     memscope_shadow_region     mmap
//   full ring segment             memscope_ring_refill       pool lock, futex
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>

#include "../Lifecycle/configuration.h"
#include "../Lifecycle/sanitizer.h"
#include "../Lifecycle/switch.h"
#include "hooks.h"
#include "next_allocator.h"
#include "record.h"

#if !MEMSCOPE_SANITIZED

#define MEMSCOPE_EXPORTED __attribute__((visibility("default")))
// Out of the way of the untracked path, and together, so that a stack tells where the program ends and the hook begins.
#define MEMSCOPE_HOOK __attribute__((noinline, section("memscope_hooks")))
#define MEMSCOPE_TAIL __attribute__((musttail))
#define is_on() __builtin_expect(__atomic_load_n(&memscope_switch.on, __ATOMIC_RELAXED) != 0, 0)
// The walk starts at the caller of the function these stand in; it keeps a frame pointer because of them.
#define FRAME ((uintptr_t)__builtin_frame_address(0))
#define CALLER_STACK_POINTER ((uintptr_t)__builtin_dwarf_cfa())

// Keeps block starts in separate granules under allocators that pack tighter than glibc.
static inline size_t real_size(size_t size) {
    return __builtin_expect(memscope_switch.round_up_small, 0) && size < 25 ? 32 : size;
}

static MEMSCOPE_HOOK void *tracked_malloc(size_t size) {
    struct memscope_thread *thread = memscope_hook_enter();
    if (!thread) return memscope_next.malloc(size);
    struct memscope_site site = memscope_site_here(thread, FRAME, CALLER_STACK_POINTER, size);
    void *block = memscope_next.malloc(real_size(size));
    if (__builtin_expect(block != NULL, 1)) memscope_record_allocation(thread, (uintptr_t)block, size, &site);
    memscope_hook_leave(thread);
    return block;
}

static MEMSCOPE_HOOK void *tracked_calloc(size_t count, size_t size) {
    struct memscope_thread *thread = memscope_hook_enter();
    size_t bytes;
    if (!thread || __builtin_mul_overflow(count, size, &bytes)) {
        if (thread) memscope_hook_leave(thread);
        return memscope_next.calloc(count, size);
    }
    struct memscope_site site = memscope_site_here(thread, FRAME, CALLER_STACK_POINTER, bytes);
    void *block = bytes < 25 ? memscope_next.calloc(1, real_size(bytes)) : memscope_next.calloc(count, size);
    if (__builtin_expect(block != NULL, 1)) memscope_record_allocation(thread, (uintptr_t)block, bytes, &site);
    memscope_hook_leave(thread);
    return block;
}

static MEMSCOPE_HOOK void tracked_free(void *block) {
    memscope_record_free((uintptr_t)block);
    memscope_next.free(block);
}

static MEMSCOPE_HOOK void tracked_free_in_custody(void *block) {
    if (block) memscope_record_free_in_custody((uintptr_t)block, FRAME, CALLER_STACK_POINTER);
    memscope_next.free(block);
}

// What records frees, chosen at the start: so custody costs those nothing who do not ask for it.
static struct {
    void (*free)(void *);
    void (*resized)(struct memscope_thread *, const struct memscope_entry *);
} frees = {tracked_free, memscope_record_entry_free};

void memscope_hooks_take_custody(void) {
    frees.resized = memscope_record_entry_free_in_custody;
    frees.free = tracked_free_in_custody;
}

// A resize is a free and an allocation. The old entry goes before the call, because afterwards the address may be
// another thread's; it comes back when the call fails.
static inline void *resize(struct memscope_thread *thread, void *block, size_t size, const struct memscope_site *site,
                           void *(*real)(void *, size_t)) {
    struct memscope_entry old = memscope_entry_take((uintptr_t)block);
    thread->reallocating = (uintptr_t)block;
    void *fresh = real(block, real_size(size));
    if (fresh == NULL && size != 0) {
        memscope_entry_restore((uintptr_t)block, old);
    } else {
        thread->reallocating = (uintptr_t)fresh;
        if (old.word) frees.resized(thread, &old);
        if (fresh) memscope_record_allocation(thread, (uintptr_t)fresh, size, site);
    }
    thread->reallocating = 0;
    return fresh;
}

// A block from the pool that served dlsym moves to the real allocator.
static void *leave_pool(void *block, size_t size) {
    size_t old = ((size_t *)block)[-1];
    void *fresh = memscope_next.malloc(size);
    if (fresh) __builtin_memcpy(fresh, block, old < size ? old : size);
    return fresh;
}

static MEMSCOPE_HOOK void *tracked_realloc(void *block, size_t size) {
    struct memscope_thread *thread = memscope_hook_enter();
    if (!thread) return memscope_resize_unrecorded(block, size);
    struct memscope_site site = memscope_site_here(thread, FRAME, CALLER_STACK_POINTER, size);
    void *fresh = resize(thread, block, size, &site, memscope_next.realloc);
    memscope_hook_leave(thread);
    return fresh;
}

static MEMSCOPE_HOOK void *tracked_reallocarray(void *block, size_t count, size_t size) {
    size_t bytes = count * size;  // the caller has excluded an overflow
    struct memscope_thread *thread = memscope_hook_enter();
    if (!thread) return memscope_resize_unrecorded(block, bytes);
    struct memscope_site site = memscope_site_here(thread, FRAME, CALLER_STACK_POINTER, bytes);
    void *fresh = resize(thread, block, bytes, &site, memscope_next.realloc);
    memscope_hook_leave(thread);
    return fresh;
}

static MEMSCOPE_HOOK int tracked_posix_memalign(void **place, size_t alignment, size_t size) {
    struct memscope_thread *thread = memscope_hook_enter();
    if (!thread) return memscope_next.posix_memalign(place, alignment, size);
    struct memscope_site site = memscope_site_here(thread, FRAME, CALLER_STACK_POINTER, size);
    int error = memscope_next.posix_memalign(place, alignment, real_size(size));
    if (error == 0 && *place) memscope_record_allocation(thread, (uintptr_t)*place, size, &site);
    memscope_hook_leave(thread);
    return error;
}

// aligned_alloc, memalign, valloc and pvalloc all come down to an alignment and a size.
static inline void *align(uintptr_t frame, uintptr_t caller_stack_pointer, size_t alignment, size_t size,
                          void *(*real)(size_t, size_t)) {
    struct memscope_thread *thread = memscope_hook_enter();
    if (!thread) return real(alignment, size);
    struct memscope_site site = memscope_site_here(thread, frame, caller_stack_pointer, size);
    void *block = real(alignment, real_size(size));
    if (block) memscope_record_allocation(thread, (uintptr_t)block, size, &site);
    memscope_hook_leave(thread);
    return block;
}
static void *real_memalign(size_t alignment, size_t size) {
    if (memscope_next.memalign) MEMSCOPE_TAIL return memscope_next.memalign(alignment, size);
    void *block = NULL;
    int error = memscope_next.posix_memalign(&block, alignment < sizeof(void *) ? sizeof(void *) : alignment, size);
    if (error) errno = error;
    return error ? NULL : block;
}
static void *real_aligned_alloc(size_t alignment, size_t size) {
    if (memscope_next.aligned_alloc) MEMSCOPE_TAIL return memscope_next.aligned_alloc(alignment, size);
    MEMSCOPE_TAIL return real_memalign(alignment, size);
}
static void *real_valloc(size_t alignment, size_t size) {
    return memscope_next.valloc ? memscope_next.valloc(size) : real_memalign(alignment, size);
}
static void *real_pvalloc(size_t alignment, size_t size) {
    if (memscope_next.pvalloc) return memscope_next.pvalloc(size);
    return real_memalign(alignment, (size + alignment - 1) & ~(alignment - 1));
}
static MEMSCOPE_HOOK void *tracked_memalign(size_t alignment, size_t size) {
    return align(FRAME, CALLER_STACK_POINTER, alignment, size, real_memalign);
}
static MEMSCOPE_HOOK void *tracked_aligned_alloc(size_t alignment, size_t size) {
    return align(FRAME, CALLER_STACK_POINTER, alignment, size, real_aligned_alloc);
}
static MEMSCOPE_HOOK void *tracked_valloc(size_t size) {
    return align(FRAME, CALLER_STACK_POINTER, 4096, size, real_valloc);
}
static MEMSCOPE_HOOK void *tracked_pvalloc(size_t size) {
    return align(FRAME, CALLER_STACK_POINTER, 4096, size, real_pvalloc);
}

MEMSCOPE_EXPORTED void *malloc(size_t size) {
    if (is_on()) MEMSCOPE_TAIL return tracked_malloc(size);
    MEMSCOPE_TAIL return memscope_next.malloc(size);
}

MEMSCOPE_EXPORTED void *calloc(size_t count, size_t size) {
    if (is_on()) MEMSCOPE_TAIL return tracked_calloc(count, size);
    MEMSCOPE_TAIL return memscope_next.calloc(count, size);
}

MEMSCOPE_EXPORTED void *realloc(void *block, size_t size) {
    if (__builtin_expect(memscope_pool_owns(block), 0)) return leave_pool(block, size);
    if (is_on()) MEMSCOPE_TAIL return tracked_realloc(block, size);
    MEMSCOPE_TAIL return memscope_next.realloc(block, size);
}

MEMSCOPE_EXPORTED void *reallocarray(void *block, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    if (__builtin_expect(memscope_pool_owns(block), 0)) return leave_pool(block, bytes);
    if (is_on()) MEMSCOPE_TAIL return tracked_reallocarray(block, count, size);
    return memscope_next.realloc(block, bytes);
}

MEMSCOPE_EXPORTED void free(void *block) {
    if (__builtin_expect(memscope_pool_owns(block), 0)) return;
    if (is_on()) MEMSCOPE_TAIL return frees.free(block);
    MEMSCOPE_TAIL return memscope_next.free(block);
}

MEMSCOPE_EXPORTED void free_sized(void *block, size_t size) {
    (void)size;
    free(block);
}

MEMSCOPE_EXPORTED void free_aligned_sized(void *block, size_t alignment, size_t size) {
    (void)alignment, (void)size;
    free(block);
}

MEMSCOPE_EXPORTED int posix_memalign(void **place, size_t alignment, size_t size) {
    if (is_on()) MEMSCOPE_TAIL return tracked_posix_memalign(place, alignment, size);
    MEMSCOPE_TAIL return memscope_next.posix_memalign(place, alignment, size);
}

MEMSCOPE_EXPORTED void *memalign(size_t alignment, size_t size) {
    if (is_on()) MEMSCOPE_TAIL return tracked_memalign(alignment, size);
    MEMSCOPE_TAIL return real_memalign(alignment, size);
}

MEMSCOPE_EXPORTED void *aligned_alloc(size_t alignment, size_t size) {
    if (is_on()) MEMSCOPE_TAIL return tracked_aligned_alloc(alignment, size);
    MEMSCOPE_TAIL return real_aligned_alloc(alignment, size);
}

MEMSCOPE_EXPORTED void *valloc(size_t size) {
    if (is_on()) MEMSCOPE_TAIL return tracked_valloc(size);
    return real_valloc(4096, size);
}

MEMSCOPE_EXPORTED void *pvalloc(size_t size) {
    if (is_on()) MEMSCOPE_TAIL return tracked_pvalloc(size);
    return real_pvalloc(4096, size);
}

#endif
