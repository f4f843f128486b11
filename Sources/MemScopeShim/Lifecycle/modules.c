#define _GNU_SOURCE
#include "modules.h"

#include <elf.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../Attribution/names.h"
#include "../Stack/return_address.h"
#include "../SwiftRuntime/module_ranges.h"
#include "lock.h"
#include "mapping.h"
#include "state.h"
#include "switch.h"

struct memscope_module memscope_modules[MEMSCOPE_MODULES];
uint32_t memscope_module_count;

static memscope_lock lock;
static uint32_t listing, next_generation = 1;
static unsigned long long known_adds, known_subs;

uint64_t memscope_path_hash(const char *path) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *path; path++) hash = (hash ^ (unsigned char)*path) * UINT64_C(0x100000001b3);
    // Short paths differ in the lower bits only.
    return hash ^ hash << 32;
}

static uint32_t path_of(const struct dl_phdr_info *info, bool is_first) {
    if (info->dlpi_name[0]) return memscope_name_store(info->dlpi_name, (uint32_t)strlen(info->dlpi_name));
    if (!is_first) return memscope_name_store("[vdso]", 6);
    char path[PATH_MAX];
    ssize_t bytes = readlink("/proc/self/exe", path, sizeof path);
    return bytes > 0 ? memscope_name_store(path, (uint32_t)bytes) : 0;
}

static void read_build_id(struct memscope_module *module, const ElfW(Phdr) *header) {
    const char *at = (const char *)(module->bias + header->p_vaddr), *end = at + header->p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
        const ElfW(Nhdr) *note = (const void *)at;
        const char *name = at + sizeof *note, *text = name + ((note->n_namesz + 3) & ~3u);
        if (text + note->n_descsz > end) return;
        if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && memcmp(name, "GNU", 4) == 0) {
            module->build_id_bytes = note->n_descsz < MEMSCOPE_BUILD_ID ? note->n_descsz : MEMSCOPE_BUILD_ID;
            memcpy(module->build_id, text, module->build_id_bytes);
            return;
        }
        at = text + ((note->n_descsz + 3) & ~3u);
    }
}

static int see(struct dl_phdr_info *info, size_t size, void *data) {
    (void)size;
    bool *is_first = data, first = *is_first;
    *is_first = false;
    struct memscope_module module = {.start = UINTPTR_MAX, .bias = info->dlpi_addr, .listing = listing};
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type != PT_LOAD) continue;
        uintptr_t start = module.bias + header->p_vaddr, end = start + header->p_memsz;
        if (start < module.start) module.start = start;
        if (end > module.end) module.end = end;
        if (module.segment_count < MEMSCOPE_SEGMENTS_PER_MODULE) {
            module.segments[module.segment_count].start = start;
            module.segments[module.segment_count].end = end;
            module.segments[module.segment_count++].flags = header->p_flags;
        }
    }
    if (module.end == 0) return 0;
    uint32_t count = memscope_module_count;
    for (uint32_t i = 0; i < count; i++) {
        struct memscope_module *known = &memscope_modules[i];
        if (known->generation == 0 && known->start == module.start && known->end == module.end &&
            known->bias == module.bias) {
            known->listing = listing;
            return 0;
        }
    }
    if (count == MEMSCOPE_MODULES) return 0;
    module.path = path_of(info, first);
    module.path_hash = memscope_path_hash(info->dlpi_name ? info->dlpi_name : "");
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_NOTE && module.build_id_bytes == 0) read_build_id(&module, &info->dlpi_phdr[i]);
    memscope_modules[count] = module;
    __atomic_store_n(&memscope_module_count, count + 1, __ATOMIC_RELEASE);
    return 0;
}

static int read_counters(struct dl_phdr_info *info, size_t size, void *data) {
    (void)size;
    unsigned long long *counters = data;
    counters[0] = info->dlpi_adds;
    counters[1] = info->dlpi_subs;
    return 1;
}

static void publish_ranges(void) {
    enum { RANGES = 4096 };
    static struct memscope_range ranges[RANGES];
    size_t used = 0;
    for (uint32_t i = 0; i < memscope_module_count; i++) {
        const struct memscope_module *module = &memscope_modules[i];
        if (module->generation != 0) continue;
        for (uint32_t s = 0; s < module->segment_count && used < RANGES; s++) {
            ranges[used++] = (struct memscope_range){
                .start = module->segments[s].start,
                .end = module->segments[s].end,
                .flags = (module->segments[s].flags & PF_X ? MEMSCOPE_RANGE_EXECUTABLE : 0) |
                         (module->segments[s].flags & PF_W ? MEMSCOPE_RANGE_WRITABLE : 0),
            };
        }
    }
    memscope_metadata_set_ranges(ranges, used);
}

static void refresh(bool force) {
    memscope_lock_take(&lock);
    unsigned long long counters[2] = {0};
    dl_iterate_phdr(read_counters, counters);
    if (force || counters[0] != known_adds || counters[1] != known_subs) {
        bool unloaded = false, is_first = true;
        listing++;
        dl_iterate_phdr(see, &is_first);
        for (uint32_t i = 0; i < memscope_module_count; i++) {
            struct memscope_module *module = &memscope_modules[i];
            if (module->generation != 0 || module->listing == listing) continue;
            module->generation = next_generation < 0x7fff ? next_generation++ : next_generation;
            memscope_addresses_retire(module->start, module->end, module->generation);
            unloaded = true;
        }
        // Stacks through the module that is gone must not be mistaken for stacks through what is loaded there next.
        if (unloaded) __atomic_fetch_add(&memscope_switch.seed, 1, __ATOMIC_RELEASE);
        publish_ranges();
        known_adds = counters[0];
        known_subs = counters[1];
    }
    memscope_lock_drop(&lock);
}

static int refresh_inside(struct dl_phdr_info *info, size_t size, void *data) {
    (void)info, (void)size;
    refresh(*(bool *)data);
    return 1;
}

// The loader's lock first (it is recursive), ours inside: one who calls from a constructor may hold the loader's.
void memscope_modules_refresh(bool force) { dl_iterate_phdr(refresh_inside, &force); }

bool memscope_is_own_code(uintptr_t address) {
    static uintptr_t start, end;
    if (end == 0) {
        for (uint32_t i = 0; i < memscope_module_count; i++) {
            uintptr_t here = (uintptr_t)&memscope_module_count;
            if (here >= memscope_modules[i].start && here < memscope_modules[i].end) {
                start = memscope_modules[i].start;
                end = memscope_modules[i].end;
            }
        }
    }
    return address >= start && address < end;
}
