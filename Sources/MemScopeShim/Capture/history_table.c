#include "history_table.h"

#include <string.h>

#include "../History/history.h"
#include "../History/owners.h"
#include "../Lifecycle/state.h"
#include "content.h"

static void write_note(void *info, const struct memscope_note *note) {
    struct memscope_writer *writer = info;
    const char *name = memscope_engine.names + note->name;
    struct { uint64_t time; uint32_t name, flags; uint64_t changes, bytes; } element = {
        note->time, memscope_writer_text(writer, name, strlen(name)), note->flags, note->changes.count, note->changes.size};
    memscope_writer_add(writer, &element);
}

static void write_changes(void *info, const struct memscope_note *note) {
    if (note->changes.bytes) memscope_writer_add_all(info, note->changes.bytes, note->changes.size);
}

static void write_owner_changes(void *info, const struct memscope_note *note) {
    uint8_t count[10];
    memscope_writer_add_all(info, count, (uint64_t)(memscope_number_put(count, note->owners.count) - count));
    if (note->owners.bytes) memscope_writer_add_all(info, note->owners.bytes, note->owners.size);
}

static void write_owners(struct memscope_writer *writer, const struct memscope_context_table *contexts) {
    if (memscope_owner_count() == 0) return;
    memscope_writer_section(writer, MEMSCOPE_SECTION_OWNERS, sizeof(uint32_t));
    for (uint32_t i = 0; i < memscope_owner_count(); i++) {
        const struct memscope_owner *owner = memscope_owner_at(i);
        uint32_t row = i < 2 ? 0 : memscope_context_table_row(contexts, owner->thread, owner->scope, owner->site);
        memscope_writer_add(writer, &row);
    }
    memscope_writer_section(writer, MEMSCOPE_SECTION_OWNER_CHANGES, 1);
    if (!memscope_history_visit(memscope_cut.leaves, write_owner_changes, writer)) writer->error = 12;  // ENOMEM
}

void memscope_history_table_write(struct memscope_writer *writer, const struct memscope_context_table *contexts) {
    memscope_writer_section(writer, MEMSCOPE_SECTION_NOTES, 32);
    if (!memscope_history_visit(memscope_cut.leaves, write_note, writer)) return;
    memscope_writer_section(writer, MEMSCOPE_SECTION_CHANGES, 1);
    if (!memscope_history_visit(memscope_cut.leaves, write_changes, writer)) writer->error = 12;  // ENOMEM
    write_owners(writer, contexts);
}
