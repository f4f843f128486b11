// Loads two libraries of the same shape in turn, so that the second comes to lie where the first was.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

#include "program.h"

static void *use(const char *path, int count) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) return puts(dlerror()), NULL;
    void *(*work)(int) = (void *(*)(int))dlsym(library, "plugin_work");
    void *at = (void *)work;
    work(count);
    dlclose(library);
    usleep(500000);  // the list of modules is looked at a few times a second
    return at;
}

int main(void) {
    void *first = use("./plugin1.so", 10);
    void *second = use("./plugin2.so", 20);
    void *third = use("./plugin1.so", 40);
    printf("same place: %d\n", first == second && second == third);
    return 0;
}
