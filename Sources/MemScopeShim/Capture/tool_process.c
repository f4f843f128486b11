#define _GNU_SOURCE
#include "tool_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../LeakScan/memory_map.h"
#include "../Lifecycle/configuration.h"
#include "process_copy.h"

extern char **environ;

static void set_mask(uint64_t mask) { syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, 8); }

static _Noreturn void end(int status) {
    for (;;) syscall(SYS_exit_group, status);
}

static _Noreturn void become_tool(const char *const *arguments, int output) {
    // The tool's standard error is the program's, as far as the caller has it.
    if (output >= 0) dup2(output, 1);
    memscope_process_copy_keep_quiet();
    set_mask(0);
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
    end(127);
}

struct range { uintptr_t start, end; };

// All of a range but for what is kept.
static void give_up(uintptr_t start, uintptr_t end, const struct range *kept, int count) {
    if (start >= end) return;
    if (count == 0) {
        madvise((void *)start, end - start, MADV_DONTNEED);
        return;
    }
    bool meets = kept->start < end && kept->end > start;
    give_up(start, meets ? kept->start : end, kept + 1, count - 1);
    if (meets) give_up(kept->end, end, kept + 1, count - 1);
}

static struct range around(uintptr_t address, uintptr_t bytes) {
    const uintptr_t page = 65536;  // no kernel's is larger
    return (struct range){.start = (address & ~(page - 1)) - page, .end = ((address + bytes + page - 1) & ~(page - 1)) + page};
}

// As long as a copy has the program's memory, the kernel gives the program another page for each that it writes to. One that only
// waits needs its stack and its thread-local storage; what belongs to files stays, for calls to go by.
static void give_up_memory(void) {
    struct memscope_memory_map map;
    if (!memscope_memory_map_read(&map)) return;
    const struct range kept[] = {
        around((uintptr_t)__builtin_frame_address(0), 0), around((uintptr_t)&errno, 0),
        around((uintptr_t)map.mappings, map.count * sizeof *map.mappings)};
    const uint32_t others = MEMSCOPE_MAPPING_SHARED | MEMSCOPE_MAPPING_FILE | MEMSCOPE_MAPPING_KERNEL;
    for (uint32_t i = 0; i < map.count; i++)
        if (!(map.mappings[i].flags & others)) give_up(map.mappings[i].start, map.mappings[i].end, kept, 3);
}

// The caller's handlers are the copy's, too: no signal may reach it. SIGCHLD ignored would be the tool's as well, and would leave
// nothing to wait for.
static _Noreturn void wait_for_tool(const char *const *arguments, int output) {
    set_mask(UINT64_MAX);
    const uint64_t default_action[4] = {0};
    syscall(SYS_rt_sigaction, SIGCHLD, default_action, NULL, 8);
    long self = syscall(SYS_getpid);
    pid_t tool = memscope_process_copy();
    if (tool == 0) {
        // A copy that waited too long is killed, and the tool with it; or it has been, before that could be asked for.
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || syscall(SYS_getppid) != self) end(127);
        become_tool(arguments, output);
    }
    if (tool < 0) end(127);
    memscope_process_copy_keep_quiet();
    // Nor must whoever reads what the program says wait for more from here.
    syscall(SYS_close_range, 0, 2, 0);
    give_up_memory();
    int status = 0;
    long ended;
    do ended = syscall(SYS_wait4, tool, &status, __WALL, NULL);
    while (ended < 0 && errno == EINTR);
    end(ended == tool && WIFEXITED(status) ? WEXITSTATUS(status) : 127);
}

int memscope_tool_run(const char *const *arguments, int output) {
    pid_t copy = memscope_process_copy();
    if (copy == 0) wait_for_tool(arguments, output);
    return copy > 0 ? memscope_process_copy_wait(copy, 600000) : -EAGAIN;
}
