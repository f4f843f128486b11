#define _GNU_SOURCE
#include "configuration.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "decimal.h"
#include "instance.h"

struct memscope_configuration memscope_configuration = {
    .segments = 512, .export_keep = 3, .output = "memscope-report", .leak_roots = MEMSCOPE_ROOTS_USUAL};

static __thread int detached __attribute__((tls_model("initial-exec")));

void memscope_detach_from_files(void) {
    detached = syscall(SYS_close_range, 0, ~0u, CLOSE_RANGE_UNSHARE) == 0;
    (void)unshare(CLONE_FS);
    // Numbers that code we call may write to without asking.
    for (int file = 0; detached && file < 3; file++) (void)!open("/dev/null", O_RDWR | O_CLOEXEC);
}

// The program's standard error as a descriptor of the calling thread's own table.
static int open_standard_error(void) {
    int process = (int)syscall(SYS_pidfd_open, getpid(), 0);
    int file = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, STDERR_FILENO, 0);
    if (process >= 0) close(process);
    if (file >= 0) return file;
    char path[48] = "/proc/";
    size_t length = 6 + memscope_decimal(path + 6, (uint64_t)getpid());
    memcpy(path + length, "/fd/2", 6);
    return open(path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
}

void memscope_standard_error_borrow(void) {
    int file = detached ? open_standard_error() : -1;
    if (file < 0) return;
    dup2(file, STDERR_FILENO);
    close(file);
}

void memscope_standard_error_return(void) {
    int file = detached ? open("/dev/null", O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    dup2(file, STDERR_FILENO);
    close(file);
}

void memscope_say(const char *text, const char *detail) {
    struct iovec parts[] = {
        {.iov_base = (void *)"memscope: ", .iov_len = 10},
        {.iov_base = (void *)text, .iov_len = strlen(text)},
        {.iov_base = (void *)(detail ? detail : ""), .iov_len = detail ? strlen(detail) : 0},
        {.iov_base = (void *)"\n", .iov_len = 1},
    };
    int saved = errno;
    int file = STDERR_FILENO;
    if (detached) file = open_standard_error();
    (void)!writev(file, parts, 4);
    if (detached && file >= 0) close(file);
    errno = saved;
}

static void copy(char *target, size_t room, const char *source) {
    size_t length = strlen(source);
    if (length >= room) length = room - 1;
    memcpy(target, source, length);
    target[length] = 0;
}

// The program may go elsewhere before anything is written.
static void make_absolute(char *path, size_t room) {
    char here[4096];
    if (path[0] == '/' || path[0] == 0 || !getcwd(here, sizeof here) || here[0] != '/') return;
    size_t length = strlen(here), rest = strlen(path);
    if (length + 1 + rest >= room) return;
    memmove(path + length + 1, path, rest + 1);
    memcpy(path, here, length);
    path[length] = '/';
}

static int signal_named(const char *name) {
    static const struct { const char *name; int number; } names[] = {
        {"HUP", SIGHUP}, {"USR1", SIGUSR1}, {"USR2", SIGUSR2}, {"WINCH", SIGWINCH}, {"ALRM", SIGALRM},
        {"VTALRM", SIGVTALRM}, {"PROF", SIGPROF}, {"IO", SIGIO}, {"PWR", SIGPWR},
    };
    if (strncmp(name, "SIG", 3) == 0) name += 3;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i].name) == 0) return names[i].number;
    return 0;
}

// "90", "90s", "10m", "2h" or "500ms" in milliseconds; 0 for nonsense.
static uint64_t duration(const char *text) {
    char *end;
    unsigned long long number = strtoull(text, &end, 10);
    if (end == text || number > UINT32_MAX) return 0;
    if (*end == 0 || strcmp(end, "s") == 0) return number * 1000;
    if (strcmp(end, "ms") == 0) return number;
    if (strcmp(end, "m") == 0) return number * 60000;
    if (strcmp(end, "h") == 0) return number * 3600000;
    return 0;
}

// DIR/NAME-PID for a process below the one that `memscope run` started.
static void use_directory_of_its_own(void) {
    char *output = memscope_configuration.output;
    char executable[4096];
    ssize_t bytes = readlink("/proc/self/exe", executable, sizeof executable - 1);
    if (bytes <= 0) return;
    executable[bytes] = 0;
    const char *name = strrchr(executable, '/');
    name = name ? name + 1 : executable;
    size_t length = strlen(output);
    if (length + strlen(name) + 32 > sizeof memscope_configuration.output) return;
    output[length++] = '/';
    memcpy(output + length, name, strlen(name));
    length += strlen(name);
    output[length++] = '-';
    memscope_decimal(output + length, (uint64_t)getpid());
    mkdir(output, 0777);
}

// The tool that came with the preload library.
static void find_tool(void) {
    char *cli = memscope_configuration.cli;
    Dl_info library;
    if (cli[0] || !memscope_this_is_preload() || !dladdr((void *)&memscope_instance_v1, &library)) return;
    const char *name = strrchr(library.dli_fname, '/');
    if (!name || (size_t)(name - library.dli_fname) + 16 > sizeof memscope_configuration.cli) return;
    memcpy(cli, library.dli_fname, (size_t)(name - library.dli_fname));
    strcpy(cli + (name - library.dli_fname), "/memscope");
    if (access(cli, X_OK) != 0) cli[0] = 0;
}

static void read_leak_options(struct memscope_configuration *c) {
    const char *value = getenv("MEMSCOPE_LEAKS"), *lsan = getenv("LSAN_OPTIONS");
    if (value && *value && strcmp(value, "0") != 0) {
        if (strcmp(value, "1") == 0) c->leaks = MEMSCOPE_LEAKS_UNREACHABLE;
        else if (strcmp(value, "graph") == 0) c->leaks = MEMSCOPE_LEAKS_GRAPH;
        else memscope_say("no search for leaks: MEMSCOPE_LEAKS must be 1 or graph, not ", value);
    }
    if (lsan) memscope_root_classes_parse_lsan(lsan, &c->leak_roots);
    value = getenv("MEMSCOPE_LEAK_ROOTS");
    c->leak_roots_are_given = lsan || value;
    if (value && *value && !memscope_root_classes_parse(value, &c->leak_roots))
        memscope_say("MEMSCOPE_LEAK_ROOTS must be a list of stacks, registers, globals, tls, mappings and unaligned, or of changes "
                     "such as -stacks,+unaligned, not ", value);
    if ((value = getenv("MEMSCOPE_SUPPRESSIONS"))) copy(c->suppressions, sizeof c->suppressions, value);
    make_absolute(c->suppressions, sizeof c->suppressions);
    value = getenv("MEMSCOPE_BUILTIN_SUPPRESSIONS");
    c->without_builtin_suppressions = value && strcmp(value, "0") == 0;
    if ((value = getenv("MEMSCOPE_ERROR_EXITCODE"))) {
        unsigned long status = strtoul(value, NULL, 10);
        if (status >= 1 && status <= 255) c->leak_status = (int)status;
        else memscope_say("MEMSCOPE_ERROR_EXITCODE must be a number from 1 to 255, not ", value);
    }
}

static void read_ownership(struct memscope_configuration *c, const char *value) {
    bool is_selection = memscope_selection_read(value) != MEMSCOPE_LEDGER_MODE_OFF;
    c->ownership_is_given = is_selection || strcmp(value, "0") == 0;
    if (is_selection) copy(c->ownership, sizeof c->ownership, value);
    else if (strlen(value) >= sizeof c->ownership) memscope_say("MEMSCOPE_OWNERSHIP must be shorter than 4096 bytes", NULL);
    else if (!c->ownership_is_given)
        memscope_say("MEMSCOPE_OWNERSHIP must be 0, all, sampled:N, types:NAME,... or scopes:NAME,..., not ", value);
}

void memscope_configuration_read(void) {
    struct memscope_configuration *c = &memscope_configuration;
    const char *mode = getenv("MEMSCOPE"), *value;
    if ((value = getenv("MEMSCOPE_OUTPUT"))) copy(c->output, sizeof c->output, value);
    make_absolute(c->output, sizeof c->output);
    if ((value = getenv("MEMSCOPE_CLI"))) copy(c->cli, sizeof c->cli, value);
    if ((value = getenv("MEMSCOPE_BACKPRESSURE"))) {
        c->drop = strcmp(value, "drop") == 0;
        c->drop_is_given = c->drop || strcmp(value, "wait") == 0;
        if (!c->drop_is_given)
            memscope_say("MEMSCOPE_BACKPRESSURE must be 'wait' or 'drop', not ", value);
    }
    if ((value = getenv("MEMSCOPE_RING_BYTES"))) {
        unsigned long long segments = strtoull(value, NULL, 10) / 65536;
        c->segments_are_given = segments >= 16 && segments <= 65536;
        if (c->segments_are_given) c->segments = (uint32_t)segments;
        else memscope_say("MEMSCOPE_RING_BYTES must be between 1048576 and 4294967296, not ", value);
    }
    if ((value = getenv("MEMSCOPE_EXPORT_SIGNAL")) && !(c->export_signal = signal_named(value)))
        memscope_say("MEMSCOPE_EXPORT_SIGNAL must be HUP, USR1, USR2, WINCH, ALRM, VTALRM, PROF, IO or PWR, not ", value);
    if ((value = getenv("MEMSCOPE_EXPORT_EVERY")) && !(c->export_every = duration(value)))
        memscope_say("MEMSCOPE_EXPORT_EVERY must be a time such as 30s, 10m or 2h, not ", value);
    if ((value = getenv("MEMSCOPE_EXPORT_KEEP"))) {
        unsigned long keep = strtoul(value, NULL, 10);
        if (keep >= 1 && keep <= 1000000) c->export_keep = (uint32_t)keep;
        else memscope_say("MEMSCOPE_EXPORT_KEEP must be a number from 1, not ", value);
    }
    if ((value = getenv("MEMSCOPE_CUSTODY")) && *value) {
        c->custody = strcmp(value, "1") == 0;
        c->custody_is_given = c->custody || strcmp(value, "0") == 0;
        if (!c->custody_is_given) memscope_say("MEMSCOPE_CUSTODY must be 0 or 1, not ", value);
    }
    read_leak_options(c);
    if ((value = getenv("MEMSCOPE_OWNERSHIP")) && *value) read_ownership(c, value);
    find_tool();
    if (!mode || !*mode || strcmp(mode, "0") == 0) return;
    if (strcmp(mode, "1") == 0) {
        c->start_at_load = true;
    } else if (strcmp(mode, "run") == 0) {
        const char *parent = getenv("MEMSCOPE_RUN_PID"), *follow = getenv("MEMSCOPE_FOLLOW");
        bool is_child = parent && (long)getppid() == strtol(parent, NULL, 10);
        c->start_at_load = c->under_run = is_child || (follow && strcmp(follow, "1") == 0);
        if (c->start_at_load && !is_child) use_directory_of_its_own();
    } else {
        memscope_say("MEMSCOPE must be 0 or 1, not ", mode);
    }
    c->capture_at_end = c->start_at_load && memscope_this_is_preload();
}
