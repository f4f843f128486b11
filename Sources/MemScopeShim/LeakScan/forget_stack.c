#include "memscope_shim.h"

enum { PIECE = 2048 };

// Frames of its own, one below the other, which the calls that follow use again.
__attribute__((noinline)) void memscope_forget_stack(uint32_t bytes) {
    volatile char room[PIECE];
    for (unsigned i = 0; i < PIECE; i++) room[i] = 0;
    if (bytes > PIECE) memscope_forget_stack(bytes - PIECE);
    // What is done after the call keeps it from becoming a jump, which would use the same frame again.
    room[0] = 1;
}
