#define _GNU_SOURCE
#include "fixture.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../Sources/MemScopeShim/SwiftRuntime/metadata.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/type_name.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/task.h"

static struct memscope_range ranges[1024];
static size_t range_count;

static int add_module(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    for (int i = 0; i < info->dlpi_phnum && range_count < 1024; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_R))
            continue;
        ranges[range_count++] = (struct memscope_range){
            .start = info->dlpi_addr + segment->p_vaddr,
            .end = info->dlpi_addr + segment->p_vaddr + segment->p_memsz,
            .flags = (segment->p_flags & PF_X ? MEMSCOPE_RANGE_EXECUTABLE : 0)
                | (segment->p_flags & PF_W ? MEMSCOPE_RANGE_WRITABLE : 0),
        };
    }
    return 0;
}

bool fixture_start(void)
{
    range_count = 0;
    dl_iterate_phdr(add_module, NULL);
    if (!memscope_metadata_set_ranges(ranges, range_count))
        return false;
    // As a preloaded library would: the program itself stands in for the library's own module.
    memscope_swift_runtime_find(getenv("FIXTURE_PRELOADED") != NULL);
    memscope_metadata_poll_pool();
    if (memscope_swift_runtime.unavailable)
        fprintf(stderr, "tasks unavailable: %s\n", memscope_swift_runtime.unavailable);
    return memscope_swift_runtime.pool_record != NULL;
}

size_t fixture_type_name(const void *isa, const void *object, char *buffer, size_t capacity, uint8_t *kind)
{
    enum memscope_type_kind found;
    size_t length = memscope_type_name(isa, object, buffer, capacity, &found);
    *kind = found;
    return length;
}

uint8_t fixture_live_kind(const void *object)
{
    const uint64_t *words = object;
    return memscope_metadata_live_kind(words[0], words[1], 1u << 20);
}

uint8_t fixture_freed_kind(uint64_t word0, uint64_t word1, size_t size)
{
    return memscope_metadata_freed_kind(word0, word1, size);
}

uint8_t fixture_kind(uint64_t word0, size_t size)
{
    return memscope_metadata_kind(word0, size);
}

uint8_t fixture_kind_uncached(uint64_t word0, size_t size)
{
    return memscope_metadata_kind_uncached(word0, size);
}

void fixture_poll_pool(void)
{
    memscope_metadata_poll_pool();
}

size_t fixture_pool_count(void)
{
    return memscope_metadata_pool_count();
}

uint64_t fixture_task_id(void)
{
    const void *task = memscope_task_current();
    return task ? memscope_task_id(task) : 0;
}

uint32_t fixture_task_flags(void)
{
    const void *task = memscope_task_current();
    return task ? memscope_task_flags(task) : 0;
}

uint64_t fixture_task_parent_id(void)
{
    const void *task = memscope_task_current();
    const void *parent = task ? memscope_task_parent(task) : NULL;
    return parent ? memscope_task_id(parent) : 0;
}

bool fixture_scope_value(const void *key, uint64_t *value)
{
    const void *task = memscope_task_current();
    return task && memscope_task_scope_value(task, key, value);
}

bool fixture_thread_scope_value(const void *key, uint64_t *value)
{
    return memscope_thread_scope_value(key, value);
}

bool fixture_tasks_available(void)
{
    bool passed = memscope_swift_runtime_self_test();
    if (!passed)
        printf("tasks unavailable: %s\n", memscope_swift_runtime.unavailable);
    return passed;
}

size_t fixture_range_count(void)
{
    return range_count;
}

void fixture_range(size_t index, uint64_t *start, uint64_t *end)
{
    *start = ranges[index].start;
    *end = ranges[index].end;
}
