#define _GNU_SOURCE
#include "world_ptrace.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "world_arch.h"
#include "world_room.h"

enum { NOT_HELD = -1, EVENT_STOP = 128 };
static const uint64_t second = 1000000000;

static const char forbidden[] =
    "ptrace is not permitted here: the threads were stopped by a signal, and calls that waited may have returned EINTR";
static const char deadly[] =
    "whoever calls ptrace is killed here: the threads were stopped by a signal, and calls that waited may have returned EINTR";
static const char no_helper[] =
    "no helper process could be made: the threads were stopped by a signal, and calls that waited may have returned EINTR";
static const char too_late[] =
    "a thread did not stop for ptrace in time: they were stopped by a signal, and calls that waited may have returned EINTR";
static const char no_room[] = "more threads were started than there was room for";

static void wait_for_change(uint32_t *word, uint32_t from, unsigned milliseconds) {
    struct timespec limit = {.tv_nsec = (long)milliseconds * 1000000};
    memscope_system_call(SYS_futex, (long)word, FUTEX_WAIT, from, (long)&limit);
}

// Not if the helper is gone.
static void change(uint32_t *word, uint32_t from, uint32_t to) {
    if (__atomic_compare_exchange_n(word, &from, to, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        memscope_system_call(SYS_futex, (long)word, FUTEX_WAKE, 1, 0);
}

// The helper ------------------------------------------------------------------------------------------------------------

static long trace(long request, int32_t tid, long address, const void *_Nullable data) {
    return memscope_system_call(SYS_ptrace, request, tid, address, (long)data);
}

static bool get_registers(int32_t tid, long set, uint64_t *words, size_t *count) {
    struct iovec place = {.iov_base = words, .iov_len = *count * 8};
    if (trace(PTRACE_GETREGSET, tid, set, &place) < 0) return false;
    *count = place.iov_len / 8;
    return true;
}

static void read_registers(struct memscope_stopped_thread *thread) {
    size_t general = MEMSCOPE_WORLD_GENERAL_WORDS, vector = MEMSCOPE_WORLD_REGISTER_WORDS - general;
    // Killed meanwhile, or else they can be read.
    if (!get_registers(thread->tid, 1 /* NT_PRSTATUS */, thread->registers, &general)) return;
    if (!get_registers(thread->tid, MEMSCOPE_WORLD_VECTOR_SET, thread->registers + general, &vector)) vector = 0;
    thread->stack_pointer = memscope_world_stack_pointer(thread->registers);
    thread->frame = memscope_world_frame(thread->registers);
    thread->thread_pointer = memscope_world_thread_pointer(thread->tid, thread->registers);
    thread->register_words = (uint32_t)(general + vector);
    uint64_t changed[MEMSCOPE_WORLD_GENERAL_WORDS];
    memcpy(changed, thread->registers, sizeof changed);
    if (!memscope_world_restart_call(changed)) return;
    struct iovec place = {.iov_base = changed, .iov_len = sizeof changed};
    trace(PTRACE_SETREGSET, thread->tid, 1, &place);
}

// Until the thread stands still or has ended. Each stop and each end sends the helper SIGCHLD, which it keeps blocked.
static const char *_Nullable await(struct memscope_world_room *room, struct memscope_stopped_thread *thread) {
    const uint64_t child = UINT64_C(1) << (SIGCHLD - 1);
    const struct timespec patience = {.tv_nsec = 5000000};
    for (;;) {
        int status = 0;
        long got = memscope_system_call(SYS_wait4, thread->tid, (long)&status, __WALL | WNOHANG, 0);
        if (got == thread->tid && WIFSTOPPED(status)) {
            // A stop that is not the one we asked for is a signal about to be delivered. It has been taken off the
            // queue; the thread gets it when it is let go.
            thread->taken_signal = status >> 16 == EVENT_STOP ? 0 : WSTOPSIG(status);
            read_registers(thread);
            return NULL;
        }
        if (got != 0) break;
        if (memscope_system_call(SYS_rt_sigtimedwait, (long)&child, 0, (long)&patience, 8) > 0) continue;
        // A main thread that ended before the others is not reported until they have, too.
        if (memscope_thread_list_life(&room->list, thread->tid) == MEMSCOPE_THREAD_ENDED) break;
        if (memscope_world_clock() > room->helper.deadline) return too_late;
    }
    memscope_thread_list_forget(&room->list, thread->tid);
    return NULL;
}

// One pass through the list: what is new is stopped. The stops are asked for first, then waited for, so that they overlap.
// @param quiet Whether nothing was new: a thread that ended before it could be stopped may have started another.
static const char *_Nullable stop_new(struct memscope_world *world, bool *quiet) {
    struct memscope_thread_list *list = &world->room->list;
    uint32_t first = world->count;
    memscope_thread_list_rewind(list);
    *quiet = true;
    for (int32_t tid; (tid = memscope_thread_list_next_new(list));) {
        *quiet = false;
        if (world->count == world->capacity) return no_room;
        long result = trace(PTRACE_SEIZE, tid, 0, NULL);
        if (result == 0) {
            struct memscope_stopped_thread *thread = &world->threads[world->count++];
            thread->tid = tid;
            thread->register_words = 0;
            thread->taken_signal = NOT_HELD;
            trace(PTRACE_INTERRUPT, tid, 0, NULL);
            continue;
        }
        // "Not permitted" is also said of a thread that has ended.
        enum memscope_thread_life state = memscope_thread_list_life(list, tid);
        if (state == MEMSCOPE_THREAD_LIVES) return forbidden;
        if (state == MEMSCOPE_THREAD_ENDED) memscope_thread_list_forget(list, tid);
    }
    // The requester has gone, and with it whoever would let the threads go.
    if (!list->saw_requester) return too_late;
    for (uint32_t i = first; i < world->count; i++) {
        const char *complaint = await(world->room, &world->threads[i]);
        if (complaint) return complaint;
    }
    return NULL;
}

// Twice nothing new must be found: while a list is read, a worker of the kernel's that ends can hide what follows it.
static const char *_Nullable stop_all(struct memscope_world *world) {
    for (int quiet_passes = 0; quiet_passes < 2;) {
        bool quiet;
        const char *complaint = stop_new(world, &quiet);
        if (complaint) return complaint;
        quiet_passes = quiet ? quiet_passes + 1 : 0;
        if (memscope_world_clock() > world->room->helper.deadline) return too_late;
    }
    return NULL;
}

static bool requester_lives(const struct memscope_world_room *room) {
    return memscope_system_call(SYS_getppid, 0, 0, 0, 0) == room->list.process &&
           memscope_system_call(SYS_tgkill, room->list.process, room->list.requester, 0, 0) == 0;
}

static void await_state(struct memscope_world_room *room, uint32_t from) {
    while (__atomic_load_n(&room->helper.state, __ATOMIC_ACQUIRE) == from && requester_lives(room))
        wait_for_change(&room->helper.state, from, 20);
}

static void help(void *info) {
    struct memscope_world *world = info;
    struct memscope_world_room *room = world->room;
    // A filter that kills for ptrace must not have the program's memory dumped; 1 also keeps it from a dump handler.
    const struct rlimit no_dump = {.rlim_cur = 1, .rlim_max = 1};
    memscope_system_call(SYS_prlimit64, 0, RLIMIT_CORE, (long)&no_dump, 0);
    // The program may ignore SIGCHLD, and then it would not come. Actions are not shared with it; this is a default one.
    const uint64_t action[4] = {0};
    memscope_system_call(SYS_rt_sigaction, SIGCHLD, (long)action, 0, 8);
    await_state(room, MEMSCOPE_HELPER_MADE);
    world->began = memscope_world_clock();
    room->helper.complaint = stop_all(world);
    if (!room->helper.complaint) {
        change(&room->helper.state, MEMSCOPE_HELPER_STOPS, MEMSCOPE_HELPER_HOLDS);
        await_state(room, MEMSCOPE_HELPER_HOLDS);
    }
    // Those that are seized but do not stand still yet the kernel lets go when the helper ends.
    for (uint32_t i = 0; i < world->count; i++)
        if (world->threads[i].taken_signal != NOT_HELD)
            trace(PTRACE_DETACH, world->threads[i].tid, 0, (const void *)(intptr_t)world->threads[i].taken_signal);
    for (;;) memscope_system_call(SYS_exit, 0, 0, 0, 0);
}

// The requester ---------------------------------------------------------------------------------------------------------

static bool read_text(const char *path, char *text, size_t bytes) {
    long file = memscope_system_call(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0) return false;
    long got = memscope_system_call(SYS_read, file, (long)text, (long)bytes - 1, 0);
    memscope_system_call(SYS_close, file, 0, 0, 0);
    text[got > 0 ? got : 0] = 0;
    return got > 0;
}

// Before Linux 5.16 a process that a filter kills takes along all that share its memory: that would be the program.
static bool can_be_deadly(void) {
    struct utsname system;
    if (memscope_system_call(SYS_uname, (long)&system, 0, 0, 0) < 0) return true;
    int major = 0, minor = 0;
    const char *at = system.release;
    for (; *at >= '0' && *at <= '9'; at++) major = major * 10 + (*at - '0');
    if (*at == '.') at++;
    for (; *at >= '0' && *at <= '9'; at++) minor = minor * 10 + (*at - '0');
    if (major > 5 || (major == 5 && minor >= 16)) return false;
    char status[4096];
    return !read_text("/proc/self/status", status, sizeof status) || !strstr(status, "\nSeccomp:\t0\n");
}

// Where Yama lets only an ancestor trace, a process names the one that may besides. Where it does not, a crash reporter
// that the program has named must stay named.
static void permit(int32_t process) {
    char scope[8];
    if (read_text("/proc/sys/kernel/yama/ptrace_scope", scope, sizeof scope) && scope[0] != '0')
        memscope_system_call(SYS_prctl, PR_SET_PTRACER, process, 0, 0);
}

// Waits until the state is no longer `from`; a helper that does not get on is killed, whereupon the threads are let go.
static uint32_t await_helper(struct memscope_helper *helper, uint32_t from, uint64_t until) {
    for (;;) {
        uint32_t state = __atomic_load_n(&helper->state, __ATOMIC_ACQUIRE);
        if (state != from) return state;
        if (memscope_world_clock() > until) memscope_system_call(SYS_kill, helper->process, SIGKILL, 0, 0);
        wait_for_change(&helper->state, from, 100);
    }
}

static void bury(struct memscope_helper *helper) {
    while (memscope_system_call(SYS_wait4, helper->process, 0, __WALL, 0) == -EINTR) {}
}

const char *memscope_ptrace_stop(struct memscope_world *world) {
    struct memscope_helper *helper = &world->room->helper;
    if (can_be_deadly()) return deadly;
    helper->state = MEMSCOPE_HELPER_MADE;
    // Set again only by a helper that lived on to say what is wrong.
    helper->complaint = deadly;
    helper->deadline = memscope_world_clock() + second;
    // Without an exit signal: the program's SIGCHLD handler and its wait() never hear of the helper.
    const unsigned long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_UNTRACED | CLONE_CHILD_CLEARTID;
    long process = memscope_world_clone(flags, helper->stack + sizeof helper->stack, &helper->state, help, world);
    if (process < 0) return no_helper;
    helper->process = (int32_t)process;
    permit(helper->process);
    change(&helper->state, MEMSCOPE_HELPER_MADE, MEMSCOPE_HELPER_STOPS);
    if (await_helper(helper, MEMSCOPE_HELPER_STOPS, helper->deadline + second / 2) == MEMSCOPE_HELPER_HOLDS) return NULL;
    bury(helper);
    return helper->complaint;
}

void memscope_ptrace_release(struct memscope_world *world) {
    struct memscope_helper *helper = &world->room->helper;
    change(&helper->state, MEMSCOPE_HELPER_HOLDS, MEMSCOPE_HELPER_RELEASES);
    await_helper(helper, MEMSCOPE_HELPER_RELEASES, memscope_world_clock() + 10 * second);
    bury(helper);
}
