#include "history_table.h"

#include <string.h>

#include "../History/history.h"
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

void memscope_history_table_write(struct memscope_writer *writer) {
    memscope_writer_section(writer, MEMSCOPE_SECTION_NOTES, 32);
    if (!memscope_history_visit(memscope_cut.leaves, write_note, writer)) return;
    memscope_writer_section(writer, MEMSCOPE_SECTION_CHANGES, 1);
    if (!memscope_history_visit(memscope_cut.leaves, write_changes, writer)) writer->error = 12;  // ENOMEM
}
