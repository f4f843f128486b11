// Programs that pull the ground away: descriptors, directories, root, user, session. 20 blocks of 1501 bytes stay.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"

static void *idle(void *unused) {
    pause();
    return unused;
}

// The lowest free descriptor is what open must give, however often one looks.
static int descriptors_are_ours(void) {
    for (int i = 0; i < 300000; i++) {
        int file = open("/dev/null", O_RDONLY);
        if (file != 3) return 0;
        close(file);
        if (i % 64 == 0) churn(1, 1502);
    }
    return 1;
}

int main(int count, char **arguments) {
    const char *what = count > 1 ? arguments[1] : "";
    for (int i = 0; i < 20; i++) make(1501);
    usleep(30000);
    if (strcmp(what, "descriptors") == 0) {
        printf("lowest: %d\n", descriptors_are_ours());
    } else if (strcmp(what, "close_all") == 0) {
        for (int i = 3; i < 4096; i++) close(i);
        churn(50000, 1502);
        for (int i = 0; i < 3; i++) close(i);
        usleep(50000);
        return open("/dev/null", O_RDWR) == 0 && dup(0) == 1 && dup(0) == 2 ? 5 : 6;
    } else if (strcmp(what, "standard_closed") == 0) {
        // A reader at the other end of our standard output must see its end when we close it.
        int ends[2];
        if (pipe(ends) != 0) return 1;
        pid_t child = fork();
        if (child == 0) {
            close(ends[1]);
            char byte;
            _exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
        }
        close(ends[0]);
        usleep(30000);
        close(ends[1]);
        int status = -1;
        waitpid(child, &status, 0);
        printf("end of file: %d\n", status);
    } else if (strcmp(what, "daemon") == 0) {
        printf("into the background\n");
        fflush(stdout);
        if (daemon(0, 1) != 0) return 1;
        churn(100, 1502);
        return 0;
    } else if (strcmp(what, "two_forks") == 0) {
        // As daemons do it themselves.
        fflush(stdout);
        if (fork() != 0) _exit(0);
        setsid();
        if (fork() != 0) _exit(0);
        churn(100, 1502);
        return 0;
    } else if (strcmp(what, "chdir") == 0) {
        if (chdir("/") != 0) return 1;
    } else if (strcmp(what, "chroot") == 0) {
        mkdir("/tmp/empty-root", 0755);
        printf("chroot %d\n", chroot("/tmp/empty-root") == 0 && chdir("/") == 0);
        rmdir("/tmp/empty-root");
    } else if (strcmp(what, "setuid") == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, idle, NULL);
        printf("groups %d\n", setgroups(0, NULL));
        printf("gid %d\n", setresgid(65534, 65534, 65534));
        printf("uid %d\n", setresuid(65534, 65534, 65534));
        printf("%d %d\n", (int)getuid(), setuid(0) == 0);
    } else if (strcmp(what, "namespace") == 0) {
        printf("mounts %d\n", unshare(CLONE_NEWNS));
    } else if (strcmp(what, "limit") == 0) {
        // A quarter of the address space that most programs would ask for.
        struct rlimit limit = {(rlim_t)1 << 30, (rlim_t)1 << 30};
        printf("limit %d\n", setrlimit(RLIMIT_AS, &limit));
        fflush(stdout);
        execl("/proc/self/exe", "surroundings", "limited", NULL);
    } else if (strcmp(what, "limited") == 0) {
        size_t got = 0;
        while (got < 40 && make((size_t)10 << 20)) got++;
        printf("400 MiB: %d\n", got == 40);
    } else if (strcmp(what, "file_size") == 0) {
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){512, 512});
    } else if (strcmp(what, "blocked") == 0) {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, NULL);
    } else if (strcmp(what, "killed") == 0) {
        churn(1000, 1502);
        kill(getpid(), SIGKILL);
    }
    return 0;
}
