// A scope's names, read while others are added: a scope is complete before its number is known to anyone.
#include <string.h>

#include "../Lifecycle/own_copy.h"
#include "../Lifecycle/state.h"

static const char separator[] = " > ", omitted[] = "...";
enum { SEPARATOR = sizeof separator - 1, OMITTED = sizeof omitted - 1 };

// Puts `text` before what is already at the end of `into`.
static uint32_t prepend(char *into, uint32_t begin, const char *text, uint32_t length) {
    memcpy(into + begin - length, text, length);
    return begin - length;
}

uint32_t memscope_own_scope_path(uint64_t run, char *into, uint32_t capacity) {
    const struct memscope_engine *engine = &memscope_engine;
    uint32_t scope = MEMSCOPE_RUN_SCOPE(run);
    if (scope == 0 || scope > memscope_load_acquire(&engine->scope_count)) return 0;
    uint32_t begin = capacity;
    for (; scope; scope = engine->scopes[scope - 1].parent) {
        const char *name = engine->names + engine->scopes[scope - 1].name;
        size_t length = strlen(name);
        // Room is kept for saying that something was left out.
        if (length + SEPARATOR + OMITTED > begin) {
            begin = prepend(into, begin, omitted, OMITTED);
            break;
        }
        begin = prepend(into, begin, name, (uint32_t)length);
        if (engine->scopes[scope - 1].parent) begin = prepend(into, begin, separator, SEPARATOR);
    }
    memmove(into, into + begin, capacity - begin);
    return capacity - begin;
}
