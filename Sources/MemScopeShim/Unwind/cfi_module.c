// Finds a module's CFI with _dl_find_object, the one way from an address to its module that takes no lock.

#include <elf.h>
#include <stddef.h>

#include "cfi_section.h"
#include "found_object.h"

/// The part of a module's memory that a program header maps.
struct segment {
    const uint8_t *_Nonnull start;
    const uint8_t *_Nonnull end;
};

/// Finds the readable loaded segment around an address by the program headers at the module's start.
/// @return False if the headers are not there or no segment holds it.
static bool find_segment(
    const struct memscope_found_object *_Nonnull object, uintptr_t address, struct segment *_Nonnull segment) {
    uintptr_t start = (uintptr_t)object->map_start;
    uintptr_t size = (uintptr_t)object->map_end - start;
    const Elf64_Ehdr *elf = object->map_start;
    if (size < sizeof *elf || __builtin_memcmp(elf->e_ident, ELFMAG, SELFMAG) != 0) return false;
    // The headers must lie in the first page, the one part that is mapped for certain.
    if (elf->e_phentsize != sizeof(Elf64_Phdr) || elf->e_phoff > 4096
        || elf->e_phoff + (uintptr_t)elf->e_phnum * sizeof(Elf64_Phdr) > (size < 4096 ? size : 4096)) {
        return false;
    }
    const Elf64_Phdr *headers = (const Elf64_Phdr *)(start + elf->e_phoff);
    const Elf64_Phdr *first = NULL;
    for (unsigned index = 0; index < elf->e_phnum; index++) {
        const Elf64_Phdr *header = &headers[index];
        if (header->p_type != PT_LOAD) continue;
        if (!first) first = header;
        // The module's start is the first segment's, rounded down to a page; its file offset is rounded alike.
        uintptr_t low = start + header->p_vaddr - (first->p_vaddr & ~(uintptr_t)4095);
        if (address - low >= header->p_filesz || !(header->p_flags & PF_R)) continue;
        segment->start = (const uint8_t *)low;
        segment->end = segment->start + header->p_filesz;
        return true;
    }
    return false;
}

bool memscope_cfi_find_section(uintptr_t pc, struct memscope_cfi_section *_Nonnull section) {
    if (!_dl_find_object) return false;
    struct memscope_found_object object;
    if (_dl_find_object((void *)pc, &object) != 0 || !object.header) return false;

    struct segment segment;
    if (!find_segment(&object, (uintptr_t)object.header, &segment)) return false;
    section->header = object.header;
    section->header_end = segment.end;
    section->segment = segment.start;
    section->segment_end = segment.end;
    return true;
}
