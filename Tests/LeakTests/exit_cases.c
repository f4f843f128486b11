// How a program ends, and what is held then.
#include <signal.h>
#include <unistd.h>

#include "leak_cases.h"

static void *chain(int n) {
    void **last = NULL;
    for (int i = 0; i < n; i++) {
        void **block = malloc(64);
        *block = last;
        last = block;
    }
    return last;
}

// Deep enough for what is left on the stack to be overwritten.
__attribute__((noinline)) static void lose(int n) { (void)chain(n); }

__attribute__((noinline)) static void leave(void) {
    scrub();
    exit(0);
}

// Whoever calls exit has not returned: his variables hold what they hold.
int main(int argc, char **argv) {
    if (argc != 3) return 2;
    int n = atoi(argv[2]);
    if (strcmp(argv[1], "lost_when_main_returns") == 0) {
        void *volatile last = chain(n);
        scrub();
        return last == NULL;
    }
    if (strcmp(argv[1], "held_when_main_exits") == 0) {
        void *volatile last = chain(n);
        scrub();
        exit(last == NULL);
    }
    if (strcmp(argv[1], "held_when_callee_exits") == 0) {
        void *volatile last = chain(n);
        leave();
        return last == NULL;
    }
#if defined(__x86_64__)
    if (strcmp(argv[1], "held_in_saved_register") == 0) {
        register uintptr_t turned = hidden(chain(n));
        scrub();
        __asm__ volatile("movq %0, %%rbx\n\tnotq %%rbx\n\tcallq *%1" : : "r"(turned), "r"(leave) : "rbx", "memory");
        return 0;
    }
#endif
    if (strcmp(argv[1], "lost_at_quick_exit") == 0) {
        lose(n);
        scrub();
        quick_exit(0);
    }
    if (strcmp(argv[1], "lost_at__exit") == 0) {
        lose(n);
        scrub();
        _exit(0);
    }
    return 2;
}
