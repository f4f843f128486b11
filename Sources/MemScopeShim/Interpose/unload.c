// dlclose, so that a library is known before it goes and its addresses are retired before another lies there.
//
// dlopen is not hooked: the C library looks at who called it. A library that goes by itself (a failed dlopen, the C
// library's own plugins) is noticed when the module list is next looked at.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>

#include "../Lifecycle/modules.h"
#include "../Lifecycle/sanitizer.h"
#include "../Lifecycle/switch.h"
#include "../Ring/thread.h"

#if !MEMSCOPE_SANITIZED

static void look(void) {
    int saved = errno;
    memscope_local.ours++;
    memscope_modules_refresh(false);
    memscope_local.ours--;
    errno = saved;
}

__attribute__((visibility("default"))) int dlclose(void *library) {
    static int (*next)(void *);
    if (!__atomic_load_n(&next, __ATOMIC_RELAXED))
        __atomic_store_n(&next, (typeof(next))dlsym(RTLD_NEXT, "dlclose"), __ATOMIC_RELAXED);
    if (__atomic_load_n(&memscope_switch.on, __ATOMIC_RELAXED) == 0) return next(library);
    look();
    int result = next(library);
    look();
    return result;
}

#endif
