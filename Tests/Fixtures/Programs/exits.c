// Leaves a known number of live blocks and ends in the way its argument names: return, exit, _exit, _Exit, quick_exit,
// abort, segv, term, kill, thread (another thread calls exit).
#include "checksum.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *leave(void *unused) {
    (void)unused;
    exit(15);
}

int main(int count, char **arguments) {
    const char *way = count > 1 ? arguments[1] : "return";
    static char *kept[10];
    uint64_t sum = 1;
    for (int i = 0; i < 10; i++) {
        kept[i] = malloc(1000);
        memset(kept[i], i, 1000);
        checksum_mix(&sum, (uint64_t)kept[i][500]);
    }
    if (checksum_print("exits", sum)) return 1;
    fflush(stdout);
    if (strcmp(way, "exit") == 0) exit(10);
    if (strcmp(way, "_exit") == 0) _exit(11);
    if (strcmp(way, "_Exit") == 0) _Exit(12);
    if (strcmp(way, "quick_exit") == 0) quick_exit(13);
    if (strcmp(way, "abort") == 0) abort();
    if (strcmp(way, "segv") == 0) *(volatile int *)8 = 1;
    if (strcmp(way, "term") == 0) raise(SIGTERM);
    if (strcmp(way, "kill") == 0) raise(SIGKILL);
    if (strcmp(way, "thread") == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, leave, NULL);
        pthread_join(thread, NULL);
    }
    return 14;
}
