// A program that defines what LeakSanitizer asks a program for: suppressions, and options.
#include <stdlib.h>
#include <string.h>

__attribute__((used)) const char *__lsan_default_suppressions(void) { return "# of a library\nleak:lose_on_purpose\n"; }
__attribute__((used)) const char *__lsan_default_options(void) { return "use_globals=0:report_objects=1"; }

static void *global;

__attribute__((noinline)) static void lose_on_purpose(int n) {
    for (int i = 0; i < n; i++) memset(malloc(32), 0, 32);
}

__attribute__((noinline)) static void lose(int n) {
    for (int i = 0; i < n; i++) memset(malloc(48), 0, 48);
}

__attribute__((noinline)) static void scrub(void) {
    volatile char bytes[1 << 16];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = 0;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    int n = atoi(argv[2]);
    if (strcmp(argv[1], "suppressed") == 0) lose_on_purpose(n);
    if (strcmp(argv[1], "lost_beside_suppressed") == 0) {
        lose_on_purpose(n);
        lose(n);
    }
    if (strcmp(argv[1], "held_by_global_that_is_no_root") == 0) global = malloc(64);
    scrub();
    return global == (void *)1;
}
