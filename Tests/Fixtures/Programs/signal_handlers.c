// A timer's handler allocates and frees while main allocates, so that it often interrupts malloc itself.
//
// What glibc does here is not allowed, and yet safe as written: the handler uses one size only, which the thread's cache
// holds from the start and main never asks for, so that both touch different lists. A tracker must do no worse.
#include "checksum.h"
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum { size = 1000, depth = 3, enough = 1000 };

static atomic_int handled;
static _Atomic uint64_t wrong;

static void handle(int number) {
    (void)number;
    char *blocks[depth];
    for (int i = 0; i < depth; i++) {
        blocks[i] = malloc(size);
        memset(blocks[i], 0x5A, size);
    }
    for (int i = 0; i < depth; i++) {
        wrong += blocks[i][size - 1] != 0x5A;
        free(blocks[i]);
    }
    handled++;
}

int main(void) {
    char *cached[depth];
    for (int i = 0; i < depth; i++) cached[i] = malloc(size);
    for (int i = 0; i < depth; i++) free(cached[i]);
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval every = {.it_interval = {.tv_usec = 500}, .it_value = {.tv_usec = 500}}, never = {0};
    setitimer(ITIMER_REAL, &every, NULL);
    uint64_t sum = 1;
    unsigned char *blocks[64] = {0};
    // Main asks for sizes below 512 only.
    for (uint64_t i = 0; i < 2000000 || handled < enough; i++) {
        int place = (int)(i * 7 % 64);
        free(blocks[place]);
        size_t length = (i * 31) % 500 + 1;
        blocks[place] = malloc(length);
        blocks[place][0] = blocks[place][length - 1] = (unsigned char)i;
        if (i < 2000000) checksum_mix(&sum, blocks[place][0]);
    }
    setitimer(ITIMER_REAL, &never, NULL);
    for (int i = 0; i < 64; i++) free(blocks[i]);
    checksum_mix(&sum, wrong);
    return checksum_print("signal_handlers", sum);
}
