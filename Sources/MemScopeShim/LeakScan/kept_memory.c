#define _GNU_SOURCE
#include "kept_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include "../Lifecycle/mapping.h"

// It takes about a millisecond to read so much.
enum { MOST_BYTES = 4 << 20, MOST_RANGES = 256 };

static struct {
    struct { uintptr_t start, end; } ranges[MOST_RANGES];
    uint32_t count;
    char *content;
    size_t used;
    bool is_told;      // whether there is any
    bool is_too_much;
} kept;

static void add(void *info, const struct memscope_memory_mapping *mapping) {
    (void)info;
    // Of devices, which reading might move, and of files nothing would be searched in any case.
    bool is_other = mapping->flags & MEMSCOPE_MAPPING_SHARED && !(mapping->flags & MEMSCOPE_MAPPING_MEMORY_FILE);
    if (is_other || !(mapping->flags & MEMSCOPE_MAPPING_READABLE) || mapping->flags & MEMSCOPE_MAPPING_KERNEL) return;
    if (kept.count == MOST_RANGES) {
        kept.is_too_much = true;
        return;
    }
    kept.ranges[kept.count].start = mapping->start;
    kept.ranges[kept.count++].end = mapping->end;
}

void memscope_kept_memory_find(void) {
    kept.count = 0;
    kept.is_too_much = false;
    kept.is_told = memscope_memory_map_visit_kept(add, NULL);
}

void memscope_kept_memory_read(void) {
    kept.used = 0;
    if (kept.count == 0) return;
    // By the kernel, which says so where something is gone meanwhile, and raises no signal.
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    kept.content = memory >= 0 ? memscope_map(MOST_BYTES) : NULL;
    kept.is_told &= kept.content != NULL;
    for (uint32_t i = 0; i < kept.count && kept.content; i++) {
        size_t bytes = kept.ranges[i].end - kept.ranges[i].start;
        if (bytes > MOST_BYTES - kept.used) {
            bytes = MOST_BYTES - kept.used;
            kept.is_too_much = true;
        }
        for (size_t at = 0; at < bytes;) {
            ssize_t done = pread(memory, kept.content + kept.used + at, bytes - at, (off_t)(kept.ranges[i].start + at));
            if (done <= 0) break;
            at += (size_t)done;
        }
        kept.ranges[i].end = kept.ranges[i].start + bytes;
        kept.used += bytes;
    }
    if (memory >= 0) close(memory);
}

void memscope_kept_memory_forget(void) {
    if (kept.content) memscope_unmap(kept.content, MOST_BYTES);
    kept.content = NULL;
    kept.used = 0;
}

// What was found lies in what was read; a reader wants to know where that was read from.
static void put_where_they_were(struct memscope_marking *mark, uint32_t first) {
    for (uint32_t i = first; mark->roots && i < mark->root_count; i++) {
        uint64_t at = mark->roots[i].place - (uintptr_t)kept.content;
        for (uint32_t k = 0; k < kept.count; at -= kept.ranges[k].end - kept.ranges[k].start, k++) {
            if (at >= kept.ranges[k].end - kept.ranges[k].start) continue;
            mark->roots[i].place = kept.ranges[k].start + at;
            break;
        }
    }
}

static void mark_content(struct memscope_marking *mark) {
    uint32_t first = mark->root_count;
    memscope_mark_range(mark, (uintptr_t)kept.content, (uintptr_t)kept.content + kept.used, MEMSCOPE_ROOT_MAPPING, 0);
    put_where_they_were(mark, first);
}

void memscope_kept_memory_mark(struct memscope_roots *roots) {
    if (kept.used && roots->classes & MEMSCOPE_ROOTS_MAPPINGS) mark_content(roots->mark);
    if (!kept.is_told)
        memscope_roots_complain(roots, "Whether the program keeps memory from its copies is not told here: what only that holds is reported.");
    else if (kept.is_too_much)
        memscope_roots_complain(roots, "The program keeps more than 4 MiB from its copies (MADV_DONTFORK, MADV_WIPEONFORK): "
                                       "what only the rest holds is reported.");
}
