#define _GNU_SOURCE
#include "world_threads.h"

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

bool memscope_thread_list_open(struct memscope_thread_list *list) {
    list->process = (int32_t)memscope_system_call(SYS_getpid, 0, 0, 0, 0);
    list->requester = (int32_t)memscope_system_call(SYS_gettid, 0, 0, 0, 0);
    list->directory = list->state_file = -1;
    list->filled = list->at = 0;
    char self[16] = {0};
    long length = memscope_system_call(SYS_readlinkat, AT_FDCWD, (long)"/proc/self", (long)self, sizeof self - 1);
    if (length <= 0 || number_of(self) != list->process) return false;
    list->directory = (int32_t)memscope_system_call(SYS_openat, AT_FDCWD, (long)"/proc/self/task",
                                                     O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    return list->directory >= 0;
}

static void close_file(int32_t *file) {
    if (*file >= 0) memscope_system_call(SYS_close, *file, 0, 0, 0);
    *file = -1;
}

void memscope_thread_list_close(struct memscope_thread_list *list) {
    close_file(&list->directory);
    close_file(&list->state_file);
}

void memscope_thread_list_rewind(struct memscope_thread_list *list) {
    memscope_system_call(SYS_lseek, list->directory, 0, SEEK_SET, 0);
    list->filled = list->at = 0;
    list->saw_requester = false;
}

int32_t memscope_thread_list_next(struct memscope_thread_list *list) {
    for (;;) {
        if (list->at >= list->filled) {
            long bytes = memscope_system_call(SYS_getdents64, list->directory, (long)list->buffer,
                                              sizeof list->buffer, 0);
            if (bytes <= 0) return 0;
            list->filled = (uint32_t)bytes;
            list->at = 0;
        }
        const struct entry *entry = (const struct entry *)(list->buffer + list->at);
        list->at += entry->length;
        int32_t tid = number_of(entry->name);
        if (tid == list->requester) list->saw_requester = true;
        else if (tid > 0) return tid;
    }
}

// Where a thread is, else where it may be put: the first place on its way whose thread has ended, else a free one.
static int32_t *place_of(struct memscope_thread_list *list, int32_t tid) {
    uint32_t first = (uint32_t)tid * 0x9e3779b1u;
    int32_t *ended = NULL, *place = list->met;
    for (uint32_t i = 0; i <= list->mask; i++) {
        place = list->met + ((first + i) & list->mask);
        if (*place == tid) return place;
        if (*place == 0) break;
        if (*place < 0 && !ended) ended = place;
    }
    return ended ? ended : place;
}

int32_t memscope_thread_list_next_new(struct memscope_thread_list *list) {
    for (int32_t tid; (tid = memscope_thread_list_next(list));) {
        int32_t *place = place_of(list, tid);
        if (*place == tid) continue;
        *place = tid;
        return tid;
    }
    return 0;
}

void memscope_thread_list_forget(struct memscope_thread_list *list, int32_t tid) {
    if (tid == list->process) return;
    int32_t *place = place_of(list, tid);
    if (*place == tid) *place = -1;
}

void memscope_thread_list_forget_all(struct memscope_thread_list *list) {
    memset(list->met, 0, (list->mask + (size_t)1) * sizeof *list->met);
}

// The text of TID/stat is "tid (name) state parent group session terminal group flags …", and a name may have
// parentheses.
static enum memscope_thread_life state_in(const char *text, const char *end) {
    enum { KERNEL_WORKER = 0x10, FIELDS_TO_FLAGS = 6 };
    const char *at = end;
    while (at > text && at[-1] != ')') at--;
    if (at == text || end - at < 2) return MEMSCOPE_THREAD_LIVES;
    if (at[1] == 'Z' || at[1] == 'X') return MEMSCOPE_THREAD_ENDED;
    at += 2;
    for (int field = 0; field < FIELDS_TO_FLAGS && at < end; at++) field += *at == ' ';
    uint64_t flags = 0;
    for (; at < end && *at >= '0' && *at <= '9'; at++) flags = flags * 10 + (uint64_t)(*at - '0');
    return flags & KERNEL_WORKER ? MEMSCOPE_THREAD_KERNEL_WORKER : MEMSCOPE_THREAD_LIVES;
}

enum memscope_thread_life memscope_thread_list_life(struct memscope_thread_list *list, int32_t tid) {
    char path[32], text[512];
    size_t length = memscope_decimal(path, (uint64_t)tid);
    memcpy(path + length, "/stat", 6);
    list->state_file = (int32_t)memscope_system_call(SYS_openat, list->directory, (long)path, O_RDONLY | O_CLOEXEC, 0);
    if (list->state_file == -ENOENT) return MEMSCOPE_THREAD_ENDED;
    if (list->state_file < 0) return MEMSCOPE_THREAD_LIVES;
    long bytes = memscope_system_call(SYS_read, list->state_file, (long)text, sizeof text, 0);
    close_file(&list->state_file);
    // Ended between the two calls.
    return bytes <= 0 ? MEMSCOPE_THREAD_ENDED : state_in(text, text + bytes);
}
