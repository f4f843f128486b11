#define _GNU_SOURCE
#include "world_signals.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stddef.h>

#include "world_arch.h"
#include "world_room.h"

bool memscope_world_signals_only;

enum { SIGNAL = 33, RESTORER = 0x04000000 };
static const uint64_t second = 1000000000;

// As the kernel takes it: the C library's function refuses this signal.
struct action {
    void (*_Nullable handler)(int, siginfo_t *, void *);
    unsigned long flags;
    void (*_Nullable restorer)(void);
    uint64_t mask;
};

// Odd while threads are held, and never the same twice: a thread that is late to leave is not held once more.
static uint32_t gate;
// Threads between having looked at the gate and having stored their registers: the room must stay as long.
static uint32_t storing;
static struct memscope_stopped_thread *_Nullable room;
static uint32_t room_capacity;
// What stood for the signal before us. `stays`: a thread did not answer, so that a signal of ours may still come, which
// the default action would have kill the program.
static struct action before;
static bool stays;

__attribute__((naked)) static void return_from_signal(void) { __asm__ volatile(MEMSCOPE_WORLD_SIGNAL_RETURN); }

static long set_action(const struct action *_Nullable action, struct action *_Nullable old) {
    return memscope_system_call(SYS_rt_sigaction, SIGNAL, (long)action, (long)old, 8);
}

static void futex(uint32_t *word, int operation, uint32_t value, const struct timespec *_Nullable limit) {
    memscope_system_call(SYS_futex, (long)word, operation | FUTEX_PRIVATE_FLAG, value, (long)limit);
}

static void store_registers(struct memscope_stopped_thread *thread, const ucontext_t *context) {
    thread->stack_pointer = memscope_world_interrupted_stack(context);
    thread->frame = memscope_world_interrupted_frame(context);
    thread->thread_pointer = memscope_world_own_thread_pointer();
    size_t words = memscope_world_interrupted_registers(context, thread->registers, MEMSCOPE_WORLD_REGISTER_WORDS);
    __atomic_store_n(&thread->register_words, (uint32_t)words, __ATOMIC_RELEASE);
    futex(&thread->register_words, FUTEX_WAKE, 1, NULL);
}

static void stand_still(uint32_t index, const ucontext_t *context) {
    __atomic_fetch_add(&storing, 1, __ATOMIC_SEQ_CST);
    uint32_t closed = __atomic_load_n(&gate, __ATOMIC_SEQ_CST);
    // A signal of an earlier stop, which this thread is only now open to, finds no place of its own here.
    bool is_held = closed & 1 && index < room_capacity &&
                   room[index].tid == (int32_t)memscope_system_call(SYS_gettid, 0, 0, 0, 0) &&
                   room[index].register_words == 0;
    if (is_held) store_registers(&room[index], context);
    __atomic_fetch_sub(&storing, 1, __ATOMIC_SEQ_CST);
    while (is_held && __atomic_load_n(&gate, __ATOMIC_ACQUIRE) == closed) futex(&gate, FUTEX_WAIT, closed, NULL);
}

// Ours says its place in the room in the lower half of the value it carries, and the cookie in the upper one.
static uint64_t value_for(uint32_t index) { return (uint64_t)0x4d656d53 << 32 | index; }

// No function that it calls touches errno: there is nothing to keep.
static void on_signal(int number, siginfo_t *info, void *context) {
    uint64_t value = (uint64_t)(uintptr_t)info->si_value.sival_ptr;
    if (info->si_code == SI_QUEUE && value >> 32 == value_for(0) >> 32) {
        stand_still((uint32_t)value, context);
        return;
    }
    struct action theirs = before;
    if (theirs.handler && theirs.handler != (void *)SIG_IGN) theirs.handler(number, info, context);
}

static void install(void) {
    const struct action ours = {.handler = on_signal, .flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK | RESTORER,
                                .restorer = return_from_signal, .mask = UINT64_MAX};
    struct action old;
    set_action(NULL, &old);
    if (old.handler == on_signal) return;
    before = old;
    set_action(&ours, NULL);
}

static void uninstall(void) {
    struct action standing;
    if (!stays && set_action(NULL, &standing) == 0 && standing.handler == on_signal) set_action(&before, NULL);
}

// 0, or a negative error number.
static long send(const struct memscope_thread_list *list, int32_t tid, uint32_t index) {
    siginfo_t info = {.si_signo = SIGNAL, .si_code = SI_QUEUE};
    info.si_pid = list->process;
    info.si_value.sival_ptr = (void *)(uintptr_t)value_for(index);
    return memscope_system_call(SYS_rt_tgsigqueueinfo, list->process, tid, SIGNAL, (long)&info);
}

static bool is_late(const struct memscope_world *world) { return memscope_world_clock() > world->room->signal_deadline; }

// Until the thread has answered or has ended. False: it has not in time.
static bool await(const struct memscope_world *world, struct memscope_stopped_thread *thread) {
    const struct timespec patience = {.tv_nsec = 5000000};
    while (__atomic_load_n(&thread->register_words, __ATOMIC_ACQUIRE) == 0) {
        futex(&thread->register_words, FUTEX_WAIT, 0, &patience);
        if (__atomic_load_n(&thread->register_words, __ATOMIC_ACQUIRE) != 0) break;
        enum memscope_thread_life state = memscope_thread_list_life(&world->room->list, thread->tid);
        if (state == MEMSCOPE_THREAD_ENDED) memscope_thread_list_forget(&world->room->list, thread->tid);
        // A worker of the kernel's is open to no signal, and needs none.
        if (state != MEMSCOPE_THREAD_LIVES) break;
        if (is_late(world)) return false;
    }
    return true;
}

// One pass through the list: what is new is sent the signal, then waited for.
// @param quiet Whether nothing was new: a thread that ended before it could be stopped may have started another.
static const char *_Nullable signal_new(struct memscope_world *world, bool *quiet) {
    static const char no_answer[] = "a thread did not answer the signal that was to stop it in time";
    struct memscope_thread_list *list = &world->room->list;
    uint32_t first = world->count;
    memscope_thread_list_rewind(list);
    *quiet = true;
    for (int32_t tid; (tid = memscope_thread_list_next_new(list));) {
        *quiet = false;
        if (world->count == world->capacity) return "more threads were started than there was room for";
        struct memscope_stopped_thread *thread = &world->threads[world->count];
        thread->register_words = 0;
        thread->tid = tid;
        long result;
        // The queue of pending signals may be full for a moment.
        while ((result = send(list, tid, world->count)) == -EAGAIN && !is_late(world))
            memscope_system_call(SYS_sched_yield, 0, 0, 0, 0);
        if (result == 0) world->count++;
        else if (result == -ESRCH) memscope_thread_list_forget(list, tid);
        else return "a thread could not be sent the signal that was to stop it";
    }
    for (uint32_t i = first; i < world->count; i++)
        if (!await(world, &world->threads[i])) return no_answer;
    return NULL;
}

const char *_Nullable memscope_signals_stop(struct memscope_world *world) {
    room = world->threads;
    room_capacity = world->capacity;
    world->room->signal_deadline = memscope_world_clock() + second;
    install();
    __atomic_fetch_add(&gate, 1, __ATOMIC_SEQ_CST);
    const char *complaint = NULL;
    // Twice nothing new must be found: while a list is read, a worker of the kernel's that ends can hide what follows it.
    for (int quiet_passes = 0; quiet_passes < 2 && !complaint;) {
        bool quiet;
        complaint = signal_new(world, &quiet);
        quiet_passes = quiet ? quiet_passes + 1 : 0;
        if (!complaint && is_late(world)) complaint = "threads were started faster than they could be stopped";
    }
    if (complaint) {
        stays = true;
        memscope_signals_release();
    }
    return complaint;
}

void memscope_signals_release(void) {
    __atomic_fetch_add(&gate, 1, __ATOMIC_SEQ_CST);
    futex(&gate, FUTEX_WAKE, INT_MAX, NULL);
    while (__atomic_load_n(&storing, __ATOMIC_SEQ_CST) != 0) memscope_system_call(SYS_sched_yield, 0, 0, 0, 0);
    uninstall();
}
