#define _GNU_SOURCE
#include "process_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../Lifecycle/configuration.h"

extern char **environ;

pid_t memscope_process_copy(void) { return (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, NULL); }

void memscope_process_copy_keep_quiet(void) {
    // The copy holds the program's sockets and pipes; their peers must not wait for us to close them.
    syscall(SYS_close_range, 3, ~0u, 0);
    // If memory runs out, let it be ours that goes.
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
        (void)!write(file, "1000", 4);
        close(file);
    }
}

int memscope_process_copy_wait(pid_t copy, unsigned milliseconds) {
    int status = 0;
    for (unsigned waited = 0;; waited++) {
        pid_t result = wait4(copy, &status, __WALL | WNOHANG, NULL);
        if (result == copy) return WIFEXITED(status) ? WEXITSTATUS(status) : -EFAULT;
        if (result < 0 && errno != EINTR) return -ECHILD;
        if (waited > milliseconds) {
            kill(copy, SIGKILL);
            wait4(copy, &status, __WALL, NULL);
            return -ETIMEDOUT;
        }
        usleep(1000);
    }
}

static _Noreturn void become_tool(const char *const *arguments, int output) {
    // The tool's standard error is the program's, as far as the caller has it.
    if (output >= 0) dup2(output, 1);
    memscope_process_copy_keep_quiet();
    sigset_t none;
    sigemptyset(&none);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
    int null = open("/dev/null", O_RDWR);
    if (null >= 0) {
        dup2(null, 0);
        if (output < 0) dup2(null, 1);
    }
    // Not itself tracked.
    char **kept = environ;
    for (char **variable = environ; *variable; variable++)
        if (strncmp(*variable, "LD_PRELOAD=", 11) != 0 && strncmp(*variable, "MEMSCOPE", 8) != 0) *kept++ = *variable;
    *kept = NULL;
    const char *whole[16] = {memscope_configuration.cli};
    for (int i = 0; i < 14 && arguments[i]; i++) whole[i + 1] = arguments[i];
    execve(memscope_configuration.cli, (char **)whole, environ);
    for (;;) syscall(SYS_exit_group, 127);
}

int memscope_tool_run(const char *const *arguments, int output) {
    pid_t copy = memscope_process_copy();
    if (copy == 0) become_tool(arguments, output);
    return copy > 0 ? memscope_process_copy_wait(copy, 600000) : -EAGAIN;
}
