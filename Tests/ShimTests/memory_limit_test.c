// What control groups leave of the machine's memory: of both versions, of groups above, with files that are missing.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "Lifecycle/memory_limit.h"
#include "check.h"

static char root[64];

// Writes a file below the root, and makes the folders above it.
static void put(const char *path, const char *text) {
    char whole[512];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        mkdir(whole, 0700);
        *slash = '/';
    }
    FILE *file = fopen(whole, "w");
    CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void of_version_2(void) {
    CHECK(memscope_control_group_limit("0::/none\n", root) == UINT64_MAX);
    put("/memory.max", "8000000000\n");
    put("/web/memory.max", "max\n");
    put("/web/shop/memory.max", "536870912\n");
    put("/web/shop/low/memory.max", "max\n");
    CHECK(memscope_control_group_limit("0::/\n", root) == 8000000000);
    CHECK(memscope_control_group_limit("0::/web\n", root) == 8000000000);
    CHECK(memscope_control_group_limit("0::/web/shop", root) == 536870912);
    CHECK(memscope_control_group_limit("0::/web/shop/low\n", root) == 536870912);
    CHECK(memscope_control_group_limit("0::/web/shop/not/seen\n", root) == 536870912);
    CHECK(memscope_control_group_limit("0::/web/shopping\n", root) == 8000000000);
}

static void of_version_1(void) {
    put("/memory/memory.limit_in_bytes", "9223372036854771712\n");
    put("/memory/a/memory.limit_in_bytes", "70000000\n");
    static const char groups[] = "12:cpu,cpuacct:/a\n7:hugetlb,memory:/a/b\n3:memory_not:/c\n";
    CHECK(memscope_control_group_limit(groups, root) == 70000000);
    CHECK(memscope_control_group_limit("12:cpu,cpuacct:/a\n", root) == UINT64_MAX);
    CHECK(memscope_control_group_limit("4:memory:/\n", root) == 9223372036854771712);
}

static void of_nonsense(void) {
    put("/odd/memory.max", "none of them\n");
    CHECK(memscope_control_group_limit("", root) == UINT64_MAX);
    CHECK(memscope_control_group_limit("\n::\n0:\n:", root) <= 8000000000);
    CHECK(memscope_control_group_limit("0::/odd\n", root) == 8000000000);
    static char deep[8192] = "0::";
    for (size_t i = 3; i < sizeof deep - 1; i++) deep[i] = i % 2 ? '/' : 'x';
    CHECK(memscope_control_group_limit(deep, root) == UINT64_MAX);
}

int main(void) {
    strcpy(root, "/tmp/memory_limit.XXXXXX");
    CHECK(mkdtemp(root));
    of_version_2();
    of_version_1();
    of_nonsense();
    CHECK(memscope_memory_limit() > 1 << 20 && memscope_memory_limit() != UINT64_MAX);
    char remove[80];
    snprintf(remove, sizeof remove, "rm -r %s", root);
    CHECK(system(remove) == 0);
    return CHECK_END();
}
