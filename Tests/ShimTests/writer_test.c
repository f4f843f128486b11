// The capture writer and the whole capture: what cannot be written is said, and nothing stays behind.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "Capture/writer.h"
#include "check.h"

static char directory[] = "/tmp/writer-test-XXXXXX";
static char path[64];

// Whether what is written first is held in memory until the file is opened.
static bool is_held;

// Some sections of known content; returns what close says.
static bool write_sections(struct memscope_writer *writer, uint32_t elements) {
    if (!memscope_writer_start(writer) || (!is_held && !memscope_writer_open(writer, path))) return false;
    memscope_writer_section(writer, MEMSCOPE_SECTION_ADDRESSES, 8);
    for (uint64_t i = 0; i < elements; i++) {
        if (i % 3) memscope_writer_add(writer, &i);
        else memscope_writer_add_sized(writer, &i, sizeof i);
    }
    if (is_held && !memscope_writer_open(writer, path)) return false;
    memscope_writer_section(writer, MEMSCOPE_SECTION_PROPERTIES, 8);
    uint32_t pair[2] = {memscope_writer_text(writer, "key", 3), memscope_writer_text(writer, "value", 5)};
    memscope_writer_add(writer, pair);
    memscope_writer_section(writer, MEMSCOPE_SECTION_THREADS, 12);
    memscope_writer_add(writer, (uint32_t[3]){1, 2, 3});
    memscope_writer_section(writer, MEMSCOPE_SECTION_NODES, 8);
    return memscope_writer_close(writer, 1);
}

static void test_round_trip(uint32_t elements) {
    static struct memscope_writer writer;
    CHECK(write_sections(&writer, elements));
    int file = open(path, O_RDONLY);
    struct stat status;
    fstat(file, &status);
    char *bytes = malloc((size_t)status.st_size);
    CHECK(bytes && read(file, bytes, (size_t)status.st_size) == status.st_size);
    close(file);
    uint32_t words[4];
    uint64_t size;
    CHECK(memcmp(bytes, "MEMSCOPE", 8) == 0);
    memcpy(words, bytes + 8, sizeof words);
    memcpy(&size, bytes + 24, 8);
    CHECK(words[0] == 2 && words[1] == 1 && words[2] == 5 && words[3] == 1 && size == (uint64_t)status.st_size);
    struct { uint32_t kind, element; uint64_t offset, count, zero; } sections[5];
    memcpy(sections, bytes + 64, sizeof sections);
    const uint32_t kinds[] = {4, 2, 8, 5, 1}, element_bytes[] = {8, 8, 12, 8, 1};
    for (int i = 0; i < 5; i++) {
        CHECK(sections[i].kind == kinds[i] && sections[i].element == element_bytes[i]);
        CHECK(sections[i].offset % 8 == 0 && sections[i].offset + sections[i].count * sections[i].element <= size);
    }
    CHECK(sections[0].count == elements && sections[3].count == 0);
    for (uint64_t i = 0; i < elements; i++) CHECK(memcmp(bytes + sections[0].offset + 8 * i, &i, 8) == 0);
    uint32_t pair[2];
    memcpy(pair, bytes + sections[1].offset, 8);
    CHECK(strcmp(bytes + sections[4].offset + pair[0], "key") == 0);
    CHECK(strcmp(bytes + sections[4].offset + pair[1], "value") == 0);
    CHECK(bytes[sections[4].offset] == 0);
    free(bytes);
    unlink(path);
}

static void test_a_full_disk(void) {
    static struct memscope_writer writer;
    strcpy(path, "/dev/full");
    CHECK(!write_sections(&writer, 1000));
    CHECK(writer.error == ENOSPC);
    CHECK(!write_sections(&writer, 1000000));
    CHECK(writer.error == ENOSPC);
}

static void test_a_limit_on_file_size(void) {
    static struct memscope_writer writer;
    struct rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 3 << 20;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    CHECK(!write_sections(&writer, 1000000));
    CHECK(writer.error == EFBIG);
    setrlimit(RLIMIT_FSIZE, &before);
    unlink(path);
}

static void test_where_nothing_can_be_written(void) {
    static struct memscope_writer writer;
    strcpy(path, "/nowhere/at/all");
    CHECK(!write_sections(&writer, 1000) && writer.error == ENOENT);
    strcpy(path, directory);
    CHECK(!write_sections(&writer, 1000) && writer.error == EISDIR);
}

static void test_too_many_sections(void) {
    static struct memscope_writer writer;
    CHECK(memscope_writer_start(&writer) && memscope_writer_open(&writer, path));
    for (int i = 0; i <= MEMSCOPE_WRITER_SECTIONS; i++) memscope_writer_section(&writer, MEMSCOPE_SECTION_MARKS, 8);
    CHECK(!memscope_writer_close(&writer, 1) && writer.error == EOVERFLOW);
    unlink(path);
}

int main(void) {
    CHECK(mkdtemp(directory) != NULL);
    for (int round = 0; round < 2; round++) {
        is_held = round == 1;
        for (uint32_t elements = 0; elements < 300000; elements = elements * 3 + 1) {
            snprintf(path, sizeof path, "%s/capture", directory);
            test_round_trip(elements);
        }
        test_a_limit_on_file_size();
        test_a_full_disk();
        test_where_nothing_can_be_written();
    }
    snprintf(path, sizeof path, "%s/capture", directory);
    test_too_many_sections();
    CHECK(rmdir(directory) == 0);
    return CHECK_END();
}
