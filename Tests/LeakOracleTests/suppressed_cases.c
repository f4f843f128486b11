// A program that defines what LeakSanitizer asks for: what it suppresses, and options.
#include <stdio.h>
#include <stdlib.h>

__attribute__((used)) const char *__lsan_default_suppressions(void) { return "# of a library\nleak:lose_on_purpose\n"; }

__attribute__((noinline)) static void lose_on_purpose(void) {
    void *volatile block = malloc(32);
    block = NULL;
    (void)block;
}

__attribute__((noinline)) static void lose(void) {
    void *volatile block = malloc(32);
    block = NULL;
    (void)block;
}

__attribute__((noinline)) static void scrub(void) {
    volatile char bytes[1 << 12];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = 0;
}

int main(int argc, char **argv) {
    (void)argv;
    lose_on_purpose();
    if (argc > 1) lose();
    scrub();
    return 0;
}
