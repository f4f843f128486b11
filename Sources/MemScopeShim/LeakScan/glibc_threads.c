#define _GNU_SOURCE
#include "glibc_threads.h"

#include <dlfcn.h>
#include <pthread.h>

#include "../Capture/guarded_read.h"

static struct {
    bool tried, known;
    /// Of `struct pthread`: its size, and offsets in it.
    size_t size, list, dynamic_storage, stack;
    /// Heads of the lists.
    uintptr_t used, user, cached;
    size_t static_storage;
    /// A thread that must be found in the list of those that are used.
    uintptr_t example;
} threads;

struct list { struct list *next, *previous; };

// What the library tells debuggers of a field: its bits, how many there are, and its offset.
static const uint32_t *field(const char *name) { return dlsym(RTLD_DEFAULT, name); }

static bool find_offsets(void) {
    const uint32_t *size = field("_thread_db_sizeof_pthread"), *list = field("_thread_db_pthread_list");
    const uint32_t *vector = field("_thread_db_pthread_dtvp");
    const uint32_t *used = field("_thread_db_rtld_global__dl_stack_used"), *user = field("_thread_db_rtld_global__dl_stack_user");
    const char *linker = dlsym(RTLD_DEFAULT, "_rtld_global");
    void (*storage)(size_t *, size_t *) = (void (*)(size_t *, size_t *))dlsym(RTLD_DEFAULT, "_dl_get_tls_static_info");
    if (!size || !list || !vector || !used || !user || !linker || !storage) return false;
    size_t alignment = 0;
    storage(&threads.static_storage, &alignment);
    threads.size = *size;
    threads.list = list[2];
    threads.dynamic_storage = vector[2];
    threads.used = (uintptr_t)linker + used[2];
    threads.user = (uintptr_t)linker + user[2];
    // Of the cache debuggers are not told; it stands behind the two.
    threads.cached = threads.user + sizeof(struct list);
    return list[0] == 2 * 64 && vector[0] == 64 && threads.user == threads.used + sizeof(struct list) &&
           threads.size >= 256 && threads.size <= 65536 && threads.list < threads.size && threads.dynamic_storage < threads.size;
}

// `struct pthread` holds where the stack begins, with its guard, and beside that how large it is.
static bool find_stack(pthread_t example) {
    pthread_attr_t attributes;
    void *start = NULL;
    size_t size = 0, guard = 0;
    if (pthread_getattr_np(example, &attributes) != 0) return false;
    pthread_attr_getstack(&attributes, &start, &size);
    pthread_attr_getguardsize(&attributes, &guard);
    pthread_attr_destroy(&attributes);
    const uintptr_t *words = (const uintptr_t *)example;
    unsigned found = 0;
    for (size_t i = 0; i + 1 < threads.size / 8; i++) {
        if (words[i] != (uintptr_t)start - guard || words[i + 1] != size + guard) continue;
        threads.stack = i * 8;
        found++;
    }
    return found == 1;
}

void memscope_glibc_threads_learn(uintptr_t example) {
    if (threads.tried || example == 0) return;
    threads.tried = true;
    threads.example = example;
    threads.known = find_offsets() && find_stack((pthread_t)example);
}

bool memscope_glibc_threads_known(void) { return threads.known; }

static bool add_list(uintptr_t head, enum memscope_stack_state state, struct memscope_thread_place *places, uint32_t *count,
                     uint32_t capacity) {
    const struct list *first = (const struct list *)head;
    for (const struct list *node = first->next; node != first; node = node->next) {
        if (*count == capacity || node->next->previous != node || node->previous->next != node) return false;
        uintptr_t descriptor = (uintptr_t)node - threads.list;
        const uintptr_t *stack = (const uintptr_t *)(descriptor + threads.stack);
        struct memscope_thread_place place = {.descriptor = descriptor, .state = state};
        // The main thread's is 0.
        if (stack[0]) {
            place.stack = stack[0];
            place.stack_end = stack[0] + stack[1];
            if (descriptor < place.stack || descriptor + threads.size > place.stack_end) return false;
        }
        places[(*count)++] = place;
    }
    return true;
}

uint32_t memscope_glibc_threads_list(struct memscope_thread_place *places, uint32_t capacity) {
    uint32_t count = 0;
    if (!threads.known || !memscope_guard_begin()) return UINT32_MAX;
    bool whole = add_list(threads.used, MEMSCOPE_STACK_USED, places, &count, capacity) &&
                 add_list(threads.user, MEMSCOPE_STACK_USED, places, &count, capacity) &&
                 add_list(threads.cached, MEMSCOPE_STACK_CACHED, places, &count, capacity);
    bool has_example = false;
    for (uint32_t i = 0; i < count; i++)
        has_example |= places[i].descriptor == threads.example && places[i].state == MEMSCOPE_STACK_USED;
    return whole && has_example ? count : UINT32_MAX;
}

#if defined(__aarch64__)
uintptr_t memscope_glibc_descriptor(uintptr_t pointer) { return pointer - threads.size; }

struct memscope_thread_storage memscope_glibc_thread_storage(uintptr_t descriptor) {
    return (struct memscope_thread_storage){descriptor, descriptor + threads.size + threads.static_storage};
}
#else
uintptr_t memscope_glibc_descriptor(uintptr_t pointer) { return pointer; }

struct memscope_thread_storage memscope_glibc_thread_storage(uintptr_t descriptor) {
    uintptr_t end = descriptor + threads.size;
    return (struct memscope_thread_storage){end - threads.static_storage, end};
}
#endif

struct memscope_thread_storage memscope_glibc_thread_descriptor(uintptr_t descriptor) {
    return (struct memscope_thread_storage){descriptor, descriptor + threads.size};
}

uintptr_t memscope_glibc_dynamic_storage(uintptr_t descriptor) { return descriptor + threads.dynamic_storage; }
