// Counts what a program asks of malloc and its kin, as an oracle that shares no code with what it checks.
//
//   COUNTING_OUTPUT=/tmp/count.%p LD_PRELOAD=/path/libcounting.so PROGRAM
//
// writes one line of JSON to that file (%p is the process id; a number alone is a file descriptor) when the process
// ends by exit, _exit, _Exit, quick_exit or abort, and again after each event that comes later. A process that dies by
// a signal or execs leaves nothing. A forked child is not counted: its copy of the switch reads 0.
//
// What is counted, as Valgrind's "total heap usage" does where the two agree:
//   * malloc(0) and calloc(0, n) are one allocation of 0 bytes, if a block was returned; free(NULL) is nothing.
//   * realloc(p, n) that succeeds is one free and one allocation of n bytes; realloc(NULL, n) is an allocation;
//     realloc(p, 0) that returns NULL is a free alone.
//   * An aligned allocation counts the bytes asked for, without alignment and rounding.
//   * What fails counts nothing. Valgrind counts a failed realloc of a block as one free and one allocation of the
//     bytes that were not given; programs to be compared keep those apart.
//   * pvalloc counts like valloc. Valgrind 3.19 does not count it.
//
// When counting begins: the totals hold what happened since this library's constructor ran. Before it the constructors
// of libraries below it have run (the C++ runtime allocates 72 704 bytes there); these calls stand in "early". Valgrind
// counts from the first call on: the sum of both. A free of a block that is not known counts in "unknownFrees" only.
//
// Beside another preloaded tracker: stand first in LD_PRELOAD and name the other library's file in COUNTING_IGNORE; its
// own calls are then left out, by their return addresses. Below it, its own calls cannot be told from the program's.
// COUNTING_EXACT_SIZES=1 makes malloc_usable_size() answer with the bytes asked for, as it does under Valgrind. Swift's
// arrays grow into what it offers, so without it Swift programs allocate less alone than under Valgrind.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct block { uintptr_t address; size_t size; int early; };
struct totals { uint64_t allocations, frees, allocated, freed; };

static struct {
    struct totals main, early;
    uint64_t unknown, peak;
    struct block *slots;
    size_t capacity, used;
} state;

static _Atomic uint32_t *on;              // in a page that a forked child sees as zero
static atomic_int locked, started, ended;
static uintptr_t ignore_start, ignore_end;
static int exact_sizes;

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static void (*next_free)(void *);
static int (*next_posix_memalign)(void **, size_t, size_t);
static void *(*next_aligned_alloc)(size_t, size_t);
static void *(*next_memalign)(size_t, size_t);
static void *(*next_valloc)(size_t);
static void *(*next_pvalloc)(size_t);

// dlsym may allocate while the next allocator is not known yet: from here, and never given back.
static _Alignas(16) char pool[65536];
static size_t pool_used;
static int resolving;

static void *from_pool(size_t size) {
    size_t start = (pool_used + 15) & ~(size_t)15;
    if (start + size > sizeof pool) return NULL;
    pool_used = start + size;
    return pool + start;
}

static int in_pool(const void *p) { return (const char *)p >= pool && (const char *)p < pool + sizeof pool; }

static void resolve(void) {
    if (next_free || resolving) return;
    resolving = 1;
#define NEXT(name) next_##name = dlsym(RTLD_NEXT, #name)
    NEXT(malloc), NEXT(calloc), NEXT(realloc), NEXT(posix_memalign), NEXT(aligned_alloc), NEXT(memalign), NEXT(valloc),
        NEXT(pvalloc), NEXT(free);
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page != MAP_FAILED && madvise(page, 4096, MADV_WIPEONFORK) == 0) {
        on = page;
        *on = 1;
    }
    resolving = 0;
}

// Signals stay out while the lock is held: a handler that allocates would wait for the thread it interrupted.
static void lock(sigset_t *saved) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, saved);
    while (atomic_exchange_explicit(&locked, 1, memory_order_acquire)) syscall(SYS_sched_yield);
}

static void unlock(const sigset_t *saved) {
    atomic_store_explicit(&locked, 0, memory_order_release);
    pthread_sigmask(SIG_SETMASK, saved, NULL);
}

static size_t home(uintptr_t address) { return (size_t)((address >> 4) * 0x9E3779B97F4A7C15u) & (state.capacity - 1); }

static void place(struct block block) {
    size_t i = home(block.address);
    while (state.slots[i].address) i = (i + 1) & (state.capacity - 1);
    state.slots[i] = block;
}

static void grow(void) {
    struct block *old = state.slots;
    size_t count = state.capacity;
    state.capacity = count ? count * 2 : 1 << 16;
    state.slots = mmap(
        NULL, state.capacity * sizeof *old, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (state.slots == MAP_FAILED) abort();
    for (size_t i = 0; i < count; i++)
        if (old[i].address) place(old[i]);
    if (old) munmap(old, count * sizeof *old);
}

// Takes a block out and closes the gap, so that no later search ends too soon.
static int take(uintptr_t address, struct block *taken) {
    if (!state.capacity) return 0;
    size_t mask = state.capacity - 1, i = home(address);
    while (state.slots[i].address != address) {
        if (!state.slots[i].address) return 0;
        i = (i + 1) & mask;
    }
    *taken = state.slots[i];
    state.used--;
    for (size_t j = (i + 1) & mask; state.slots[j].address; j = (j + 1) & mask) {
        if (((j - home(state.slots[j].address)) & mask) < ((j - i) & mask)) continue;
        state.slots[i] = state.slots[j];
        i = j;
    }
    state.slots[i].address = 0;
    return 1;
}

static void write_line(void) {
    const char *name = getenv("COUNTING_OUTPUT");
    if (!name || !*name) return;
    char line[640], path[4096];
    struct totals *m = &state.main, *e = &state.early;
    int length = snprintf(
        line, sizeof line,
        "{\"allocations\": %llu, \"frees\": %llu, \"allocatedBytes\": %llu, \"liveBlocks\": %llu, \"liveBytes\": %llu, "
        "\"peakBytes\": %llu, \"unknownFrees\": %llu, \"early\": {\"allocations\": %llu, \"frees\": %llu, "
        "\"allocatedBytes\": %llu, \"freedBytes\": %llu}}\n",
        (unsigned long long)m->allocations, (unsigned long long)m->frees, (unsigned long long)m->allocated,
        (unsigned long long)(m->allocations - m->frees), (unsigned long long)(m->allocated - m->freed),
        (unsigned long long)state.peak, (unsigned long long)state.unknown, (unsigned long long)e->allocations,
        (unsigned long long)e->frees, (unsigned long long)e->allocated, (unsigned long long)e->freed);
    char *end;
    long descriptor = strtol(name, &end, 10);
    if (!*end) {
        if (write((int)descriptor, line, (size_t)length) < 0) return;
        return;
    }
    size_t used = 0;
    for (const char *c = name; *c && used < sizeof path - 16; c++) {
        if (c[0] == '%' && c[1] == 'p') {
            used += (size_t)sprintf(path + used, "%d", getpid());
            c++;
        } else {
            path[used++] = *c;
        }
    }
    path[used] = 0;
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) return;
    if (write(file, line, (size_t)length) < 0) { /* nobody to tell */
    }
    close(file);
}

static int counts(const void *caller) {
    if (!on || !atomic_load_explicit(on, memory_order_relaxed)) return 0;
    return (uintptr_t)caller < ignore_start || (uintptr_t)caller >= ignore_end;
}

static void add(const void *p, size_t size) {
    if (!p) return;
    sigset_t saved;
    int error = errno;
    lock(&saved);
    if ((state.used + 1) * 2 > state.capacity) grow();
    struct block stale;
    take((uintptr_t)p, &stale);
    place((struct block){(uintptr_t)p, size, !started});
    state.used++;
    struct totals *totals = started ? &state.main : &state.early;
    totals->allocations++;
    totals->allocated += size;
    if (state.main.allocated - state.main.freed > state.peak) state.peak = state.main.allocated - state.main.freed;
    if (ended) write_line();
    unlock(&saved);
    errno = error;
}

static int removed(const void *p, struct block *block) {
    sigset_t saved;
    lock(&saved);
    int known = take((uintptr_t)p, block);
    if (known) {
        struct totals *totals = block->early ? &state.early : &state.main;
        totals->frees++;
        totals->freed += block->size;
    } else {
        state.unknown++;
    }
    if (ended) write_line();
    unlock(&saved);
    return known;
}

static void put_back(struct block block) {
    sigset_t saved;
    int error = errno;
    lock(&saved);
    struct totals *totals = block.early ? &state.early : &state.main;
    totals->frees--;
    totals->freed -= block.size;
    place(block);
    state.used++;
    unlock(&saved);
    errno = error;
}

#define CALLER __builtin_return_address(0)
#define ALLOCATOR(declaration, fallback, call, size)           \
    declaration {                                              \
        resolve();                                             \
        if (resolving) return fallback;                        \
        void *p = call;                                        \
        if (counts(CALLER)) add(p, size);                      \
        return p;                                              \
    }

ALLOCATOR(void *malloc(size_t n), from_pool(n), next_malloc(n), n)
ALLOCATOR(void *calloc(size_t c, size_t n), from_pool(c *n), next_calloc(c, n), c *n)
ALLOCATOR(void *aligned_alloc(size_t a, size_t n), NULL, next_aligned_alloc(a, n), n)
ALLOCATOR(void *memalign(size_t a, size_t n), NULL, next_memalign(a, n), n)
ALLOCATOR(void *valloc(size_t n), NULL, next_valloc(n), n)
ALLOCATOR(void *pvalloc(size_t n), NULL, next_pvalloc(n), n)

int posix_memalign(void **place, size_t a, size_t n) {
    resolve();
    if (resolving) return ENOMEM;
    int failed = next_posix_memalign(place, a, n);
    if (!failed && counts(CALLER)) add(*place, n);
    return failed;
}

void free(void *p) {
    if (!p || in_pool(p)) return;
    resolve();
    int error = errno;
    struct block block;
    if (counts(CALLER)) removed(p, &block);
    errno = error;
    next_free(p);
}

static void *resized(void *p, size_t n, const void *caller) {
    if (in_pool(p)) {
        void *moved = malloc(n);
        size_t rest = (size_t)(pool + sizeof pool - (char *)p);
        return moved ? memcpy(moved, p, n < rest ? n : rest) : NULL;
    }
    if (!counts(caller)) return next_realloc(p, n);
    struct block old;
    int known = p ? removed(p, &old) : 0;
    void *moved = next_realloc(p, n);
    if (moved) {
        add(moved, n);
    } else if (known && n != 0) {
        put_back(old);
    }
    return moved;
}

void *realloc(void *p, size_t n) {
    resolve();
    return resolving ? from_pool(n) : resized(p, n, CALLER);
}

// Through realloc and not the next reallocarray, which would call realloc above and be counted twice.
void *reallocarray(void *p, size_t c, size_t n) {
    size_t size;
    resolve();
    if (__builtin_mul_overflow(c, n, &size)) {
        errno = ENOMEM;
        return NULL;
    }
    return resized(p, size, CALLER);
}

size_t malloc_usable_size(void *p) {
    static size_t (*next)(void *);
    if (!next) next = (size_t (*)(void *))dlsym(RTLD_NEXT, "malloc_usable_size");
    if (!p || !exact_sizes) return next(p);
    sigset_t saved;
    struct block block;
    lock(&saved);
    int known = take((uintptr_t)p, &block);
    if (known) {
        place(block);
        state.used++;
    }
    unlock(&saved);
    return known ? block.size : next(p);
}

static int find_ignored(struct dl_phdr_info *info, size_t size, void *name) {
    (void)size;
    const char *slash = strrchr(info->dlpi_name, '/');
    if (strcmp(slash ? slash + 1 : info->dlpi_name, name) != 0) return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type != PT_LOAD || !(info->dlpi_phdr[i].p_flags & PF_X)) continue;
        ignore_start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        ignore_end = ignore_start + info->dlpi_phdr[i].p_memsz;
    }
    return 1;
}

__attribute__((constructor)) static void start(void) {
    resolve();
    char *ignored = getenv("COUNTING_IGNORE");
    if (ignored) dl_iterate_phdr(find_ignored, ignored);
    exact_sizes = getenv("COUNTING_EXACT_SIZES") != NULL;
    atomic_store(&started, 1);
}

static void end(void) {
    if (!on || !*on) return;
    sigset_t saved;
    lock(&saved);
    write_line();
    ended = 1;
    unlock(&saved);
}

__attribute__((destructor)) static void finish(void) { end(); }

__attribute__((noreturn)) void _exit(int status) {
    end();
    // The tracker may stand behind us; it has something to do here as well.
    void (*next)(int) = (void (*)(int))dlsym(RTLD_NEXT, "_exit");
    next(status);
    __builtin_unreachable();
}

__attribute__((noreturn)) void _Exit(int status) { _exit(status); }

__attribute__((noreturn)) void quick_exit(int status) {
    end();
    void (*next)(int) = (void (*)(int))dlsym(RTLD_NEXT, "quick_exit");
    next(status);
    __builtin_unreachable();
}

__attribute__((noreturn)) void abort(void) {
    end();
    void (*next)(void) = (void (*)(void))dlsym(RTLD_NEXT, "abort");
    next();
    __builtin_unreachable();
}
