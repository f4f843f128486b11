#define _GNU_SOURCE
#include "memory_limit.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

// Reads what fits of a file, ended with NUL. False when there is none.
static bool read_file(const char *path, char *text, size_t bytes) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    size_t length = 0;
    ssize_t got;
    while (length + 1 < bytes && (got = read(file, text + length, bytes - 1 - length)) > 0) length += (size_t)got;
    close(file);
    text[length] = 0;
    return true;
}

// The number in a file; UINT64_MAX for `max`, and when there is no such file: a container sees its own groups only.
static uint64_t limit_in(const char *path) {
    char text[32];
    uint64_t limit = 0;
    if (!read_file(path, text, sizeof text) || text[0] < '0' || text[0] > '9') return UINT64_MAX;
    for (const char *digit = text; *digit >= '0' && *digit <= '9'; digit++) limit = limit * 10 + (uint64_t)(*digit - '0');
    return limit;
}

// The lowest limit of a group and those above it.
static uint64_t lowest_limit(const char *root, const char *folder, const char *group, size_t group_length, const char *file) {
    char path[PATH_MAX];
    size_t root_length = strlen(root), folder_length = strlen(folder), file_length = strlen(file);
    size_t top = root_length + folder_length, length = top + group_length;
    if (length + file_length >= sizeof path) return UINT64_MAX;
    memcpy(path, root, root_length);
    memcpy(path + root_length, folder, folder_length);
    memcpy(path + top, group, group_length);
    uint64_t lowest = UINT64_MAX;
    for (;;) {
        memcpy(path + length, file, file_length + 1);
        uint64_t limit = limit_in(path);
        if (limit < lowest) lowest = limit;
        if (length == top) return lowest;
        do length--;
        while (length > top && path[length] != '/');
    }
}

// Whether `controllers`, up to the colon, has the one for memory.
static bool is_of_memory(const char *controllers, const char *colon) {
    static const char name[] = "memory";
    for (const char *at = controllers; at < colon;) {
        size_t length = strcspn(at, ",:");
        if (length == sizeof name - 1 && memcmp(at, name, length) == 0) return true;
        at += length + 1;
    }
    return false;
}

uint64_t memscope_control_group_limit(const char *groups, const char *root) {
    uint64_t lowest = UINT64_MAX;
    for (const char *line = groups; *line;) {
        // NUMBER:CONTROLLERS:GROUP; of version 2, where there is one group for all, 0::GROUP.
        const char *end = strchrnul(line, '\n'), *controllers = strchrnul(line, ':');
        const char *colon = controllers < end ? strchrnul(controllers + 1, ':') : end;
        if (colon < end) {
            bool is_for_all = colon == controllers + 1;
            const char *group = colon + 1;
            size_t length = (size_t)(end - group);
            if (length > 0 && group[length - 1] == '/') length--;
            uint64_t limit = is_for_all ? lowest_limit(root, "", group, length, "/memory.max")
                             : is_of_memory(controllers + 1, colon)
                                 ? lowest_limit(root, "/memory", group, length, "/memory.limit_in_bytes")
                                 : UINT64_MAX;
            if (limit < lowest) lowest = limit;
        }
        line = *end ? end + 1 : end;
    }
    return lowest;
}

uint64_t memscope_memory_limit(void) {
    struct sysinfo machine;
    char groups[4096];
    uint64_t limit = sysinfo(&machine) == 0 ? (uint64_t)machine.totalram * machine.mem_unit : UINT64_MAX;
    if (!read_file("/proc/self/cgroup", groups, sizeof groups)) return limit;
    uint64_t of_groups = memscope_control_group_limit(groups, "/sys/fs/cgroup");
    return of_groups < limit ? of_groups : limit;
}
