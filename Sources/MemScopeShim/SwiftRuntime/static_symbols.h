#ifndef MEMSCOPE_STATIC_SYMBOLS_H
#define MEMSCOPE_STATIC_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

/// A symbol to look for in the executable's file.
struct memscope_static_symbol {
    const char *_Nonnull name;
    /// The run-time address, 0 while not found.
    uintptr_t address;
    /// The size in bytes that the symbol table states.
    size_t size;
};

/// What came of reading the executable's symbol table.
enum memscope_static_symbols_result {
    MEMSCOPE_STATIC_SYMBOLS_READ,
    /// The file has no symbol table.
    MEMSCOPE_STATIC_SYMBOLS_STRIPPED,
    /// The file cannot be opened, mapped or understood.
    MEMSCOPE_STATIC_SYMBOLS_UNREADABLE,
};

/// Fills `symbols` from the symbol table of the running executable's file, by plain system calls: the
/// file is mapped and unmapped again. For statically linked runtimes, whose symbols the dynamic
/// linker does not know. Takes about 1 ms for each 100 000 symbols.
enum memscope_static_symbols_result memscope_static_symbols_find(struct memscope_static_symbol *_Nonnull symbols, size_t count);

#endif
