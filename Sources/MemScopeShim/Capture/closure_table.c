#include "closure_table.h"

#include "../Lifecycle/mapping.h"

enum { SLOT_BITS = 16, SLOTS = 1 << SLOT_BITS, CLOSURES = SLOTS / 2 };

bool memscope_closure_table_start(struct memscope_closure_table *table) {
    *table = (struct memscope_closure_table){0};
    table->slots = memscope_map(SLOTS * sizeof *table->slots);
    table->order = memscope_map(CLOSURES * sizeof *table->order);
    return table->slots && table->order;
}

uint32_t memscope_closure_index(struct memscope_closure_table *table, uint64_t code) {
    if (code == 0) return 0;
    for (uint64_t i = (code * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - SLOT_BITS);; i = (i + 1) % SLOTS) {
        if (table->slots[i].code == code) return table->slots[i].index;
        if (table->slots[i].code != 0) continue;
        if (table->count == CLOSURES) return 0;
        table->slots[i].code = code;
        table->order[table->count] = code;
        return table->slots[i].index = ++table->count;
    }
}

void memscope_closure_table_write(const struct memscope_closure_table *table, struct memscope_writer *writer, enum memscope_section kind) {
    memscope_writer_section(writer, kind, sizeof(uint64_t));
    for (uint32_t i = 0; i < table->count; i++) memscope_writer_add(writer, &table->order[i]);
}
