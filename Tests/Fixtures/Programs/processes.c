// fork, vfork, posix_spawn and exec, with allocations on both sides and a second thread that allocates meanwhile. Run
// with the argument `child` it is the program that the others start; with `exec` it replaces itself at its end.
#include "checksum.h"
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static atomic_int done;
static uint64_t sum = 1;

static void *allocate(void *unused) {
    // A fixed amount of work, so that totals can be compared.
    for (int i = 0; i < 200000; i++) free(malloc((size_t)i % 300));
    atomic_store(&done, 1);
    return unused;
}

static int status_of(pid_t pid) {
    int status = 0;
    waitpid(pid, &status, 0);
    checksum_mix(&sum, (uint64_t)(unsigned)status);
    return status;
}

int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "child") == 0) {
        char *text = strdup("a child's block");
        int status = (int)strlen(text) + 5;
        free(text);
        return status;
    }
    pthread_t thread;
    pthread_create(&thread, NULL, allocate, NULL);
    char *child_arguments[] = {arguments[0], "child", NULL};
    char *before = malloc(1000);
    strcpy(before, "kept");
    for (int i = 0; i < 20; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            // Freed here, and still there in the parent.
            free(before);
            void *mine[100];
            for (int k = 0; k < 100; k++) mine[k] = malloc(100);
            for (int k = 0; k < 100; k++) free(mine[k]);
            if (i % 2) exit(i);
            _exit(i);
        }
        status_of(pid);
        pid = vfork();
        if (pid == 0) {
            execv(arguments[0], child_arguments);
            _exit(99);
        }
        status_of(pid);
        if (posix_spawn(&pid, arguments[0], NULL, NULL, child_arguments, environ) != 0) return 1;
        status_of(pid);
        pid = fork();
        if (pid == 0) {
            execv(arguments[0], child_arguments);
            _exit(99);
        }
        status_of(pid);
    }
    pthread_join(thread, NULL);
    checksum_mix(&sum, (uint64_t)strlen(before) + (uint64_t)atomic_load(&done));
    free(before);
    int failed = checksum_print("processes", sum);
    if (count > 1 && strcmp(arguments[1], "exec") == 0) {
        fflush(stdout);
        execv(arguments[0], child_arguments);
        return 98;
    }
    return failed;
}
