#define _GNU_SOURCE
#include "thread.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../Attribution/context.h"
#include "../Ledger/events.h"
#include "../Lifecycle/decimal.h"
#include "../Lifecycle/drain_thread.h"
#include "../Lifecycle/lock.h"
#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"
#include "ring.h"
#include "segment_pool.h"

__thread struct memscope_thread_local memscope_local __attribute__((tls_model("initial-exec")));
struct memscope_ring *memscope_rings;

static memscope_lock lock;
static struct memscope_thread *free_threads;
static unsigned created_since_sweep;
static uint64_t untracked;
// What the threads counted whose state was given to another thread since.
static uint64_t retired_counters[MEMSCOPE_THREAD_COUNTERS];

extern void *__libc_stack_end __attribute__((weak));

// glibc puts a thread's control block at the top of its stack, whoever allocated the stack; the main thread's is
// elsewhere, but the dynamic linker remembers where its stack begins.
static uintptr_t stack_top(uint32_t tid) {
    if (tid == (uint32_t)getpid()) return &__libc_stack_end ? (uintptr_t)__libc_stack_end + 4096 : UINTPTR_MAX;
    return (uintptr_t)pthread_self();
}

static void keep_counters(struct memscope_thread *thread) {
    const uint64_t *counters = &thread->dropped;
    for (int i = 0; i < MEMSCOPE_THREAD_COUNTERS; i++) retired_counters[i] += counters[i];
}

static void mark_exited(uint32_t index) { memscope_engine.threads[index].exited = 1; }

static struct memscope_thread *map_thread(void) {
    struct memscope_thread *thread = memscope_map(sizeof *thread);
    if (!thread) return NULL;
    thread->ring.next = memscope_rings;
    __atomic_store_n(&memscope_rings, &thread->ring, __ATOMIC_RELEASE);
    return thread;
}

struct memscope_thread *memscope_thread_create(void) {
    int saved = errno;
    uint32_t tid = (uint32_t)syscall(SYS_gettid);
    memscope_lock_take(&lock);
    // The kernel reuses thread ids: a state that claims ours belongs to a thread that is gone.
    for (struct memscope_ring *ring = memscope_rings; ring; ring = ring->next) {
        struct memscope_thread *other = (struct memscope_thread *)ring;
        if (other->tid == tid && !other->retired) {
            other->tid = 0;
            mark_exited(other->index);
        }
    }
    struct memscope_thread *thread = free_threads;
    if (thread) free_threads = thread->next_free;
    else thread = map_thread();
    uint32_t index = memscope_engine.thread_count;
    if (thread && index < MEMSCOPE_THREADS) {
        memscope_engine.threads[index] = (struct memscope_thread_info){.tid = tid};
        __atomic_store_n(&memscope_engine.thread_count, index + 1, __ATOMIC_RELEASE);
    } else {
        index = MEMSCOPE_THREADS - 1;  // a million threads: the rest share the last row
    }
    if (thread) {
        thread->tid = tid;
        thread->index = index;
        thread->ring.thread = index;
        thread->stack_top = stack_top(tid);
        thread->depth = thread->async_depth = 0;
        thread->seed = 0;
        thread->latest_block = 0;
        thread->task = NULL;
        thread->runtime_caller = 0;
        thread->latest_chain = &memscope_no_chain;
        thread->retired = 0;
        __atomic_fetch_add(&created_since_sweep, 1, __ATOMIC_RELAXED);
    }
    memscope_lock_drop(&lock);
    // The first segment is taken here, so that the hooks find one always.
    if (thread && !(memscope_segment_pool_admit() && memscope_ring_refill(thread, MEMSCOPE_RING_EVENT_WORDS, false))) thread = NULL;
    if (thread) {
        thread->sync_scope = (struct memscope_thread_scope){0};
        thread->first_context = 0;
        thread->is_worker = MEMSCOPE_WORKER_UNKNOWN;
        thread->queue_site = 0;
        memscope_context_use(thread, 0, 0);
        memscope_local.state = thread;
    } else {
        memscope_local.without_state = 1;
        __atomic_fetch_add(&untracked, 1, __ATOMIC_RELAXED);
    }
    if (__atomic_load_n(&created_since_sweep, __ATOMIC_RELAXED) > 64) memscope_drain_wake_for_sweep();
    errno = saved;
    return thread;
}

void memscope_threads_sweep(void) {
    __atomic_store_n(&created_since_sweep, 0, __ATOMIC_RELAXED);
    int pid = getpid();
    for (struct memscope_ring *ring = __atomic_load_n(&memscope_rings, __ATOMIC_ACQUIRE); ring; ring = ring->next) {
        struct memscope_thread *thread = (struct memscope_thread *)ring;
        if (thread->retired) continue;
        if (thread->tid != 0 && (syscall(SYS_tgkill, pid, thread->tid, 0) == 0 || errno != ESRCH)) continue;
        struct memscope_segment *segment = ring->consumer;
        if (segment && (memscope_load_acquire(&segment->closed) || memscope_load_acquire(&segment->published) != segment->consumed))
            continue;  // not drained yet; next time
        // A holder that a fatal signal stopped waits for this thread: do not wait for it.
        if (!memscope_lock_take_within(&lock, 20)) return;
        mark_exited(thread->index);
        keep_counters(thread);
        memscope_contexts_end(thread->first_context);
        thread->first_context = 0;
        memscope_runs_return(thread);
        memscope_ledger_rows_return(thread);
        ring->consumer = NULL;
        thread->segment = NULL;
        thread->retired = 1;
        thread->tid = 0;
        thread->epoch = 0;
        thread->pending_count = 0;
        // The walk's arrays and the caches go back to the kernel; so do the counters, kept above.
        char *start = (char *)(((uintptr_t)&thread->checks + 4095) & ~(uintptr_t)4095);
        char *end = (char *)((uintptr_t)(thread + 1) & ~(uintptr_t)4095);
        madvise(start, (size_t)(end - start), MADV_DONTNEED);
        memset(&thread->dropped, 0, MEMSCOPE_THREAD_COUNTERS * sizeof(uint64_t));
        thread->next_free = free_threads;
        free_threads = thread;
        memscope_lock_drop(&lock);
        if (segment) {
            memscope_segment_give(segment);
            memscope_segment_pool_dismiss();
        }
    }
}

void memscope_threads_name(void) {
    uint32_t count = __atomic_load_n(&memscope_engine.thread_count, __ATOMIC_ACQUIRE);
    for (struct memscope_ring *ring = __atomic_load_n(&memscope_rings, __ATOMIC_ACQUIRE); ring; ring = ring->next) {
        struct memscope_thread *thread = (struct memscope_thread *)ring;
        if (thread->retired || thread->tid == 0 || thread->index >= count) continue;
        char path[64] = "/proc/self/task/";
        size_t length = memscope_decimal(path + 16, thread->tid) + 16;
        memcpy(path + length, "/comm", 6);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) continue;
        char name[16];
        ssize_t bytes = read(file, name, sizeof name);
        close(file);
        if (bytes <= 1) continue;
        name[bytes - 1] = 0;  // the newline
        memcpy(memscope_engine.threads[thread->index].name, name, sizeof name);
    }
}

uint64_t memscope_threads_untracked(void) { return __atomic_load_n(&untracked, __ATOMIC_RELAXED); }

uint64_t memscope_threads_sum(size_t offset) {
    uint64_t sum = retired_counters[(offset - offsetof(struct memscope_thread, dropped)) / sizeof(uint64_t)];
    for (struct memscope_ring *ring = __atomic_load_n(&memscope_rings, __ATOMIC_ACQUIRE); ring; ring = ring->next)
        sum += *(uint64_t *)((char *)ring + offset);
    return sum;
}
