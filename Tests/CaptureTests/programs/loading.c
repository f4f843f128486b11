// Loads two libraries of the same shape in turn, so that the second comes to lie where the first was.
#define _GNU_SOURCE
#include <dlfcn.h>

#include "program.h"

static void *use(const char *path, int count) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) return puts(dlerror()), NULL;
    void *(*work)(int) = (void *(*)(int))dlsym(library, "plugin_work");
    void *at = (void *)work;
    work(count);
    dlclose(library);
    return at;
}

int main(void) {
    // All from one place, so that only the library tells their stacks apart.
    static const char *const paths[] = {"./plugin1.so", "./plugin2.so", "./plugin1.so"};
    void *at[3];
    for (int i = 0; i < 3; i++) at[i] = use(paths[i], 10 << i);
    // Where that is not so the test shows nothing; the libraries ask for one address to make it so.
    printf("same place: %d\n", at[0] == at[1] && at[1] == at[2]);
    return 0;
}
