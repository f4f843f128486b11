#define _GNU_SOURCE
#include "world_tasks.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../Lifecycle/decimal.h"
#include "../Unwind/arch.h"

// As the kernel's header has it; the C library's copy needs a DIR.
struct entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
};

static int32_t number_of(const char *text) {
    int32_t number = 0;
    for (; *text >= '0' && *text <= '9'; text++) number = number * 10 + (*text - '0');
    return *text ? 0 : number;
}

bool memscope_tasks_open(struct memscope_tasks *tasks) {
    tasks->process = (int32_t)memscope_system_call(SYS_getpid, 0, 0, 0, 0);
    tasks->requester = (int32_t)memscope_system_call(SYS_gettid, 0, 0, 0, 0);
    tasks->directory = tasks->state_file = -1;
    tasks->filled = tasks->at = 0;
    char self[16] = {0};
    long length = memscope_system_call(SYS_readlinkat, AT_FDCWD, (long)"/proc/self", (long)self, sizeof self - 1);
    if (length <= 0 || number_of(self) != tasks->process) return false;
    tasks->directory = (int32_t)memscope_system_call(SYS_openat, AT_FDCWD, (long)"/proc/self/task",
                                                     O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    return tasks->directory >= 0;
}

static void close_file(int32_t *file) {
    if (*file >= 0) memscope_system_call(SYS_close, *file, 0, 0, 0);
    *file = -1;
}

void memscope_tasks_close(struct memscope_tasks *tasks) {
    close_file(&tasks->directory);
    close_file(&tasks->state_file);
}

void memscope_tasks_rewind(struct memscope_tasks *tasks) {
    memscope_system_call(SYS_lseek, tasks->directory, 0, SEEK_SET, 0);
    tasks->filled = tasks->at = 0;
    tasks->saw_requester = false;
}

int32_t memscope_tasks_next(struct memscope_tasks *tasks) {
    for (;;) {
        if (tasks->at >= tasks->filled) {
            long bytes = memscope_system_call(SYS_getdents64, tasks->directory, (long)tasks->buffer,
                                              sizeof tasks->buffer, 0);
            if (bytes <= 0) return 0;
            tasks->filled = (uint32_t)bytes;
            tasks->at = 0;
        }
        const struct entry *entry = (const struct entry *)(tasks->buffer + tasks->at);
        tasks->at += entry->length;
        int32_t tid = number_of(entry->name);
        if (tid == tasks->requester) tasks->saw_requester = true;
        else if (tid > 0) return tid;
    }
}

// Where a thread is, else where it may be put: the first place on its way whose thread has ended, else a free one.
static int32_t *place_of(struct memscope_tasks *tasks, int32_t tid) {
    uint32_t first = (uint32_t)tid * 0x9e3779b1u;
    int32_t *ended = NULL, *place = tasks->met;
    for (uint32_t i = 0; i <= tasks->mask; i++) {
        place = tasks->met + ((first + i) & tasks->mask);
        if (*place == tid) return place;
        if (*place == 0) break;
        if (*place < 0 && !ended) ended = place;
    }
    return ended ? ended : place;
}

int32_t memscope_tasks_next_new(struct memscope_tasks *tasks) {
    for (int32_t tid; (tid = memscope_tasks_next(tasks));) {
        int32_t *place = place_of(tasks, tid);
        if (*place == tid) continue;
        *place = tid;
        return tid;
    }
    return 0;
}

void memscope_tasks_forget(struct memscope_tasks *tasks, int32_t tid) {
    if (tid == tasks->process) return;
    int32_t *place = place_of(tasks, tid);
    if (*place == tid) *place = -1;
}

void memscope_tasks_forget_all(struct memscope_tasks *tasks) {
    memset(tasks->met, 0, (tasks->mask + (size_t)1) * sizeof *tasks->met);
}

// The text of TID/stat is "tid (name) state parent group session terminal group flags …", and a name may have
// parentheses.
static enum memscope_task_state state_in(const char *text, const char *end) {
    enum { KERNEL_WORKER = 0x10, FIELDS_TO_FLAGS = 6 };
    const char *at = end;
    while (at > text && at[-1] != ')') at--;
    if (at == text || end - at < 2) return MEMSCOPE_TASK_LIVES;
    if (at[1] == 'Z' || at[1] == 'X') return MEMSCOPE_TASK_ENDED;
    at += 2;
    for (int field = 0; field < FIELDS_TO_FLAGS && at < end; at++) field += *at == ' ';
    uint64_t flags = 0;
    for (; at < end && *at >= '0' && *at <= '9'; at++) flags = flags * 10 + (uint64_t)(*at - '0');
    return flags & KERNEL_WORKER ? MEMSCOPE_TASK_KERNEL_WORKER : MEMSCOPE_TASK_LIVES;
}

enum memscope_task_state memscope_tasks_state(struct memscope_tasks *tasks, int32_t tid) {
    char path[32], text[512];
    size_t length = memscope_decimal(path, (uint64_t)tid);
    memcpy(path + length, "/stat", 6);
    tasks->state_file = (int32_t)memscope_system_call(SYS_openat, tasks->directory, (long)path, O_RDONLY | O_CLOEXEC, 0);
    if (tasks->state_file == -ENOENT) return MEMSCOPE_TASK_ENDED;
    if (tasks->state_file < 0) return MEMSCOPE_TASK_LIVES;
    long bytes = memscope_system_call(SYS_read, tasks->state_file, (long)text, sizeof text, 0);
    close_file(&tasks->state_file);
    // Ended between the two calls.
    return bytes <= 0 ? MEMSCOPE_TASK_ENDED : state_in(text, text + bytes);
}
