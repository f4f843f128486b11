#include "selection.h"

#include <stdlib.h>
#include <string.h>

#include "../Lifecycle/state.h"
#include "../SwiftRuntime/metadata.h"
#include "../SwiftRuntime/type_name.h"

// A name and what ends it are two bytes at least.
enum { NAMES = MEMSCOPE_SELECTION_BYTES / 2 };

uint64_t memscope_selection_types[MEMSCOPE_SELECTION_TYPES];
uint32_t memscope_selection_rate;

static char text[MEMSCOPE_SELECTION_BYTES];
static const char *names[NAMES];
static uint32_t name_count;
// 0 not looked at, 1 selected, 2 not. By the scope's index.
static uint8_t scopes[MEMSCOPE_SCOPES];

static bool matches(const char *name) {
    for (uint32_t i = 0; i < name_count; i++)
        if (strstr(name, names[i])) return true;
    return false;
}

// Where the bracket at `open` is closed; null if it is none, or never closed. The arrow of a function type closes nothing.
static const char *closing(const char *open) {
    int depth = 0;
    for (const char *at = open; *at; at++) {
        if (*at == '\\' && at[1]) at++;
        else if (strchr("<([", *at)) depth++;
        else if (strchr(")]", *at) || (*at == '>' && (at == open || at[-1] != '-'))) depth--;
        if (depth <= 0) return at > open ? at : NULL;
    }
    return NULL;
}

// Takes the list apart at its commas, but for those in brackets and after a backslash. False when there is nothing in it.
static bool read_names(const char *list) {
    const char *closed = list, *name = text;
    char *into = text;
    name_count = 0;
    for (const char *at = list;; at++) {
        if (*at == 0 || (*at == ',' && at >= closed)) {
            *into++ = 0;
            if (*name) names[name_count++] = name;
            name = into;
            if (*at == 0) return name_count > 0;
            continue;
        }
        const char *end = at >= closed ? closing(at) : NULL;
        if (end) closed = end;
        if (*at == '\\' && at[1]) at++;
        *into++ = *at;
    }
}

static bool read_rate(const char *digits) {
    char *end;
    unsigned long rate = strtoul(digits, &end, 10);
    if (end == digits || *end || rate < 1 || rate > 1000000) return false;
    memscope_selection_rate = (uint32_t)rate;
    return true;
}

enum memscope_ledger_mode memscope_selection_read(const char *selection) {
    if (strlen(selection) >= MEMSCOPE_SELECTION_BYTES) return MEMSCOPE_LEDGER_MODE_OFF;
    if (strcmp(selection, "all") == 0) return MEMSCOPE_LEDGER_MODE_ALL;
    if (strncmp(selection, "types:", 6) == 0 && read_names(selection + 6)) return MEMSCOPE_LEDGER_MODE_TYPES;
    if (strncmp(selection, "scopes:", 7) == 0 && read_names(selection + 7)) return MEMSCOPE_LEDGER_MODE_SCOPES;
    if (strncmp(selection, "sampled:", 8) == 0 && read_rate(selection + 8)) return MEMSCOPE_LEDGER_MODE_SAMPLED;
    return MEMSCOPE_LEDGER_MODE_OFF;
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
