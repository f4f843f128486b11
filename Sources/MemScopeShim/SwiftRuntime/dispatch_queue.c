#define _GNU_SOURCE
#include "dispatch_queue.h"

#include <dlfcn.h>
#include <string.h>

#include "../Lifecycle/modules.h"

// A worker's outermost frames are the C library's and then libdispatch's.
enum { FRAMES_LOOKED_AT = 4 };

static const char *(*queue_label)(void *queue);
static uintptr_t start, end;

void memscope_dispatch_start(void) {
    Dl_info place, ours;
    void *found = dlsym(RTLD_DEFAULT, "dispatch_queue_get_label");
    if (!found || !dladdr(found, &place) || !dladdr((void *)&memscope_dispatch_start, &ours)) return;
    // With a static standard library it is part of the executable, or of us.
    if (place.dli_fbase == ours.dli_fbase || !strstr(place.dli_fname, "dispatch")) return;
    for (uint32_t i = 0; i < memscope_module_count; i++) {
        const struct memscope_module *module = &memscope_modules[i];
        if ((uintptr_t)found < module->start || (uintptr_t)found >= module->end || module->generation) continue;
        start = module->start;
        end = module->end;
        queue_label = (const char *(*)(void *))found;
    }
}

bool memscope_dispatch_look(struct memscope_thread *thread) {
    if (!queue_label) return false;
    for (uint32_t i = 0; i < FRAMES_LOOKED_AT && i < thread->depth; i++) {
        uintptr_t address = thread->checks[i].return_address;
        if (address >= start && address < end) return true;
    }
    return false;
}

const char *memscope_dispatch_label(void) { return queue_label(NULL); }
