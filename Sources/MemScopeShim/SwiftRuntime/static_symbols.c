#define _GNU_SOURCE
#include "static_symbols.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/// The mapped file. Every offset that is taken from it is checked against `size`.
struct file {
    const unsigned char *bytes;
    size_t size;
};

static const void *_Nullable part(const struct file *file, uint64_t offset, uint64_t length)
{
    return offset <= file->size && length <= file->size - offset ? file->bytes + offset : NULL;
}

static void match(const ElfW(Sym) *table, size_t count, const char *names, size_t names_size, uintptr_t bias,
    struct memscope_static_symbol *symbols, size_t wanted)
{
    size_t left = wanted;
    for (size_t i = 0; i < count && left > 0; i++) {
        if (table[i].st_name >= names_size || table[i].st_shndx == SHN_UNDEF)
            continue;
        const char *name = names + table[i].st_name;
        for (size_t w = 0; w < wanted; w++) {
            // The string table ends in a NUL, which the caller has checked.
            if (symbols[w].address == 0 && strcmp(symbols[w].name, name) == 0) {
                symbols[w].address = bias + table[i].st_value;
                symbols[w].size = table[i].st_size;
                left--;
            }
        }
    }
}

static enum memscope_static_symbols_result search(const struct file *file, struct memscope_static_symbol *symbols, size_t wanted)
{
    const ElfW(Ehdr) *header = part(file, 0, sizeof *header);
    if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS64)
        return MEMSCOPE_STATIC_SYMBOLS_UNREADABLE;
    const ElfW(Shdr) *sections = part(file, header->e_shoff, header->e_shnum * sizeof *sections);
    if (!sections || header->e_shentsize != sizeof *sections)
        return MEMSCOPE_STATIC_SYMBOLS_STRIPPED;
    uintptr_t bias = getauxval(AT_ENTRY) - header->e_entry;
    for (size_t i = 0; i < header->e_shnum; i++) {
        if (sections[i].sh_type != SHT_SYMTAB || sections[i].sh_link >= header->e_shnum)
            continue;
        const ElfW(Shdr) *strings = &sections[sections[i].sh_link];
        const ElfW(Sym) *table = part(file, sections[i].sh_offset, sections[i].sh_size);
        const char *names = part(file, strings->sh_offset, strings->sh_size);
        if (!table || !names || strings->sh_size == 0 || names[strings->sh_size - 1] != 0)
            return MEMSCOPE_STATIC_SYMBOLS_UNREADABLE;
        match(table, sections[i].sh_size / sizeof *table, names, strings->sh_size, bias, symbols, wanted);
        return MEMSCOPE_STATIC_SYMBOLS_READ;
    }
    return MEMSCOPE_STATIC_SYMBOLS_STRIPPED;
}

enum memscope_static_symbols_result memscope_static_symbols_find(struct memscope_static_symbol *symbols, size_t count)
{
    int descriptor = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return MEMSCOPE_STATIC_SYMBOLS_UNREADABLE;
    struct stat status;
    enum memscope_static_symbols_result result = MEMSCOPE_STATIC_SYMBOLS_UNREADABLE;
    if (fstat(descriptor, &status) == 0 && status.st_size > 0) {
        struct file file = {.size = (size_t)status.st_size};
        void *mapped = mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (mapped != MAP_FAILED) {
            file.bytes = mapped;
            result = search(&file, symbols, count);
            munmap(mapped, file.size);
        }
    }
    close(descriptor);
    return result;
}
