// Allocations that the C library makes for the program: strdup, getline, qsort_r, fopen, asprintf, open_memstream,
// realpath, scandir and the like.
#define _GNU_SOURCE
#include "checksum.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

static int by_value(const void *a, const void *b, void *order) {
    int x = *(const int *)a, y = *(const int *)b;
    return (x < y ? -1 : x > y) * *(int *)order;
}

int main(void) {
    uint64_t sum = 1;
    char name[] = "/tmp/library_calls_XXXXXX";
    int descriptor = mkstemp(name);
    if (descriptor < 0) return 1;
    FILE *file = fdopen(descriptor, "w");
    for (int i = 0; i < 2000; i++) fprintf(file, "line %d %*s\n", i, i % 200, "x");
    fclose(file);
    for (int round = 0; round < 20; round++) {
        char *line = NULL, *all = NULL;
        size_t room = 0, length = 0;
        file = fopen(name, "r");
        FILE *memory = open_memstream(&all, &length);
        while (getline(&line, &room, file) > 0) {
            char *copy = strdup(line), *formatted = NULL;
            if (asprintf(&formatted, "%s-%d", copy, round) > 0) fputs(formatted, memory);
            checksum_mix(&sum, (unsigned char)copy[strlen(copy) / 2]);
            free(copy), free(formatted);
        }
        fclose(file), fclose(memory);
        checksum_mix(&sum, length);
        free(line), free(all);
        // Large enough for qsort_r to take its scratch space from malloc.
        int order = round % 2 ? 1 : -1, *numbers = malloc(50000 * sizeof *numbers);
        for (int i = 0; i < 50000; i++) numbers[i] = (int)((unsigned)i * 2654435761u);
        qsort_r(numbers, 50000, sizeof *numbers, by_value, &order);
        checksum_mix(&sum, (uint64_t)(unsigned)numbers[777]);
        free(numbers);
        char *path = realpath("/proc/../tmp/.", NULL), *part = strndup("partial", 4);
        wchar_t *wide = wcsdup(L"wide");
        checksum_mix(&sum, strlen(path) + strlen(part) + wcslen(wide));
        free(path), free(part), free(wide);
        struct dirent **names;
        int count = scandir("/proc/self/task", &names, NULL, alphasort);
        for (int i = 0; i < count; i++) free(names[i]);
        free(names);
    }
    unlink(name);
    return checksum_print("library_calls", sum);
}
