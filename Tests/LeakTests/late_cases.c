// Blocks that tracking does not know, and captures that the program asks for itself.
#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include "leak_cases.h"

#include "instance.h"

static const struct memscope_instance *memscope;
static uintptr_t late_pool;
static char cases_end;

// What is allocated in a pause is as unknown as what was there before tracking began.
static void ***unknown;
static void held_by_unknown_block(int n) {
    memscope->pause();
    unknown = malloc((size_t)n * sizeof *unknown);
    for (int i = 0; i < n; i++) unknown[i] = calloc(1, 64);
    memscope->resume();
    for (int i = 0; i < n; i++) unknown[i][3] = malloc(80);
}

// Those that are free again, in whichever list the C library keeps them, hold nothing.
static void lost_in_free_unknown_block(int n) {
    memscope->pause();
    void ***blocks = malloc((size_t)n * sizeof *blocks);
    for (int i = 0; i < n; i++) blocks[i] = calloc(1, (size_t)(40 + 40 * (i % 5)));
    memscope->resume();
    for (int i = 0; i < n; i++) blocks[i][3] = malloc(80);
    for (int i = 0; i < n; i++) free(blocks[i]);
    memset(blocks, 0, (size_t)n * sizeof *blocks);
    free(blocks);
}

// Each sees what leaked by then, and none hides anything from the next.
static void captured_again_and_again(int n) {
    char path[4096];
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < n; k++) malloc(48);
        scrub();
        snprintf(path, sizeof path, "%s/asked-%d.memscope", getenv("MEMSCOPE_OUTPUT"), i);
        if (memscope->capture_with(path, "asked", i % 2 ? MEMSCOPE_LEAKS_GRAPH : MEMSCOPE_LEAKS_UNREACHABLE) != MEMSCOPE_OK) abort();
    }
}

// What the program says of its leaks, by the functions of the preloaded copy.
static void ignored_while_allocated(int n) {
    memscope->leaks_ignore_begin();
    for (int i = 0; i < n; i++) malloc(48);
    memscope->leaks_ignore_end();
    memscope->leaks_ignore_end();
    for (int i = 0; i < n; i++) malloc(56);
}

// By the name of a scope, after the fact: with the scopes in it, and no others.
static void ignored_by_scope(int n) {
    static const char *const paths[][2] = {{"kept", "inner"}, {"outer", "kept"}, {"outer", "keptnot"}, {"outer", "kep"}};
    for (int path = 0; path < 4; path++) {
        struct memscope_scope_entry outer = memscope->scope_enter(paths[path][0], (uint32_t)strlen(paths[path][0]));
        struct memscope_scope_entry inner = memscope->scope_enter(paths[path][1], (uint32_t)strlen(paths[path][1]));
        for (int i = 0; i < n; i++) malloc(48);
        memscope->scope_leave(inner);
        memscope->scope_leave(outer);
    }
    memscope->leaks_ignore_scope((const uint8_t *)"kept", 4);
    memscope->leaks_ignore_scope((const uint8_t *)"never entered", 13);
}

// From anywhere in a block, of many sizes; what is just behind it is another's, or nobody's.
static void ignored_one_by_one(int n) {
    static const size_t sizes[] = {1, 24, 40, 100, 4096, 200000, (size_t)160 << 20};
    for (int i = 0; i < n; i++) {
        for (int s = 0; s < (i == 0 ? 7 : 6); s++) {
            char *block = malloc(sizes[s]);
            if (!memscope->leaks_ignore(block + (sizes[s] - 1) * (size_t)(i % 2)) || memscope->leaks_ignore(block + sizes[s])) abort();
        }
        malloc(72);
    }
    if (memscope->leaks_ignore(&cases_end) || memscope->leaks_ignore(NULL)) abort();
}

// A region in a block that nothing leads to.
static void held_by_added_root(int n) {
    char *pool = malloc(4096 + (size_t)n * sizeof(void *));
    void **words = (void **)(pool + 4096);
    for (int i = 0; i < n; i++) words[i] = malloc(64);
    memscope->leaks_add_root(words, (size_t)n * sizeof *words);
    memscope->leaks_add_root(words, 8);
    if (!memscope->leaks_remove_root(words, 8) || memscope->leaks_remove_root(words, 8)) abort();
    late_pool = hidden(pool);
}

// Regions that do not count: in global data, in a block that is held, and in memory that processes share.
static void lost_in_ignored_regions(int n) {
    static void *words[3][512];
    if (n > 512) abort();
    size_t bytes = (size_t)n * sizeof(void *);
    void **places[] = {words[0], malloc(bytes), mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)};
    words[1][0] = places[1];
    for (int place = 0; place < 3; place++) {
        for (int i = 0; i < n; i++) places[place][i] = malloc(64);
        if (!memscope->leaks_ignore_root(places[place], bytes)) abort();
    }
    // What is taken back counts again.
    for (int i = 0; i < n; i++) words[2][i] = malloc(64);
    memscope->leaks_ignore_root(words[2], bytes);
    if (!memscope->leaks_remove_root(words[2], bytes) || memscope->leaks_remove_root(words[2], bytes)) abort();
}

static const struct leak_case cases[] = {
    {"lost_in_ignored_regions", lost_in_ignored_regions},
    {"ignored_while_allocated", ignored_while_allocated},
    {"ignored_by_scope", ignored_by_scope},
    {"ignored_one_by_one", ignored_one_by_one},
    {"held_by_added_root", held_by_added_root},
    {"held_by_unknown_block", held_by_unknown_block},
    {"lost_in_free_unknown_block", lost_in_free_unknown_block},
    {"captured_again_and_again", captured_again_and_again},
};

int main(int argc, char **argv) {
    memscope = dlsym(RTLD_DEFAULT, "memscope_instance_v1");
    return memscope ? run_case(cases, sizeof cases / sizeof *cases, argc, argv) : 3;
}
