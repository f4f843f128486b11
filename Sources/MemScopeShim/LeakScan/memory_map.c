#define _GNU_SOURCE
#include "memory_map.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../Lifecycle/mapping.h"

// The kernel's own limit is 65 530 unless somebody raised it.
enum { MAPPINGS = 1 << 18 };

static const char *number(const char *text, uintptr_t *value) {
    for (*value = 0;; text++) {
        unsigned digit = *text >= 'a' ? (unsigned)(*text - 'a' + 10) : (unsigned)(*text - '0');
        if (digit > 15) return text;
        *value = *value << 4 | digit;
    }
}

static bool is_memory_file(const char *name) {
    static const char *const kinds[] = {"/memfd:", "/dev/shm/", "/dev/zero", "/SYSV"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(name, kinds[i], strlen(kinds[i])) == 0) return true;
    return false;
}

// START-END rwxp OFFSET MAJOR:MINOR INODE   NAME
static struct memscope_memory_mapping mapping(const char *line) {
    struct memscope_memory_mapping result = {0};
    const char *at = number(line, &result.start);
    at = number(at + 1, &result.end) + 1;
    if (at[0] == 'r') result.flags |= MEMSCOPE_MAPPING_READABLE;
    if (at[1] == 'w') result.flags |= MEMSCOPE_MAPPING_WRITABLE;
    if (at[3] == 's') result.flags |= MEMSCOPE_MAPPING_SHARED;
    const char *name = strpbrk(at, "/[");
    if (!name) return result;
    if (name[0] == '/') result.flags |= MEMSCOPE_MAPPING_FILE | (is_memory_file(name) ? MEMSCOPE_MAPPING_MEMORY_FILE : 0);
    else if (name[1] == 'v') result.flags |= MEMSCOPE_MAPPING_KERNEL;
    else if (strcmp(name, "[heap]") == 0) result.flags |= MEMSCOPE_MAPPING_HEAP;
    else if (strcmp(name, "[stack]") == 0) result.flags |= MEMSCOPE_MAPPING_STACK;
    return result;
}

// Calls `take` for each line, until it returns false. Whether that was all of the file.
static bool each_line(const char *path, bool (*take)(void *info, const char *line), void *info) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    static char buffer[1 << 16];
    size_t held = 0;
    ssize_t bytes;
    bool goes_on = true;
    while (goes_on && (bytes = read(file, buffer + held, sizeof buffer - 1 - held)) > 0) {
        held += (size_t)bytes;
        char *line = buffer, *end;
        while (goes_on && (end = memchr(line, '\n', held - (size_t)(line - buffer)))) {
            *end = 0;
            goes_on = take(info, line);
            line = end + 1;
        }
        held -= (size_t)(line - buffer);
        memmove(buffer, line, held);
    }
    close(file);
    return goes_on && bytes == 0;
}

static bool add_mapping(void *info, const char *line) {
    struct memscope_memory_map *map = info;
    map->mappings[map->count++] = mapping(line);
    return map->count < MAPPINGS;
}

bool memscope_memory_map_read(struct memscope_memory_map *map) {
    *map = (struct memscope_memory_map){.pages = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)};
    map->mappings = memscope_map(MAPPINGS * sizeof *map->mappings);
    return map->mappings && each_line("/proc/self/maps", add_mapping, map) && map->count > 0;
}

struct visit {
    struct memscope_memory_mapping mapping;
    void (*take)(void *info, const struct memscope_memory_mapping *mapping);
    void *info;
    bool has_flags;
};

// A line as above, then others for the same mapping, which begin with a capital; among them `VmFlags: rd wr mr dc`.
static bool visit_line(void *info, const char *line) {
    struct visit *visit = info;
    if (line[0] < 'A' || line[0] > 'Z') visit->mapping = mapping(line);
    if (strncmp(line, "VmFlags:", 8) != 0) return true;
    visit->has_flags = true;
    if (strstr(line, " dc") || strstr(line, " wf")) visit->mapping.flags |= MEMSCOPE_MAPPING_KEPT;
    visit->take(visit->info, &visit->mapping);
    return true;
}

bool memscope_memory_map_visit(void (*take)(void *info, const struct memscope_memory_mapping *mapping), void *info) {
    struct visit visit = {.take = take, .info = info};
    return each_line("/proc/self/smaps", visit_line, &visit) && visit.has_flags;
}

void memscope_memory_map_close(struct memscope_memory_map *map) {
    if (map->pages >= 0) close(map->pages);
    map->pages = -1;
}

const struct memscope_memory_mapping *memscope_memory_map_at(const struct memscope_memory_map *map, uintptr_t address) {
    uint32_t low = 0, high = map->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (map->mappings[middle].end > address) high = middle;
        else low = middle + 1;
    }
    return low < map->count ? &map->mappings[low] : NULL;
}

// Of each page whether it is in memory or in swap (bits 63 and 62) and has none of the bits in `without`.
static bool ask(const struct memscope_memory_map *map, uintptr_t address, uint32_t count, uint64_t without, unsigned char *answers) {
    static uint64_t words[512];
    off_t offset = (off_t)(address / 4096 * sizeof *words);
    if (map->pages < 0 || pread(map->pages, words, count * sizeof *words, offset) != (ssize_t)(count * sizeof *words)) return false;
    for (uint32_t i = 0; i < count; i++) answers[i] = words[i] >> 62 != 0 && (words[i] & without) == 0;
    return true;
}

bool memscope_memory_map_touched(const struct memscope_memory_map *map, uintptr_t address, uint32_t count,
                                 unsigned char *touched) {
    return ask(map, address, count, 0, touched);
}

bool memscope_memory_map_written(const struct memscope_memory_map *map, uintptr_t address, uint32_t count,
                                 unsigned char *written) {
    // Bit 61: the page is the file's.
    return ask(map, address, count, UINT64_C(1) << 61, written);
}

bool memscope_memory_map_present(uintptr_t address, uint32_t count, unsigned char *present) {
    if (mincore((void *)address, (size_t)count * 4096, present) != 0) return false;
    for (uint32_t i = 0; i < count; i++) present[i] &= 1;
    return true;
}
