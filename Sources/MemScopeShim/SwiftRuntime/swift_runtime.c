#define _GNU_SOURCE
#include "swift_runtime.h"

#include <dlfcn.h>
#include <string.h>

#include "metadata.h"
#include "task.h"
#include "task_layout.h"

struct memscope_swift_runtime memscope_swift_runtime;

/// What is looked up, in the order of `symbol_names`.
enum symbol {
    TASK_CURRENT,
    TASK_LOCAL_GET,
    JOB_RUN,
    TASK_CREATE,
    LAYOUT_VERSION,
    TASK_SIZE,
    SLAB_METADATA,
    POOL_POINTER,
    SYMBOL_COUNT,
};

static const char *const symbol_names[SYMBOL_COUNT] = {
    [TASK_CURRENT] = "swift_task_getCurrent",
    [TASK_LOCAL_GET] = "swift_task_localValueGet",
    [JOB_RUN] = "swift_job_run",
    [TASK_CREATE] = "swift_task_create_common",
    [LAYOUT_VERSION] = "_swift_concurrency_debug_internal_layout_version",
    [TASK_SIZE] = "_swift_concurrency_debug_asyncTaskSize",
    [SLAB_METADATA] = "_swift_concurrency_debug_asyncTaskSlabMetadata",
    [POOL_POINTER] = "_swift_debug_allocationPoolPointer",
};

// Weak, so that a program without Swift Concurrency, or without Swift, still links and runs.
#define WEAK __attribute__((weak, visibility("default")))
WEAK extern char swift_task_getCurrent[], swift_task_localValueGet[], swift_job_run[], swift_task_create_common[];
WEAK extern char _swift_concurrency_debug_internal_layout_version[], _swift_concurrency_debug_asyncTaskSize[];
WEAK extern char _swift_concurrency_debug_asyncTaskSlabMetadata[];
WEAK extern char _swift_debug_allocationPoolPointer[];

static void find_linked(struct memscope_static_symbol *symbols)
{
    const char *const addresses[SYMBOL_COUNT] = {
        [TASK_CURRENT] = swift_task_getCurrent,
        [TASK_LOCAL_GET] = swift_task_localValueGet,
        [JOB_RUN] = swift_job_run,
        [TASK_CREATE] = swift_task_create_common,
        [LAYOUT_VERSION] = _swift_concurrency_debug_internal_layout_version,
        [TASK_SIZE] = _swift_concurrency_debug_asyncTaskSize,
        [SLAB_METADATA] = _swift_concurrency_debug_asyncTaskSlabMetadata,
        [POOL_POINTER] = _swift_debug_allocationPoolPointer,
    };
    for (size_t i = 0; i < SYMBOL_COUNT; i++)
        symbols[i].address = (uintptr_t)addresses[i];
}

enum memscope_static_symbols_result memscope_swift_symbols_find(struct memscope_static_symbol *symbols, size_t count)
{
    Dl_info own, other;
    if (!dladdr((void *)&memscope_swift_runtime_find, &own))
        return MEMSCOPE_STATIC_SYMBOLS_UNREADABLE;
    for (size_t i = 0; i < count; i++) {
        void *found = dlsym(RTLD_DEFAULT, symbols[i].name);
        if (found && dladdr(found, &other) && other.dli_fbase != own.dli_fbase)
            symbols[i].address = (uintptr_t)found;
    }
    return symbols[0].address ? MEMSCOPE_STATIC_SYMBOLS_READ : memscope_static_symbols_find(symbols, count);
}

static uintptr_t pointer_at(uintptr_t address)
{
    return memscope_in_module(address, sizeof address) ? *(const uintptr_t *)address : 0;
}

/// The runtime resumes a task by loading its context into r14 and calling its resume function, both from the task:
///
///     mov  r14, [task + 0x40]
///     call [task + 0x38]
///     sub  rsp, 8            ; an async callee pops its own slot
///
/// So the bytes before a return address prove what it is, in a stripped program too. Returns the number found.
static size_t find_executor_returns(uintptr_t job_run, uintptr_t *returns, size_t capacity)
{
#if defined(__x86_64__)
    enum { WINDOW = 64 * 1024, LONGEST = 10 };
    struct memscope_range text = memscope_range_of(job_run);
    uintptr_t start = job_run - text.start > WINDOW ? job_run - WINDOW : text.start + LONGEST;
    uintptr_t end = text.end - job_run > WINDOW ? job_run + WINDOW : text.end - 4;
    size_t count = 0;
    for (uintptr_t at = start; at < end && count < capacity; at++) {
        static const uint8_t restore[] = {0x48, 0x83, 0xec, 0x08};
        const uint8_t *code = (const uint8_t *)at;
        if (code[0] != restore[0] || memcmp(code, restore, sizeof restore) != 0)
            continue;
        if (code[-1] != TASK_RESUME_FUNCTION)
            continue;
        // Base r12 needs one more byte in both instructions.
        bool long_form = code[-2] == 0x24 && code[-3] == 0x54;
        const uint8_t *call = code - (long_form ? 4 : 3);
        uint8_t base = long_form ? 4 : call[1] & 7;
        if (call[0] != 0xff || (call[1] & 0xf8) != 0x50)
            continue;
        bool extended = call[-1] == 0x41;
        const uint8_t *load = call - (extended ? 1 : 0) - (long_form ? 5 : 4);
        if ((load[0] & 0xfe) != 0x4c || load[1] != 0x8b || (load[2] & 0xf8) != 0x70 || (load[2] & 7) != base)
            continue;
        if ((load[0] & 1) == extended && load[long_form ? 4 : 3] == TASK_RESUME_CONTEXT)
            returns[count++] = at;
    }
    return count;
#else
    (void)job_run;
    (void)returns;
    (void)capacity;
    return 0;
#endif
}

static const char *_Nullable check(const struct memscope_static_symbol *symbols)
{
    if (!symbols[TASK_CURRENT].address)
        return "The program does not use Swift Concurrency, or hides its runtime.";
    if (!memscope_in_module(symbols[LAYOUT_VERSION].address, 4) || !memscope_in_module(symbols[TASK_SIZE].address, 8))
        return "This Swift runtime does not tell the layout of its tasks.";
    if (*(const uint32_t *)symbols[LAYOUT_VERSION].address != TASK_LAYOUT_VERSION
        || *(const uint64_t *)symbols[TASK_SIZE].address != TASK_SIZE_KNOWN)
        return "This Swift runtime lays out its tasks in a way that this version of MemScope does not know.";
    return NULL;
}

void memscope_swift_runtime_find(bool preloaded)
{
    struct memscope_swift_runtime *runtime = &memscope_swift_runtime;
    struct memscope_static_symbol symbols[SYMBOL_COUNT] = {0};
    for (size_t i = 0; i < SYMBOL_COUNT; i++)
        symbols[i].name = symbol_names[i];
    *runtime = (struct memscope_swift_runtime){0};
    enum memscope_static_symbols_result file = MEMSCOPE_STATIC_SYMBOLS_READ;
    if (preloaded)
        file = memscope_swift_symbols_find(symbols, SYMBOL_COUNT);
    else
        find_linked(symbols);

    runtime->pool_record = (const void *)pointer_at(symbols[POOL_POINTER].address);
    memscope_metadata_set_pool_record(runtime->pool_record);
    if (file == MEMSCOPE_STATIC_SYMBOLS_STRIPPED)
        runtime->unavailable = "The program has no symbol table, so a Swift runtime linked statically into it cannot be found.";
    else
        runtime->unavailable = check(symbols);
    if (runtime->unavailable)
        return;

    runtime->task_current = (void *(*)(void))symbols[TASK_CURRENT].address;
    runtime->task_local_get = (const void *(*)(const void *))symbols[TASK_LOCAL_GET].address;
    runtime->task_slab_metadata = pointer_at(symbols[SLAB_METADATA].address);
    memscope_metadata_set_task_slab(runtime->task_slab_metadata);
    runtime->job_run = symbols[JOB_RUN].address;
    if (memscope_is_code(runtime->job_run))
        runtime->executor_return_count = find_executor_returns(runtime->job_run, runtime->executor_returns, MEMSCOPE_EXECUTOR_RETURNS);
    uintptr_t start, end;
    if (memscope_is_code(symbols[TASK_CREATE].address) && memscope_cfi_function(symbols[TASK_CREATE].address, &start, &end)) {
        runtime->task_create_start = start;
        runtime->task_create_end = end;
    }
}

/// Whether the function that swift_job_run hands a job to contains one of the resumptions that were found.
static bool job_run_reaches_a_resumption(void)
{
#if defined(__x86_64__)
    const uint8_t *code = (const uint8_t *)memscope_swift_runtime.job_run;
    for (size_t i = 0; i < 0x100; i++) {
        if (code[i] != 0xe8) // call with a relative target
            continue;
        int32_t offset;
        memcpy(&offset, code + i + 1, sizeof offset);
        uintptr_t target = (uintptr_t)(code + i + 5) + (intptr_t)offset;
        for (size_t r = 0; r < memscope_swift_runtime.executor_return_count; r++)
            if (memscope_swift_runtime.executor_returns[r] - target < 0x400)
                return true;
    }
#endif
    return false;
}

bool memscope_swift_runtime_self_test(void)
{
    struct memscope_swift_runtime *runtime = &memscope_swift_runtime;
    if (runtime->unavailable)
        return false;
    const char *failed = NULL;
    if (!memscope_in_module(runtime->job_run, 0x110) || !job_run_reaches_a_resumption())
        failed = "The code of this Swift runtime that resumes tasks was not recognised.";
    const void *task = runtime->task_current();
    if (!failed && task && !memscope_task_is_running(task))
        failed = "The words of the running task are not those of a running task.";
    if (!failed)
        return true;
    runtime->unavailable = failed;
    runtime->task_current = NULL;
    runtime->task_local_get = NULL;
    runtime->executor_return_count = 0;
    return false;
}
