// What a C++ object is, by its vtable: the first word of an object of a class with virtual functions leads to a table
// before which its typeinfo stands, and the typeinfo has the type's mangled name.
//
//     object ─▶ vtable: …, offset to top (0), typeinfo ─┐, ▶function, function, …
//                                                      └─▶ { vtable of a __cxxabiv1 class, name, … }
//
// Reads module data only, so nothing faults; takes no lock and allocates nothing.
#ifndef MEMSCOPE_CXX_OBJECT_H
#define MEMSCOPE_CXX_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Whether a word is the address of a vtable with a typeinfo. About 10 ns for one that was met before. Not reentrant: for
/// the writer of captures.
bool memscope_cxx_is_vtable(uint64_t word);

/// Writes the mangled name of the class whose vtable this is, such as `N3app4UserE`. NUL-terminated and cut to fit.
/// Returns the length, 0 when the vtable's module is gone.
size_t memscope_cxx_type_name(uint64_t vtable, char *buffer, size_t capacity);

#pragma clang assume_nonnull end
#endif
