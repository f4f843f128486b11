#define _GNU_SOURCE
#include "writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "../Lifecycle/mapping.h"

enum { HEADER_BYTES = 64, ENTRY_BYTES = 32, STRING_CAPACITY = 256 << 20 };

static void write_out(struct memscope_writer *writer, const char *bytes, size_t count) {
    while (count > 0 && !writer->error) {
        ssize_t done = write(writer->file, bytes, count);
        if (done > 0) {
            bytes += done;
            count -= (size_t)done;
        } else if (done == 0 || errno != EINTR) {
            writer->error = done == 0 ? ENOSPC : errno;
        }
    }
}

static void hold(struct memscope_writer *writer) {
    char *next = writer->held_count < MEMSCOPE_WRITER_HELD ? memscope_map(MEMSCOPE_WRITER_BUFFER) : NULL;
    if (!next) {
        writer->error = ENOMEM;
        return;
    }
    writer->held[writer->held_count++] = writer->buffer;
    writer->buffer = next;
}

static void flush(struct memscope_writer *writer) {
    if (writer->file < 0) hold(writer);
    else write_out(writer, writer->buffer, writer->used);
    writer->used = 0;
}

static void append(struct memscope_writer *writer, const void *bytes, size_t count) {
    writer->written += count;
    while (count > 0 && !writer->error) {
        size_t room = MEMSCOPE_WRITER_BUFFER - writer->used, piece = count < room ? count : room;
        memcpy(writer->buffer + writer->used, bytes, piece);
        writer->used += piece;
        bytes = (const char *)bytes + piece;
        count -= piece;
        if (writer->used == MEMSCOPE_WRITER_BUFFER) flush(writer);
    }
}

bool memscope_writer_start(struct memscope_writer *writer) {
    memset(writer, 0, sizeof *writer);
    writer->file = -1;
    writer->string_bytes = 1;
    char *buffer = memscope_map(MEMSCOPE_WRITER_BUFFER), *strings = NULL;
    unsigned capacity = STRING_CAPACITY;
    // Under a limit on address space the tables that are yet to come need room as well.
    while (capacity > memscope_address_space() / 64) capacity /= 2;
    if (buffer) strings = memscope_map_table(1, &capacity, 1 << 20);
    writer->string_capacity = capacity;
    if (!buffer || !strings) {
        writer->error = ENOMEM;
        return false;
    }
    writer->buffer = buffer;
    writer->strings = strings;
    static const char zeros[HEADER_BYTES + MEMSCOPE_WRITER_SECTIONS * ENTRY_BYTES];
    append(writer, zeros, sizeof zeros);
    return true;
}

bool memscope_writer_open(struct memscope_writer *writer, const char *path) {
    writer->file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (writer->file < 0 && !writer->error) writer->error = errno;
    for (uint32_t i = 0; i < writer->held_count; i++) {
        write_out(writer, writer->held[i], MEMSCOPE_WRITER_BUFFER);
        memscope_unmap(writer->held[i], MEMSCOPE_WRITER_BUFFER);
    }
    writer->held_count = 0;
    if (writer->error && writer->file >= 0) close(writer->file);
    return writer->error == 0;
}

void memscope_writer_section(struct memscope_writer *writer, enum memscope_section kind, uint32_t element) {
    static const char zeros[8];
    append(writer, zeros, -writer->written & 7);
    if (writer->section_count == MEMSCOPE_WRITER_SECTIONS) {
        writer->error = EOVERFLOW;
        return;
    }
    uint32_t i = writer->section_count++;
    writer->sections[i].kind = kind;
    writer->sections[i].element = element;
    writer->sections[i].offset = writer->written;
}

void memscope_writer_add(struct memscope_writer *writer, const void *element) {
    uint32_t i = writer->section_count - 1;
    append(writer, element, writer->sections[i].element);
    writer->sections[i].count++;
}

void memscope_writer_add_all(struct memscope_writer *writer, const void *elements, uint64_t count) {
    uint32_t i = writer->section_count - 1;
    append(writer, elements, (size_t)count * writer->sections[i].element);
    writer->sections[i].count += count;
}

uint32_t memscope_writer_text(struct memscope_writer *writer, const char *text, size_t length) {
    if (length == 0 || length + 1 > writer->string_capacity - writer->string_bytes) return 0;
    uint32_t at = (uint32_t)writer->string_bytes;
    memcpy(writer->strings + at, text, length);
    writer->string_bytes += length + 1;  // the NUL is there: fresh memory is zeroed
    return at;
}

bool memscope_writer_close(struct memscope_writer *writer, uint32_t architecture) {
    memscope_writer_section(writer, MEMSCOPE_SECTION_STRINGS, 1);
    append(writer, writer->strings, writer->string_bytes);
    writer->sections[writer->section_count - 1].count = writer->string_bytes;
    flush(writer);
    struct {
        char magic[8];
        uint32_t version, architecture, sections, whole;
        uint64_t bytes, zero[4];
    } header = {.version = 2, .architecture = architecture, .sections = writer->section_count, .bytes = writer->written};
    memcpy(header.magic, "MEMSCOPE", 8);
    _Static_assert(sizeof header == HEADER_BYTES, "as Docs/capture-format.md says");
    _Static_assert(sizeof writer->sections[0] == ENTRY_BYTES, "as Docs/capture-format.md says");
    size_t table = writer->section_count * ENTRY_BYTES;
    // What says that the file is whole is written when everything else is on disk.
    for (int whole = 0; whole < 2 && !writer->error; whole++) {
        header.whole = (uint32_t)whole;
        if (pwrite(writer->file, &header, sizeof header, 0) != (ssize_t)sizeof header ||
            pwrite(writer->file, writer->sections, table, HEADER_BYTES) != (ssize_t)table || fsync(writer->file) != 0) {
            // Pipes and odd file systems cannot be synced; the data is there.
            if (errno != EINVAL && errno != EROFS) writer->error = errno ? errno : ENOSPC;
        }
    }
    if (close(writer->file) != 0 && !writer->error) writer->error = errno;
    memscope_unmap(writer->buffer, MEMSCOPE_WRITER_BUFFER);
    memscope_unmap(writer->strings, writer->string_capacity);
    return writer->error == 0;
}
