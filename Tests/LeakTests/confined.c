// Starts a program where something is forbidden, as containers and service managers do it.
//
//   confined [RULE]… -- PROGRAM [ARGUMENT]…
//
//   no-copy            no process can be made; threads can
//   no-child           no copy of the process can be made; a helper that shares its memory can
//   few-processes=N    a user of its own, of whom there may be N processes and threads
//   no-ptrace          ptrace is not permitted
//   deadly-ptrace      whoever calls ptrace is killed
//   own-proc           no privileges, in new user and PID namespaces with a /proc of their own
//   old-proc           the same with the /proc from outside
//
// Ends as the program does, or with 77 where the kernel refuses to make namespaces, and says so.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REFUSED = 77, BROKEN = 78 };

static void fail(const char *what) {
    perror(what);
    exit(BROKEN);
}

static void refuse(const char *what) {
    printf("the kernel refuses %s: %s\n", what, strerror(errno));
    exit(REFUSED);
}

static void install(struct sock_filter *filter, unsigned short length) {
    struct sock_fprog program = {.len = length, .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) fail("seccomp");
}
#define INSTALL(filter) install(filter, sizeof filter / sizeof *filter)

static void answer_ptrace(unsigned action) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    INSTALL(filter);
}

// clone with none of these flags is refused; clone3 is not there, so that the C library uses clone.
static void refuse_clone_without(unsigned flags) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, flags, 2, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAGAIN),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    INSTALL(filter);
}

static void limit_processes(const char *number) {
    // Somebody of whom there is nothing else.
    uid_t user = 1000000 + (uid_t)getpid() % 1000000;
    struct rlimit limit = {.rlim_cur = strtoul(number, NULL, 10), .rlim_max = strtoul(number, NULL, 10)};
    if (getuid() != 0) {
        printf("only root can become somebody else\n");
        exit(REFUSED);
    }
    if (setrlimit(RLIMIT_NPROC, &limit) != 0 || setresgid(user, user, user) != 0 || setresuid(user, user, user) != 0) fail("user");
}

static void write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY);
    if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text)) refuse(path);
    close(file);
}

// Inside, what follows is the first process; it has no capabilities once it has executed a program, because it is not root there.
static void enter_namespaces(int own_proc) {
    char users[64], groups[64];
    snprintf(users, sizeof users, "1000 %d 1", (int)getuid());
    snprintf(groups, sizeof groups, "1000 %d 1", (int)getgid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) != 0) refuse("user namespaces");
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", users);
    write_file("/proc/self/gid_map", groups);
    pid_t inside = fork();
    if (inside < 0) fail("fork");
    if (inside > 0) {
        int status;
        if (waitpid(inside, &status, 0) != inside) fail("waitpid");
        exit(WIFEXITED(status) ? WEXITSTATUS(status) : BROKEN);
    }
    if (own_proc && mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) refuse("a /proc of the namespace's own");
}

int main(int argc, char **argv) {
    int at = 1;
    for (; at < argc && strcmp(argv[at], "--") != 0; at++) {
        const char *rule = argv[at];
        if (strcmp(rule, "no-copy") == 0) refuse_clone_without(CLONE_THREAD);
        else if (strcmp(rule, "no-child") == 0) refuse_clone_without(CLONE_THREAD | CLONE_VM | 0xff /* an exit signal */);
        else if (strncmp(rule, "few-processes=", 14) == 0) limit_processes(rule + 14);
        else if (strcmp(rule, "no-ptrace") == 0) answer_ptrace(SECCOMP_RET_ERRNO | EPERM);
        else if (strcmp(rule, "deadly-ptrace") == 0) answer_ptrace(SECCOMP_RET_KILL_PROCESS);
        else if (strcmp(rule, "own-proc") == 0) enter_namespaces(1);
        else if (strcmp(rule, "old-proc") == 0) enter_namespaces(0);
        else return BROKEN;
    }
    fflush(stdout);
    if (at + 1 >= argc) return BROKEN;
    execvp(argv[at + 1], argv + at + 1);
    fail(argv[at + 1]);
}
