// A capture file in the making: buffered, by plain system calls. See Docs/capture-format.md.
//
// Until it is opened, what is written stays in memory: while the program stands still, no file system is waited for.
#ifndef MEMSCOPE_WRITER_H
#define MEMSCOPE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma clang assume_nonnull begin

enum { MEMSCOPE_WRITER_BUFFER = 1 << 20, MEMSCOPE_WRITER_HELD = 8192, MEMSCOPE_WRITER_SECTIONS = 48 };

enum memscope_section : uint32_t {
    MEMSCOPE_SECTION_STRINGS = 1,
    MEMSCOPE_SECTION_PROPERTIES = 2,
    MEMSCOPE_SECTION_MODULES = 3,
    MEMSCOPE_SECTION_ADDRESSES = 4,
    MEMSCOPE_SECTION_NODES = 5,
    MEMSCOPE_SECTION_SITES = 6,
    MEMSCOPE_SECTION_CONTEXTS = 7,
    MEMSCOPE_SECTION_THREADS = 8,
    MEMSCOPE_SECTION_SCOPES = 9,
    MEMSCOPE_SECTION_TYPES = 11,
    MEMSCOPE_SECTION_LIVE_GROUPS = 12,
    MEMSCOPE_SECTION_FREED_TYPES = 13,
    MEMSCOPE_SECTION_TIMELINE = 14,
    MEMSCOPE_SECTION_MARKS = 15,
    MEMSCOPE_SECTION_COUNTERS = 16,
    MEMSCOPE_SECTION_TASK_SITES = 17,
    MEMSCOPE_SECTION_TASKS = 18,
    MEMSCOPE_SECTION_SCOPE_RUNS = 19,
    MEMSCOPE_SECTION_HANDOVERS = 20,
    MEMSCOPE_SECTION_GRAPH_BLOCKS = 21,
    MEMSCOPE_SECTION_GRAPH_EDGES = 22,
    MEMSCOPE_SECTION_ROOTS = 23,
    MEMSCOPE_SECTION_FIELDS = 24,
    MEMSCOPE_SECTION_NOTES = 25,
    MEMSCOPE_SECTION_CHANGES = 26,
    MEMSCOPE_SECTION_LEDGER_OBJECTS = 27,
    MEMSCOPE_SECTION_LEDGER_REFERENCES = 28,
    MEMSCOPE_SECTION_LEDGER_TYPES = 29,
    MEMSCOPE_SECTION_LEDGER_SITES = 30,
    MEMSCOPE_SECTION_CROSSINGS = 31,
    MEMSCOPE_SECTION_TRACKED_NAMES = 32,
    MEMSCOPE_SECTION_CENSUS = 33,
    MEMSCOPE_SECTION_OBJECT_COUNTS = 34,
    MEMSCOPE_SECTION_TRACKED_BLOCKS = 35,
    MEMSCOPE_SECTION_LEAK_CHECKS = 36,
    MEMSCOPE_SECTION_CLOSURES = 37,
    MEMSCOPE_SECTION_TASK_BLOCKS = 38,
    MEMSCOPE_SECTION_LEDGER_UNMATCHED = 40,
    MEMSCOPE_SECTION_STACK_FUNCTIONS = 41,
    MEMSCOPE_SECTION_SCOPE_EVENTS = 42,
    MEMSCOPE_SECTION_SNAPSHOTS = 43,
    MEMSCOPE_SECTION_OWNERS = 44,
    MEMSCOPE_SECTION_OWNER_CHANGES = 45,
};

/// The first failed write stops everything after it; `error` keeps errno.
struct memscope_writer {
    /// -1 until it is opened.
    int file;
    int error;
    uint64_t written;
    size_t used;
    char *buffer;
    /// Full buffers from before it was opened.
    char *_Nonnull held[MEMSCOPE_WRITER_HELD];
    uint32_t held_count;
    char *strings;
    size_t string_bytes;
    size_t string_capacity;
    uint32_t section_count;
    struct { uint32_t kind, element; uint64_t offset, count, zero; } sections[MEMSCOPE_WRITER_SECTIONS];
};

/// Begins in memory, and leaves room for the header. False with `error` set when there is none.
bool memscope_writer_start(struct memscope_writer *writer);

/// Opens `path`, and writes there what was written so far. False with `error` set when that fails.
bool memscope_writer_open(struct memscope_writer *writer, const char *path);

/// Begins a section of elements of `element` bytes.
void memscope_writer_section(struct memscope_writer *writer, enum memscope_section kind, uint32_t element);

/// Appends one element to the section that was begun last.
void memscope_writer_add(struct memscope_writer *writer, const void *element);

/// Appends elements that follow each other.
void memscope_writer_add_all(struct memscope_writer *writer, const void *elements, uint64_t count);

/// As above, faster: of a section whose elements have `bytes` bytes, which the compiler knows.
__attribute__((always_inline)) static inline void memscope_writer_add_sized(struct memscope_writer *writer, const void *element,
                                                                            size_t bytes) {
    if (MEMSCOPE_WRITER_BUFFER - writer->used <= bytes) {
        memscope_writer_add(writer, element);
        return;
    }
    memcpy(writer->buffer + writer->used, element, bytes);
    writer->used += bytes;
    writer->written += bytes;
    writer->sections[writer->section_count - 1].count++;
}

/// Stores a text and returns its offset; what finds no room (256 MiB of text) becomes the empty text.
uint32_t memscope_writer_text(struct memscope_writer *writer, const char *text, size_t length);

/// Writes the strings, the header and the section table, and syncs. False with `error` set when anything failed.
bool memscope_writer_close(struct memscope_writer *writer, uint32_t architecture);

#pragma clang assume_nonnull end
#endif
