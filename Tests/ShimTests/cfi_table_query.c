// Prints the rule of each offset into a library that standard input lists: offset, CFA, fp and return address as
// readelf's interpreted frame table writes them, or the rule's kind.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>

#include "cfi.h"

#if defined(__x86_64__)
static const char *const base_names[] = {"rsp", "rbp"};
#else
static const char *const base_names[] = {"sp", "x29"};
#endif

int main(int count, char **arguments) {
    void *library = count == 2 ? dlopen(arguments[1], RTLD_LAZY) : NULL;
    struct link_map *map;
    if (!library || dlinfo(library, RTLD_DI_LINKMAP, &map) != 0) {
        fprintf(stderr, "cannot load the library: %s\n", dlerror());
        return 77;
    }
    unsigned long offset;
    while (scanf("%lx", &offset) == 1) {
        static const char *const kinds[] = {"unknown", "regular", "end", "complex", "none"};
        memscope_unwind_rule rule = memscope_cfi_rule(map->l_addr + offset, false);
        printf("%lx ", offset);
        if (rule.kind != memscope_rule_regular) {
            printf("%s\n", kinds[rule.kind]);
            continue;
        }
        printf("%s%+d ", base_names[rule.cfa_from_fp], 8 * (int)rule.cfa_words);
        if (rule.fp_saved) {
            printf("c%+d ", 8 * (int)rule.fp_words);
        } else {
            printf("u ");
        }
        printf("c%+d\n", 8 * (int)rule.ra_words);
    }
    return 0;
}
