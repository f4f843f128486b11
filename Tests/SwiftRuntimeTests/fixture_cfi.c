#define _GNU_SOURCE
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../../Sources/MemScopeShim/SwiftRuntime/swift_runtime.h"

// A stand-in for the unwinder: a function's bounds from the sorted table of its module's .eh_frame_hdr.

struct search {
    uintptr_t pc, start, end;
};

static int look(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    struct search *search = data;
    bool inside = false;
    const unsigned char *header = NULL;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && search->pc >= start && search->pc < start + segment->p_memsz)
            inside = true;
        if (segment->p_type == PT_GNU_EH_FRAME)
            header = (const unsigned char *)start;
    }
    // Version 1; a count of 4 bytes; pairs of 4-byte offsets relative to the header.
    if (!inside || !header || header[0] != 1 || header[2] != 0x03 || header[3] != 0x3b)
        return inside;
    uint32_t count;
    memcpy(&count, header + 8, 4);
    const int32_t *pairs = (const int32_t *)(header + 12);
    for (uint32_t i = 0; i + 1 < count; i++) {
        uintptr_t start = (uintptr_t)header + (intptr_t)pairs[i * 2], end = (uintptr_t)header + (intptr_t)pairs[i * 2 + 2];
        if (search->pc >= start && search->pc < end) {
            search->start = start;
            search->end = end;
        }
    }
    return 1;
}

bool memscope_cfi_function(uintptr_t pc, uintptr_t *start, uintptr_t *end)
{
    struct search search = {.pc = pc};
    dl_iterate_phdr(look, &search);
    *start = search.start;
    *end = search.end;
    return search.end != 0;
}
