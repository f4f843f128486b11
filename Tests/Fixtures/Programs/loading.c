// Loads and unloads a library whose constructor allocates, and keeps blocks that it made after it is gone. The library
// is plugin.so beside the program.
#include "checksum.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 16);
    if (length < 0) return 1;
    path[length] = 0;
    strcpy(strrchr(path, '/'), "/plugin.so");
    uint64_t sum = 1;
    char *kept[50];
    for (int i = 0; i < 50; i++) {
        void *library = dlopen(path, i % 2 ? RTLD_NOW : RTLD_LAZY);
        if (!library) return 2;
        char *(*make)(size_t) = (char *(*)(size_t))dlsym(library, "plugin_make");
        if (!make) return 3;
        kept[i] = make((size_t)i * 100 + 10);
        dlclose(library);
        if (dlopen("/nowhere/plugin.so", RTLD_NOW)) return 4;
        checksum_mix(&sum, dlerror() != NULL);
    }
    for (int i = 0; i < 50; i++) {
        checksum_mix(&sum, (unsigned char)kept[i][i]);
        free(kept[i]);
    }
    return checksum_print("loading", sum);
}
