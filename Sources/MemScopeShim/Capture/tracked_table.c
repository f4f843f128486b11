#include "tracked_table.h"

#include <string.h>

#include "../Attribution/tracked_names.h"
#include "../Lifecycle/state.h"

static uint32_t text(struct memscope_writer *writer, uint32_t name) {
    const char *stored = memscope_engine.names + name;
    return memscope_writer_text(writer, stored, strlen(stored));
}

void memscope_tracked_table_write(struct memscope_writer *writer) {
    struct { uint64_t address; uint32_t name, zero; } block = {0};
    _Static_assert(sizeof block == 16, "as Docs/capture-format.md says");
    static uint64_t live[MEMSCOPE_TRACKED_SITES];
    uint32_t sites = __atomic_load_n(&memscope_tracked_site_count, __ATOMIC_ACQUIRE);
    memscope_writer_section(writer, MEMSCOPE_SECTION_TRACKED_BLOCKS, sizeof block);
    memset(live, 0, sizeof live);
    for (uint32_t i = 0; memscope_tracked_objects && i < MEMSCOPE_TRACKED_PLACES; i++) {
        const struct memscope_tracked_object *object = &memscope_tracked_objects[i];
        uint32_t site = memscope_tracked_site_of(object);
        if (object->address_and_site == 0 || site >= sites || !memscope_tracked_is_live(object)) continue;
        live[site]++;
        block.address = ~memscope_tracked_address(object);
        block.name = site;
        memscope_writer_add(writer, &block);
    }
    struct { uint32_t name, file, line, zero; uint64_t named, live; } element = {0};
    _Static_assert(sizeof element == 32, "as Docs/capture-format.md says");
    memscope_writer_section(writer, MEMSCOPE_SECTION_TRACKED_NAMES, sizeof element);
    for (uint32_t i = 0; i < sites; i++) {
        const struct memscope_tracked_site *site = &memscope_tracked_sites[i];
        element.name = text(writer, site->name);
        element.file = text(writer, site->file);
        element.line = site->line;
        element.live = live[i];
        // In place another thread may be naming one just now.
        element.named = site->named > live[i] ? site->named : live[i];
        memscope_writer_add(writer, &element);
    }
}
