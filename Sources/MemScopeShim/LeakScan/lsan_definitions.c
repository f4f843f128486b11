#include "lsan_definitions.h"

#include <stddef.h>
#include <stdint.h>

#include "../Lifecycle/configuration.h"
#include "../Lifecycle/instance.h"
#include "../Lifecycle/sanitizer.h"
#include "../SwiftRuntime/static_symbols.h"

static const char *suppressions;

const char *memscope_lsan_definitions_suppressions(void) { return suppressions; }

#if MEMSCOPE_SANITIZED
void memscope_lsan_definitions_learn(void) {}
#else

typedef const char *(*text_function)(void);
extern const char *__lsan_default_suppressions(void) __attribute__((weak));
extern const char *__lsan_default_options(void) __attribute__((weak));

void memscope_lsan_definitions_learn(void) {
    static bool tried;
    if (__atomic_exchange_n(&tried, true, __ATOMIC_ACQ_REL)) return;
    text_function functions[] = {__lsan_default_suppressions, __lsan_default_options};
    struct memscope_static_symbol symbols[] = {{.name = "__lsan_default_suppressions"}, {.name = "__lsan_default_options"}};
    // An executable exports nothing unless it is asked to.
    if (memscope_this_is_preload() && memscope_static_symbols_find(symbols, 2) == MEMSCOPE_STATIC_SYMBOLS_READ)
        for (int i = 0; i < 2; i++)
            if (!functions[i]) functions[i] = (text_function)symbols[i].address;
    if (functions[0]) suppressions = functions[0]();
    const char *options = functions[1] ? functions[1]() : NULL;
    if (options && !memscope_configuration.leak_roots_are_given)
        memscope_root_classes_parse_lsan(options, &memscope_configuration.leak_roots);
}

#endif
