#define _GNU_SOURCE
#include "kept_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include "../Lifecycle/mapping.h"
#include "added_roots.h"

// It takes about a millisecond to read so much.
enum { PAGE = 4096, MOST_PAGES = 1024, MOST_RANGES = 256, PAGES_AT_ONCE = 256 };

// Memory of a kind.
struct kind {
    struct { uintptr_t start, end; } ranges[MOST_RANGES];
    uint32_t count;
    bool is_too_much;
    // Pages that were read, and where from.
    struct { char bytes[MOST_PAGES][PAGE]; uintptr_t places[MOST_PAGES]; } *pages;
    uint32_t page_count;
};

static struct kind kept, shared;
// Whether there is any that is kept.
static bool is_told;

static void add(void *unused, const struct memscope_memory_mapping *mapping) {
    (void)unused;
    // Of devices, which reading might move, and of files nothing would be searched in any case.
    bool is_shared = mapping->flags & MEMSCOPE_MAPPING_SHARED;
    if (is_shared && !(mapping->flags & MEMSCOPE_MAPPING_MEMORY_FILE)) return;
    if (!(mapping->flags & MEMSCOPE_MAPPING_READABLE) || mapping->flags & MEMSCOPE_MAPPING_KERNEL) return;
    bool is_kept = mapping->flags & MEMSCOPE_MAPPING_KEPT;
    if (!is_shared && !is_kept) return;
    struct kind *kind = is_kept ? &kept : &shared;
    if (kind->count == MOST_RANGES) {
        kind->is_too_much = true;
        return;
    }
    kind->ranges[kind->count].start = mapping->start;
    kind->ranges[kind->count++].end = mapping->end;
}

void memscope_kept_memory_find(void) {
    kept.count = shared.count = 0;
    kept.is_too_much = shared.is_too_much = false;
    is_told = memscope_memory_map_visit(add, NULL);
}

// By the kernel, which says so where something is gone meanwhile, and raises no signal.
static void read_pages(struct kind *kind, int memory, uintptr_t at, uint32_t count) {
    if (count > MOST_PAGES - kind->page_count) {
        count = MOST_PAGES - kind->page_count;
        kind->is_too_much = true;
    }
    size_t bytes = (size_t)count * PAGE;
    for (size_t done = 0; done < bytes;) {
        ssize_t more = pread(memory, kind->pages->bytes[kind->page_count] + done, bytes - done, (off_t)(at + done));
        if (more <= 0) break;
        done += (size_t)more;
    }
    for (uint32_t i = 0; i < count; i++) kind->pages->places[kind->page_count++] = at + i * PAGE;
}

// Of shared memory what is there: reading would make the rest.
static void read_present(struct kind *kind, int memory, uintptr_t start, uintptr_t end) {
    unsigned char present[PAGES_AT_ONCE];
    for (uintptr_t at = start; at < end && !kind->is_too_much; at += PAGES_AT_ONCE * PAGE) {
        uint32_t count = end - at > PAGES_AT_ONCE * PAGE ? PAGES_AT_ONCE : (uint32_t)((end - at) / PAGE);
        if (!memscope_memory_map_present(at, count, present)) continue;
        for (uint32_t first = 0, behind; first < count; first = behind) {
            for (behind = first + 1; behind < count && present[behind] == present[first]; behind++) {}
            if (present[first]) read_pages(kind, memory, at + first * PAGE, behind - first);
        }
    }
}

static void read_kind(struct kind *kind, int memory) {
    kind->page_count = 0;
    if (kind->count == 0) return;
    kind->pages = memory >= 0 ? memscope_map(sizeof *kind->pages) : NULL;
    if (!kind->pages) kind->is_too_much = true;
    for (uint32_t i = 0; i < kind->count && kind->pages; i++) {
        uintptr_t start = kind->ranges[i].start, end = kind->ranges[i].end;
        uintptr_t pages = (end - start) / PAGE;
        if (kind == &shared) read_present(kind, memory, start, end);
        else read_pages(kind, memory, start, pages > MOST_PAGES ? MOST_PAGES + 1 : (uint32_t)pages);
    }
}

void memscope_kept_memory_read(void) {
    int memory = kept.count + shared.count > 0 ? open("/proc/self/mem", O_RDONLY | O_CLOEXEC) : -1;
    read_kind(&kept, memory);
    read_kind(&shared, memory);
    if (memory >= 0) close(memory);
}

static void forget(struct kind *kind) {
    if (kind->pages) memscope_unmap(kind->pages, sizeof *kind->pages);
    kind->pages = NULL;
    kind->page_count = 0;
}

void memscope_kept_memory_forget(void) {
    forget(&kept);
    forget(&shared);
}

// What was found lies in what was read; a reader wants to know where that was read from.
static void put_where_they_were(const struct kind *kind, struct memscope_marking *mark, uint32_t first) {
    for (uint32_t i = first; mark->roots && i < mark->root_count; i++) {
        uint64_t at = mark->roots[i].place - (uintptr_t)kind->pages->bytes;
        if (at / PAGE < kind->page_count) mark->roots[i].place = kind->pages->places[at / PAGE] + at % PAGE;
    }
}

static void mark_pages(const struct kind *kind, struct memscope_marking *mark) {
    if (kind->page_count == 0) return;
    for (uint32_t i = 0; i < kind->page_count; i++) memscope_ignored_roots_blank(kind->pages->bytes[i], kind->pages->places[i], PAGE);
    uint32_t first = mark->root_count;
    uintptr_t start = (uintptr_t)kind->pages->bytes;
    memscope_mark_range(mark, start, start + (uintptr_t)kind->page_count * PAGE, MEMSCOPE_ROOT_MAPPING, 0);
    put_where_they_were(kind, mark, first);
}

void memscope_kept_memory_mark(struct memscope_roots *roots) {
    if (roots->classes & MEMSCOPE_ROOTS_MAPPINGS) {
        mark_pages(&kept, roots->mark);
        mark_pages(&shared, roots->mark);
    }
    if (!is_told)
        memscope_roots_complain(roots, "Whether the program keeps memory from its copies is not told here: what only that holds is reported.");
    else if (kept.is_too_much)
        memscope_roots_complain(roots, "The program keeps more than 4 MiB from its copies (MADV_DONTFORK, MADV_WIPEONFORK): "
                                       "what only the rest holds is reported.");
    if (shared.is_too_much)
        memscope_roots_complain(roots, "The program shares more than 4 MiB of memory: what only the rest held, and holds no more, may be reported.");
}
