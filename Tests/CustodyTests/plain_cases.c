// Blocks that change hands between a program and its library, and blocks that do not. usage: plain_cases CASE N
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lender.h"

static volatile size_t done;

static void lent_and_dropped(void) { free(lender_lend(100)), done++; }
static void given_away(void) { lender_take(malloc(200)), done++; }
static void at_home(void) { free(malloc(300)), done++; }
static void at_their_home(void) { lender_take(lender_lend(300)), done++; }
static void copied_there(void) { free(lender_copy("nine byte")), done++; }
static void stretched_there(void) { free(lender_stretch(malloc(40), 400)), done++; }
static void stretched_here(void) { lender_take(realloc(lender_lend(50), 500)), done++; }
static void drop(void *block) { free(block), done++; }
static void dropped_in_callback(void) { lender_call(drop, malloc(60)), done++; }
static void lent_to_callback(void) { lender_call(drop, lender_lend(70)), done++; }
static void given_to_a_thread(void) { lender_take_elsewhere(malloc(80)), done++; }
static void never_freed(void) { (void)!lender_lend(90), done++; }
static void stream_given_away(void) { lender_close(fopen("/dev/null", "r")), done++; }
static void stream_at_their_home(void) { lender_close(lender_open()), done++; }

// Two libraries one after the other at one place in memory.
static void plugins(void) {
    for (int i = 1; i <= 2; i++) {
        char path[4096];
        // The second is called like a library of Swift's, and is none.
        snprintf(path, sizeof path, "%s/%s", getenv("CUSTODY_DIRECTORY"), i == 1 ? "plugin1.so" : "libswiftplugin.so");
        void *library = dlopen(path, RTLD_NOW);
        void *(*lend)(void) = library ? (void *(*)(void))dlsym(library, "plugin_lend") : NULL;
        if (!lend) abort();
        free(lend());
        dlclose(library);
    }
}

// The program's own code, in no library: of what it allocates nobody can tell whose it is.
static void in_made_code(void) {
#if defined(__x86_64__)
    static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0x48, 0x89, 0xf8, 0x48, 0x89, 0xf7, 0xff, 0xd0, 0x5d, 0xc3};
#else
    // stp x29, x30, [sp, #-16]!; mov x29, sp; mov x2, x0; mov x0, x1; blr x2; ldp x29, x30, [sp], #16; ret
    static const uint32_t code[] = {0xa9bf7bfd, 0x910003fd, 0xaa0003e2, 0xaa0103e0, 0xd63f0040, 0xa8c17bfd, 0xd65f03c0};
#endif
    static void *(*call)(void *(*)(size_t), size_t);
    if (!call) {
        void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        memcpy(page, code, sizeof code);
        __builtin___clear_cache(page, (char *)page + sizeof code);
        mprotect(page, 4096, PROT_READ | PROT_EXEC);
        call = (void *(*)(void *(*)(size_t), size_t))page;
    }
    void *volatile block = call(malloc, 30), *volatile kept = call(malloc, 31);
    (void)kept, free(block), done++;
}

int main(int count, char **arguments) {
    static const struct { const char *name; void (*run)(void); } cases[] = {
        {"lent_and_dropped", lent_and_dropped}, {"given_away", given_away}, {"at_home", at_home},
        {"at_their_home", at_their_home}, {"copied_there", copied_there}, {"stretched_there", stretched_there},
        {"stretched_here", stretched_here}, {"dropped_in_callback", dropped_in_callback},
        {"lent_to_callback", lent_to_callback}, {"given_to_a_thread", given_to_a_thread}, {"never_freed", never_freed},
        {"stream_given_away", stream_given_away}, {"stream_at_their_home", stream_at_their_home}, {"plugins", plugins},
        {"in_made_code", in_made_code},
    };
    for (size_t i = 0; count == 3 && i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(cases[i].name, arguments[1]) != 0) continue;
        for (int n = atoi(arguments[2]); n > 0; n--) cases[i].run();
        return 0;
    }
    return 2;
}
