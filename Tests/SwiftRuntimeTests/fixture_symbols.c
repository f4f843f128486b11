#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "fixture.h"

// Names of functions from the executable's own symbol table, local ones included; for libraries from
// the dynamic linker.

static const char *executable;

static void map_executable(void)
{
    struct stat status;
    int descriptor = open("/proc/self/exe", O_RDONLY);
    if (descriptor >= 0 && fstat(descriptor, &status) == 0) {
        void *mapped = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        executable = mapped == MAP_FAILED ? NULL : mapped;
    }
}

const char *fixture_symbol(uint64_t address)
{
    if (!executable)
        map_executable();
    if (!executable)
        return "?";
    const ElfW(Ehdr) *header = (const void *)executable;
    const ElfW(Shdr) *sections = (const void *)(executable + header->e_shoff);
    uint64_t target = address - (getauxval(AT_ENTRY) - header->e_entry);
    for (int i = 0; i < header->e_shnum; i++) {
        if (sections[i].sh_type != SHT_SYMTAB)
            continue;
        const ElfW(Sym) *table = (const void *)(executable + sections[i].sh_offset);
        const char *names = executable + sections[sections[i].sh_link].sh_offset;
        for (size_t s = 0; s < sections[i].sh_size / sizeof *table; s++)
            if (ELF64_ST_TYPE(table[s].st_info) == STT_FUNC && target >= table[s].st_value && target < table[s].st_value + table[s].st_size)
                return names + table[s].st_name;
    }
    Dl_info information;
    return dladdr((void *)address, &information) && information.dli_sname ? information.dli_sname : "?";
}
