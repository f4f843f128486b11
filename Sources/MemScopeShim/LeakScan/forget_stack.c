#include "memscope_shim.h"

enum { BYTES = 16 << 10 };

// In a frame of its own, which the calls that follow use again.
__attribute__((noinline)) void memscope_forget_stack(void) {
    volatile char room[BYTES];
    for (unsigned i = 0; i < BYTES; i++) room[i] = 0;
}
