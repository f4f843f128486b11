#include "scope_leaks_table.h"

#include "../Attribution/scope_leaks.h"
#include "content.h"

void memscope_scope_leaks_table_write(struct memscope_writer *writer) {
    struct { uint32_t scope, zero; struct memscope_scope_leaks check; } element = {0};
    memscope_writer_section(writer, MEMSCOPE_SECTION_LEAK_CHECKS, sizeof element);
    for (uint32_t i = 0; i < memscope_cut.scopes; i++) {
        const struct memscope_scope_leaks *check = memscope_scope_leaks_of(i + 1);
        if (!check) continue;
        element.scope = i;
        element.check = *check;
        memscope_writer_add(writer, &element);
    }
}
