// How the text is read that selects the ledger's objects: where a name ends, and what is refused.
#include <stdlib.h>
#include <string.h>

#include "Attribution/names.h"
#include "Ledger/selection.h"
#include "Lifecycle/state.h"
#include "check.h"

static uint32_t scope_count;

// Whether what is named so is selected. Each name is a scope of its own, whose verdict nobody has asked for yet.
static bool selects(const char *name) {
    struct memscope_engine *engine = &memscope_engine;
    uint32_t index = scope_count++, context = index + 1;
    engine->scopes[index].name = memscope_name_store(name, (uint32_t)strlen(name));
    engine->contexts[context].run = index + 1;
    return memscope_selection_has_scope(context);
}

static bool reads(const char *list) { return memscope_selection_read(list) == MEMSCOPE_LEDGER_MODE_SCOPES; }

static void test_names(void) {
    CHECK(reads("scopes:Session,,Cache,"));
    CHECK(selects("app.Session") && selects("Cache<Swift.Int>") && !selects("app.Pool"));

    // A comma between generic arguments is part of the name, and what follows it is no name.
    CHECK(reads("scopes:Nope<Swift.Bool, Swift.Int>,Last"));
    CHECK(selects("Nope<Swift.Bool, Swift.Int>") && selects("Last"));
    CHECK(!selects("Pair<Swift.String, Swift.Int>") && !selects("Nope<Swift.Bool, Swift.String>"));
    CHECK(reads("scopes:closure (A, (B, C) -> D, [E : F]),Map<(A) -> B, C>,Last"));
    CHECK(selects("closure (A, (B, C) -> D, [E : F])") && selects("Map<(A) -> B, C>") && selects("Last"));
    CHECK(!selects("(B, C) -> D") && !selects("Map<(A) -> B>, C"));

    // What is never closed is no bracket.
    CHECK(reads("scopes:a < b,c(,d"));
    CHECK(selects("a < b") && selects("c(") && selects("d") && !selects("a <"));

    // After a backslash, anything is itself.
    CHECK(reads("scopes:read\\, then write,C:\\\\,tail\\"));
    CHECK(selects("read, then write") && selects("C:\\") && !selects(" then write") && selects("tail\\"));
}

static void test_limits(void) {
    char list[MEMSCOPE_SELECTION_BYTES + 1] = "scopes:";
    memset(list + 7, 'x', sizeof list - 8);
    list[sizeof list - 1] = 0;
    CHECK(!reads(list));
    // The longest one is read whole, and as many names as fit.
    list[sizeof list - 2] = 0;
    for (size_t at = 8; list[at]; at += 2) list[at] = ',';
    memcpy(list + sizeof list - 6, ",end", 4);
    CHECK(strlen(list) == MEMSCOPE_SELECTION_BYTES - 1 && reads(list));
    CHECK(selects("the end") && selects("x") && !selects("y"));
}

static void test_nonsense(void) {
    static const char *const nonsense[] = {"", "0", "everything", "All", "types", "types:", "types:,", "scopes:,,", "sampled:",
                                           "sampled:0", "sampled:1000001", "sampled:4x"};
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
        CHECK(memscope_selection_read(nonsense[i]) == MEMSCOPE_LEDGER_MODE_OFF);
    CHECK(memscope_selection_read("all") == MEMSCOPE_LEDGER_MODE_ALL);
    CHECK(memscope_selection_read("types:A") == MEMSCOPE_LEDGER_MODE_TYPES);
    CHECK(memscope_selection_read("sampled:1000000") == MEMSCOPE_LEDGER_MODE_SAMPLED && memscope_selection_rate == 1000000);
}

int main(void) {
    CHECK(memscope_state_start());
    test_names();
    test_limits();
    test_nonsense();
    return CHECK_END();
}
