// Copies of the process, made in every way there is. Before the copy 10 blocks of 1001 bytes are made, in the copy
// 1002, afterwards in the parent 1003; half of each are freed.
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

extern char **environ;
static void *before[10];

static void blocks(size_t size) {
    void *made[10];
    for (int i = 0; i < 10; i++) made[i] = make(size);
    for (int i = 0; i < 5; i++) free(made[i]);
    if (size == 1001) memcpy(before, made, sizeof made);
}

static void end_of_child(const char *how) {
    blocks(1002);
    free(before[5]);  // the parent's block, in the copy
    if (strcmp(how, "exit") == 0) exit(7);
    _exit(7);
}

static void report(pid_t child) {
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    printf("child ended with %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

int main(int count, char **arguments) {
    const char *how = count > 1 ? arguments[1] : "fork", *ending = count > 2 ? arguments[2] : "_exit";
    char *const echo[] = {"/bin/echo", "from the other program", NULL};
    blocks(1001);
    fflush(stdout);
    pid_t child = 0;
    if (strcmp(how, "fork") == 0) {
        if ((child = fork()) == 0) end_of_child(ending);
    } else if (strcmp(how, "_Fork") == 0) {
        if ((child = _Fork()) == 0) end_of_child("_exit");
    } else if (strcmp(how, "clone") == 0) {
        if ((child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)) == 0) end_of_child("_exit");
    } else if (strcmp(how, "vfork") == 0) {
        if ((child = vfork()) == 0) {
            execve(echo[0], echo, environ);
            _exit(9);
        }
    } else if (strcmp(how, "vfork_exit") == 0) {
        if ((child = vfork()) == 0) _exit(7);
    } else if (strcmp(how, "spawn") == 0) {
        if (posix_spawn(&child, echo[0], NULL, NULL, echo, environ) != 0) return 1;
    } else if (strcmp(how, "exec") == 0) {
        execve(echo[0], echo, environ);
        return 1;
    } else if (strcmp(how, "exec_self") == 0) {
        // The image that follows under the same process id is the one whose capture counts.
        execl("/proc/self/exe", arguments[0], "fork", NULL);
        return 1;
    } else if (strcmp(how, "many") == 0) {
        for (int i = 0; i < 200; i++) {
            if ((child = fork()) == 0) end_of_child("_exit");
            int status;
            waitpid(child, &status, 0);
        }
        if ((child = fork()) == 0) end_of_child("_exit");
    }
    report(child);
    blocks(1003);
    // Only the child that was forked may be known to us.
    printf("no more children: %d\n", waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
    return 3;
}
