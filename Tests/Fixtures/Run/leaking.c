// Loses as many blocks as the first argument says, and then ends as the second one does: `exit=N`, `signal=N`, or `check`, which has leaks
// looked for before and exits with 0.
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void __lsan_do_leak_check(void) __attribute__((weak));

__attribute__((noinline)) static void lose(int count) {
    for (int i = 0; i < count; i++) {
        void *volatile block = malloc(64);
        memset(block, 1, 64);
        block = NULL;
    }
}

// What calls have left on the stack is written over.
__attribute__((noinline)) static void scrub(void) {
    volatile char bytes[16384];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = 0;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    lose(atoi(argv[1]));
    scrub();
    int number = atoi(strchr(argv[2], '=') ? strchr(argv[2], '=') + 1 : "0");
    if (strncmp(argv[2], "signal", 6) == 0) kill(getpid(), number);
    if (strcmp(argv[2], "check") == 0 && __lsan_do_leak_check) __lsan_do_leak_check();
    exit(number);
}
