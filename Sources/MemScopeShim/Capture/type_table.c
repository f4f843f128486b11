#include "type_table.h"

#include "../Lifecycle/mapping.h"
#include "census_type.h"

enum { SLOTS = 2 * MEMSCOPE_TYPES, NAME_BYTES = 4096 };

bool memscope_type_table_start(struct memscope_type_table *table) {
    *table = (struct memscope_type_table){0};
    table->slots = memscope_map(SLOTS * sizeof *table->slots);
    table->order = memscope_map(MEMSCOPE_TYPES * sizeof *table->order);
    return table->slots && table->order;
}

uint32_t memscope_type_index(struct memscope_type_table *table, uint64_t type) {
    if (type == 0) return 0;
    uint64_t i = (type * UINT64_C(0x9E3779B97F4A7C15)) >> 45;
    for (;; i = (i + 1) % SLOTS) {
        if (table->slots[i].type == type) return table->slots[i].index;
        if (table->slots[i].type != 0) continue;
        if (table->count == MEMSCOPE_TYPES) return 0;
        table->slots[i].type = type;
        table->order[table->count] = type;
        return table->slots[i].index = ++table->count;
    }
}

void memscope_type_table_write(const struct memscope_type_table *table, struct memscope_writer *writer) {
    struct { uint64_t type; uint32_t name, kind; } element;
    memscope_writer_section(writer, MEMSCOPE_SECTION_TYPES, sizeof element);
    for (uint32_t i = 0; i < table->count; i++) {
        static char name[NAME_BYTES];
        enum memscope_type_kind kind = MEMSCOPE_TYPE_CLASS;
        size_t length = memscope_census_type_name(table->order[i], name, sizeof name, &kind);
        element.type = table->order[i];
        element.name = memscope_writer_text(writer, name, length);
        element.kind = kind == MEMSCOPE_TYPE_NONE ? MEMSCOPE_TYPE_CLASS : kind;
        memscope_writer_add(writer, &element);
    }
}
