// Which places count as roots: each class can be switched off, or on.
#ifndef MEMSCOPE_ROOT_CLASSES_H
#define MEMSCOPE_ROOT_CLASSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum memscope_root_class : uint32_t {
    MEMSCOPE_ROOTS_STACKS = 1,
    MEMSCOPE_ROOTS_REGISTERS = 2,
    /// The data of the executable and of libraries.
    MEMSCOPE_ROOTS_GLOBALS = 4,
    MEMSCOPE_ROOTS_THREAD_LOCALS = 8,
    /// Other memory that can be written and is private.
    MEMSCOPE_ROOTS_MAPPINGS = 16,
    /// Words at addresses that are no multiple of 8, wherever words count; in blocks as well.
    MEMSCOPE_ROOTS_UNALIGNED = 32,
    /// What holds if nobody says otherwise.
    MEMSCOPE_ROOTS_USUAL = 31,
};

/// Reads a list of classes with commas between: those named and no others, or, each with - or + before it, the usual ones without or
/// with these. False when it is no such list; then `classes` is as before.
bool memscope_root_classes_parse(const char *text, uint32_t *classes);

/// Reads LeakSanitizer's options use_stacks, use_registers, use_globals, use_tls and use_unaligned; all others are passed over.
void memscope_root_classes_parse_lsan(const char *options, uint32_t *classes);

/// Writes the list of classes that memscope_root_classes_parse reads. At most 64 bytes, NUL included.
void memscope_root_classes_write(uint32_t classes, char *into);

#pragma clang assume_nonnull end
#endif
