#define _GNU_SOURCE
#include "mapping.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

// A bounded list of what was mapped, for the account of our own memory. Shadow regions are the many; 64 MiB of heap
// each. What does not fit is not accounted for, and a search for leaks takes it for the program's and complains.
enum { MAPPINGS = 16384 };
static struct { void *start; size_t bytes; } mappings[MAPPINGS];
static unsigned mapping_count;

// What is mapped for the work at hand; what finds no room stays mapped.
enum { SCRATCH = 1024 };
static struct { void *start; size_t bytes; } scratch[SCRATCH];
static unsigned scratch_count;
static __thread bool uses_scratch __attribute__((tls_model("initial-exec")));

// Stands in a place that is being filled.
static char filling;

static bool take(unsigned i) {
    void *none = NULL;
    return __atomic_compare_exchange_n(&mappings[i].start, &none, &filling, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static void remember(void *start, size_t bytes) {
    enum { LATEST = 64 };
    unsigned count = __atomic_load_n(&mapping_count, __ATOMIC_RELAXED), i = count < MAPPINGS ? count : MAPPINGS, last = i;
    // A place that was given up lately is used again, so that captures do not fill the list.
    while (i > 0 && last - i < LATEST && !take(i - 1)) i--;
    bool is_taken = i > 0 && last - i < LATEST;
    if (is_taken) i--;
    while (!is_taken) {
        i = __atomic_fetch_add(&mapping_count, 1, __ATOMIC_RELAXED);
        if (i >= MAPPINGS) return;
        is_taken = take(i);
    }
    mappings[i].bytes = bytes;
    __atomic_store_n(&mappings[i].start, start, __ATOMIC_RELEASE);
}

// The start of a mapping that is in the list; null for an empty place.
static char *started(unsigned i) {
    char *start = __atomic_load_n(&mappings[i].start, __ATOMIC_ACQUIRE);
    return start == &filling ? NULL : start;
}

void *memscope_map(size_t bytes) {
    int saved = errno;
    void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) {
        errno = saved;
        return NULL;
    }
    madvise(start, bytes, MADV_DONTDUMP);
    remember(start, bytes);
    if (uses_scratch && scratch_count < SCRATCH) {
        scratch[scratch_count].start = start;
        scratch[scratch_count++].bytes = bytes;
    }
    errno = saved;
    return start;
}

void *memscope_map_table(size_t element_bytes, unsigned *capacity, unsigned minimum) {
    for (; *capacity >= minimum; *capacity /= 2) {
        size_t bytes = element_bytes * *capacity;
        char *start = memscope_map(bytes);
        if (!start) continue;
        const size_t huge = (size_t)2 << 20;
        if (bytes > 2 * huge) madvise(start + huge, bytes - huge, MADV_HUGEPAGE);
        return start;
    }
    return NULL;
}

uint64_t memscope_address_space(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}

void memscope_unmap(void *start, size_t bytes) {
    int saved = errno;
    unsigned count = __atomic_load_n(&mapping_count, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < count && i < MAPPINGS; i++)
        if (__atomic_load_n(&mappings[i].start, __ATOMIC_ACQUIRE) == start)
            __atomic_store_n(&mappings[i].start, NULL, __ATOMIC_RELEASE);
    for (unsigned i = uses_scratch ? scratch_count : 0; i-- > 0;) {
        if (scratch[i].start != start) continue;
        scratch[i] = scratch[--scratch_count];
        break;
    }
    munmap(start, bytes);
    errno = saved;
}

void memscope_map_shrink(void *start, size_t bytes, size_t kept) {
    const size_t page = 4096;
    kept = (kept + page - 1) & ~(page - 1);
    if (kept == 0) return memscope_unmap(start, bytes);
    if (kept >= bytes) return;
    int saved = errno;
    unsigned count = __atomic_load_n(&mapping_count, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < count && i < MAPPINGS; i++)
        if (__atomic_load_n(&mappings[i].start, __ATOMIC_ACQUIRE) == start) mappings[i].bytes = kept;
    munmap((char *)start + kept, bytes - kept);
    errno = saved;
}

void memscope_scratch_begin(void) {
    scratch_count = 0;
    uses_scratch = true;
}

void memscope_scratch_end(void) {
    while (scratch_count > 0) memscope_unmap(scratch[scratch_count - 1].start, scratch[scratch_count - 1].bytes);
    uses_scratch = false;
}

size_t memscope_mapped_resident(void) {
    enum { CHUNK = 16384 };
    static unsigned char resident[CHUNK];
    size_t pages = 0;
    unsigned count = __atomic_load_n(&mapping_count, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < count && i < MAPPINGS; i++) {
        char *start = started(i);
        if (!start) continue;
        for (size_t at = 0; at < mappings[i].bytes; at += (size_t)CHUNK * 4096) {
            size_t bytes = mappings[i].bytes - at;
            if (bytes > (size_t)CHUNK * 4096) bytes = (size_t)CHUNK * 4096;
            if (mincore(start + at, bytes, resident) != 0) continue;
            for (size_t page = 0; page < (bytes + 4095) / 4096; page++) pages += resident[page] & 1;
        }
    }
    return pages * 4096;
}

bool memscope_mapped_visit(void (*visit)(void *, uintptr_t, uintptr_t), void *info) {
    unsigned count = __atomic_load_n(&mapping_count, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < count && i < MAPPINGS; i++) {
        uintptr_t start = (uintptr_t)started(i);
        if (start) visit(info, start, start + mappings[i].bytes);
    }
    return count <= MAPPINGS;
}
