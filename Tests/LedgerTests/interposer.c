// Somebody who puts a function of his own before the runtime's.
#define _GNU_SOURCE
#include <dlfcn.h>

void *swift_retain(void *object) {
    static void *(*real)(void *);
    if (!real) real = (void *(*)(void *))dlsym(RTLD_NEXT, "swift_retain");
    return real(object);
}
