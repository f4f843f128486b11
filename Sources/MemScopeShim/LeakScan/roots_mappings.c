#include "roots.h"

#include <string.h>
#include <sys/mman.h>

#include "../Lifecycle/instance.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/modules.h"
#include "../Lifecycle/state.h"

static void exclude(void *info, uintptr_t start, uintptr_t end) { memscope_range_list_add(info, start, end); }

bool memscope_roots_exclude_ours(struct memscope_roots *roots) {
    bool is_whole = memscope_mapped_visit(exclude, &roots->excluded);
    if (!memscope_this_is_preload()) return is_whole;
    // Linked into the program, our data is among its own, and holds no pointers to blocks of its.
    uintptr_t ours = (uintptr_t)&memscope_engine;
    for (uint32_t i = 0; i < memscope_module_count; i++)
        if (memscope_modules[i].generation == 0 && ours >= memscope_modules[i].start && ours < memscope_modules[i].end)
            memscope_range_list_add(&roots->excluded, memscope_modules[i].start, memscope_modules[i].end);
    return is_whole;
}

struct part {
    const struct memscope_roots *roots;
    enum memscope_root_kind kind;
    uint32_t name;
};

static void mark_part(void *info, uintptr_t start, uintptr_t end) {
    const struct part *part = info;
    memscope_roots_mark_outside_blocks(part->roots, start, end, part->kind, part->name);
}

void memscope_roots_mark_outside_blocks(const struct memscope_roots *roots, uintptr_t start, uintptr_t end,
                                        enum memscope_root_kind kind, uint32_t name) {
    const struct memscope_block_index *index = roots->index;
    for (uint32_t i = memscope_block_index_first_behind(index, start); i < index->count && index->blocks[i].address < end; i++) {
        if (index->blocks[i].address > start)
            memscope_mark_range(roots->mark, start, index->blocks[i].address, kind, name);
        start = index->blocks[i].address + memscope_block_size(&index->blocks[i]);
    }
    if (start < end) memscope_mark_range(roots->mark, start, end, kind, name);
}

// The rounded range of a module's writable segment, some of which may be readable only by now.
struct segment { uintptr_t start, end; uint32_t path; };

static bool find_segment(uintptr_t address, struct segment *segment) {
    for (uint32_t i = 0; i < memscope_module_count; i++) {
        const struct memscope_module *module = &memscope_modules[i];
        if (module->generation != 0 || address < (module->start & ~(uintptr_t)4095) || address >= ((module->end + 4095) & ~(uintptr_t)4095)) continue;
        for (uint32_t s = 0; s < module->segment_count; s++) {
            *segment = (struct segment){module->segments[s].start & ~(uintptr_t)4095, (module->segments[s].end + 4095) & ~(uintptr_t)4095, module->path};
            if ((module->segments[s].flags & 2 /* PF_W */) && address >= segment->start && address < segment->end) return true;
        }
    }
    return false;
}

static uint32_t name_of(struct memscope_roots *roots, uint32_t path) {
    if (!roots->writer || path == 0) return 0;
    if (path != roots->named_path) {
        roots->named_path = path;
        roots->name_of_path = memscope_writer_text(roots->writer, memscope_engine.names + path, strlen(memscope_engine.names + path));
    }
    return roots->name_of_path;
}

enum { PAGE = 4096, PAGES = 256, MOST_UNREADABLE = 1 << 30 };

// Those of at most PAGES pages that are chosen.
static void mark_pages(struct memscope_roots *roots, uintptr_t at, uint32_t count, const unsigned char *chosen) {
    struct part part = {.roots = roots, .kind = MEMSCOPE_ROOT_MAPPING};
    for (uint32_t first = 0, behind; first < count; first = behind) {
        for (behind = first + 1; behind < count && chosen[behind] == chosen[first]; behind++) {}
        if (chosen[first]) memscope_range_list_outside(&roots->excluded, at + first * PAGE, at + behind * PAGE, mark_part, &part);
    }
}

static uint32_t pages_until(uintptr_t at, uintptr_t end) {
    return end - at > PAGES * PAGE ? PAGES : (uint32_t)((end - at) / PAGE);
}

// A copy of the process has shared memory, but no table of its pages yet: others say which of them are there.
static void mark_shared(struct memscope_roots *roots, const struct memscope_memory_mapping *mapping) {
    unsigned char present[PAGES];
    for (uintptr_t at = mapping->start; at < mapping->end; at += PAGES * PAGE) {
        uint32_t count = pages_until(at, mapping->end);
        if (memscope_memory_map_present(at, count, present)) mark_pages(roots, at, count, present);
    }
}

// What was written to a private mapping of a file and then protected. The text of modules and what else is only read from files is
// passed over; it is much.
static void mark_written(struct memscope_roots *roots, uintptr_t start, uintptr_t end) {
    unsigned char written[PAGES];
    for (uintptr_t at = start; at < end; at += PAGES * PAGE) {
        uint32_t count = pages_until(at, end);
        if (memscope_memory_map_written(roots->map, at, count, written)) mark_pages(roots, at, count, written);
        else roots->has_unknown_pages = true;
    }
}

// What was written once and must not be read by now: a copy reads its own all the same, also where it is part of a block. Who
// reserves more than a GiB does not mean to write to it first.
static void mark_unreadable(struct memscope_roots *roots, const struct memscope_memory_mapping *mapping) {
    if (mapping->end - mapping->start > MOST_UNREADABLE) return;
    unsigned char written[PAGES];
    for (uintptr_t at = mapping->start; at < mapping->end; at += PAGES * PAGE) {
        uint32_t count = pages_until(at, mapping->end);
        if (!memscope_memory_map_written(roots->map, at, count, written)) {
            roots->has_unknown_pages = true;
            return;
        }
        if (!memchr(written, 1, count)) continue;
        if (!roots->is_copy || mprotect((void *)mapping->start, mapping->end - mapping->start, PROT_READ) != 0) {
            roots->has_unreadable_pages = true;
            return;
        }
        if (roots->classes & MEMSCOPE_ROOTS_MAPPINGS) mark_pages(roots, at, count, written);
    }
}

// Also what was written once and then protected.
static bool can_hold_pointers(const struct memscope_memory_mapping *mapping) {
    return mapping->flags & MEMSCOPE_MAPPING_WRITABLE || !(mapping->flags & (MEMSCOPE_MAPPING_FILE | MEMSCOPE_MAPPING_KERNEL));
}

void memscope_roots_mark_mappings(struct memscope_roots *roots) {
    for (uint32_t i = 0; i < roots->map->count; i++) {
        const struct memscope_memory_mapping *mapping = &roots->map->mappings[i];
        if (mapping->flags & MEMSCOPE_MAPPING_STACK) continue;
        if (!(mapping->flags & MEMSCOPE_MAPPING_READABLE)) {
            if (!(mapping->flags & (MEMSCOPE_MAPPING_SHARED | MEMSCOPE_MAPPING_KERNEL))) mark_unreadable(roots, mapping);
            continue;
        }
        if (mapping->flags & MEMSCOPE_MAPPING_SHARED) {
            // Other files may be devices, which reading would move, and a file's own content is older than the process.
            bool counts = mapping->flags & MEMSCOPE_MAPPING_MEMORY_FILE && roots->classes & MEMSCOPE_ROOTS_MAPPINGS;
            if (counts) mark_shared(roots, mapping);
            continue;
        }
        // A mapping may begin with a module's data and go on with something else.
        for (uintptr_t at = mapping->start, end; at < mapping->end; at = end) {
            struct segment segment;
            struct part part = {.roots = roots, .kind = MEMSCOPE_ROOT_MAPPING};
            uint32_t class = MEMSCOPE_ROOTS_MAPPINGS;
            end = mapping->end;
            if (find_segment(at, &segment)) {
                part.kind = MEMSCOPE_ROOT_GLOBAL;
                class = MEMSCOPE_ROOTS_GLOBALS;
                part.name = name_of(roots, segment.path);
                if (segment.end < end) end = segment.end;
            } else if (!can_hold_pointers(mapping)) {
                bool may_be = mapping->flags & MEMSCOPE_MAPPING_FILE && roots->classes & class;
                if (may_be) mark_written(roots, at, mapping->end);
                break;
            }
            if (roots->classes & class) memscope_range_list_outside(&roots->excluded, at, end, mark_part, &part);
        }
    }
    if (roots->has_unreadable_pages)
        memscope_roots_complain(roots, "Memory that the program may not read by now was passed over: what only that holds may be reported.");
    if (roots->has_unknown_pages)
        memscope_roots_complain(roots, "Which pages of files the program wrote to is not told here: what protected ones hold may be reported.");
}
