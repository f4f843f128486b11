#define _GNU_SOURCE
#include "process_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

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
