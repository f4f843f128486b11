#include "selection.h"

#include <stdlib.h>
#include <string.h>

#include "../Lifecycle/state.h"
#include "../SwiftRuntime/metadata.h"
#include "../SwiftRuntime/type_name.h"

enum { LONGEST = 4096, NAMES = 256 };

uint64_t memscope_selection_types[MEMSCOPE_SELECTION_TYPES];
uint32_t memscope_selection_rate;

static char text[LONGEST];
static const char *names[NAMES];
static uint32_t name_count;
// 0 not looked at, 1 selected, 2 not. By the scope's index.
static uint8_t scopes[MEMSCOPE_SCOPES];

static bool matches(const char *name) {
    for (uint32_t i = 0; i < name_count; i++)
        if (strstr(name, names[i])) return true;
    return false;
}

// Takes the list apart in place. False when there is nothing in it, or too much.
static bool read_names(const char *list) {
    if (strlen(list) >= sizeof text) return false;
    strcpy(text, list);
    name_count = 0;
    for (char *at = text; *at && name_count < NAMES;) {
        char *end = strchr(at, ',');
        if (end) *end = 0;
        if (*at) names[name_count++] = at;
        if (!end) break;
        at = end + 1;
    }
    return name_count > 0;
}

enum memscope_ledger_mode memscope_selection_read(const char *selection) {
    if (strcmp(selection, "all") == 0) return MEMSCOPE_LEDGER_MODE_ALL;
    if (strncmp(selection, "types:", 6) == 0)
        return read_names(selection + 6) ? MEMSCOPE_LEDGER_MODE_TYPES : MEMSCOPE_LEDGER_MODE_OFF;
    if (strncmp(selection, "scopes:", 7) == 0)
        return read_names(selection + 7) ? MEMSCOPE_LEDGER_MODE_SCOPES : MEMSCOPE_LEDGER_MODE_OFF;
    if (strncmp(selection, "sampled:", 8) != 0) return MEMSCOPE_LEDGER_MODE_OFF;
    char *end;
    unsigned long rate = strtoul(selection + 8, &end, 10);
    if (end == selection + 8 || *end || rate < 1 || rate > 1000000) return MEMSCOPE_LEDGER_MODE_OFF;
    memscope_selection_rate = (uint32_t)rate;
    return MEMSCOPE_LEDGER_MODE_SAMPLED;
}

bool memscope_selection_judge_type(uint64_t type) {
    char name[1024];
    bool is_type = type && memscope_metadata_kind(type, SIZE_MAX >> 1) != MEMSCOPE_TYPE_NONE;
    bool is_selected = is_type && memscope_type_name((const void *)type, NULL, name, sizeof name, NULL) && matches(name);
    __atomic_store_n(&memscope_selection_types[type >> 4 & (MEMSCOPE_SELECTION_TYPES - 1)], type | is_selected, __ATOMIC_RELAXED);
    return is_selected;
}

bool memscope_selection_has_scope(uint32_t context) {
    const struct memscope_engine *engine = &memscope_engine;
    uint32_t scope = MEMSCOPE_RUN_SCOPE(engine->contexts[context].run), innermost = scope;
    if (scope == 0 || scope > MEMSCOPE_SCOPES) return false;
    uint8_t verdict = __atomic_load_n(&scopes[innermost - 1], __ATOMIC_RELAXED);
    if (verdict) return verdict == 1;
    bool is_selected = false;
    for (; scope && !is_selected; scope = engine->scopes[scope - 1].parent)
        is_selected = matches(engine->names + engine->scopes[scope - 1].name);
    __atomic_store_n(&scopes[innermost - 1], is_selected ? 1 : 2, __ATOMIC_RELAXED);
    return is_selected;
}
