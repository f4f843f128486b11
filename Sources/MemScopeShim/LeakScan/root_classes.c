#include "root_classes.h"

#include <string.h>

static const struct { const char *name, *lsan; uint32_t bit; } classes_by_name[] = {
    {"stacks", "use_stacks", MEMSCOPE_ROOTS_STACKS},
    {"registers", "use_registers", MEMSCOPE_ROOTS_REGISTERS},
    {"globals", "use_globals", MEMSCOPE_ROOTS_GLOBALS},
    {"tls", "use_tls", MEMSCOPE_ROOTS_THREAD_LOCALS},
    {"mappings", NULL, MEMSCOPE_ROOTS_MAPPINGS},
    {"unaligned", "use_unaligned", MEMSCOPE_ROOTS_UNALIGNED},
};
enum { CLASSES = sizeof classes_by_name / sizeof *classes_by_name };

static bool is(const char *text, size_t length, const char *name) {
    return name && strlen(name) == length && strncmp(text, name, length) == 0;
}

static uint32_t class_named(const char *name, size_t length) {
    for (int i = 0; i < CLASSES; i++)
        if (is(name, length, classes_by_name[i].name)) return classes_by_name[i].bit;
    return 0;
}

bool memscope_root_classes_parse(const char *text, uint32_t *classes) {
    bool is_change = *text == '-' || *text == '+';
    uint32_t result = is_change ? MEMSCOPE_ROOTS_USUAL : 0;
    for (;;) {
        char sign = *text == '-' || *text == '+' ? *text++ : 0;
        size_t length = strcspn(text, ",");
        uint32_t bit = class_named(text, length);
        if (bit == 0 || is_change != (sign != 0)) return false;
        if (sign == '-') result &= ~bit;
        else result |= bit;
        if (text[length] == 0) break;
        text += length + 1;
    }
    *classes = result;
    return true;
}

void memscope_root_classes_parse_lsan(const char *options, uint32_t *classes) {
    static const char between[] = " ,:\n\t\r";
    for (options += strspn(options, between); *options; options += strspn(options, between)) {
        size_t length = strcspn(options, between), name = strcspn(options, "=");
        for (int i = 0; i < CLASSES && name < length; i++) {
            if (!is(options, name, classes_by_name[i].lsan)) continue;
            const char *value = options + name + 1;
            size_t rest = length - name - 1;
            if (is(value, rest, "0") || is(value, rest, "no") || is(value, rest, "false")) *classes &= ~classes_by_name[i].bit;
            if (is(value, rest, "1") || is(value, rest, "yes") || is(value, rest, "true")) *classes |= classes_by_name[i].bit;
        }
        options += length;
    }
}

void memscope_root_classes_write(uint32_t classes, char *into) {
    *into = 0;
    for (int i = 0; i < CLASSES; i++) {
        if (!(classes & classes_by_name[i].bit)) continue;
        if (*into) strcat(into, ",");
        strcat(into, classes_by_name[i].name);
    }
}
