// What lies at which offset of a Swift heap object: the names for the edges of the object graph.
//
// Everything is read from the program's metadata in place. Nothing here faults, takes a lock, allocates or calls the
// Swift runtime, so it works in a signal handler and in a frozen copy of the process. The type words are those of
// block_type.h, which are only made where the runtime is one that we understand.
#ifndef MEMSCOPE_FIELD_NAMES_H
#define MEMSCOPE_FIELD_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mangled_layout.h"

#pragma clang assume_nonnull begin

/// What a field is to the object that it lies in.
enum memscope_field_kind : uint8_t {
    /// A stored property of a class or of one of its superclasses.
    MEMSCOPE_FIELD_PROPERTY = 0,
    /// What a closure captured.
    MEMSCOPE_FIELD_CAPTURE = 1,
    /// The one value in a box: a captured variable, an existential's or an error's value.
    MEMSCOPE_FIELD_VALUE = 2,
    /// An element of an array. It repeats each `stride` bytes.
    MEMSCOPE_FIELD_ELEMENT = 3,
    /// A key or a value of a dictionary: where the values start depends on the capacity.
    MEMSCOPE_FIELD_ENTRY = 4,
    /// What a managed buffer keeps behind its header.
    MEMSCOPE_FIELD_TAIL = 5,
    /// A word that the runtime keeps in a task or in a task's slab.
    MEMSCOPE_FIELD_RUNTIME = 6,
    /// A member of a set.
    MEMSCOPE_FIELD_MEMBER = 7,
};

/// The index of a capture when it cannot be told which one it is: its text has no number then.
#define MEMSCOPE_FIELD_INDEX_UNKNOWN UINT32_MAX

/// How many names a field's path has at most: `request.head.path`.
#define MEMSCOPE_FIELD_PATH 4

/// Where arrays keep their first element.
#define MEMSCOPE_ARRAY_HEADER 32u

/// One field, from its first byte to wherever the next one starts.
struct memscope_field {
    enum memscope_field_kind kind;
    enum memscope_ownership ownership;
    uint8_t path_length;
    /// In the object; of the first element in an array's.
    uint32_t offset;
    /// Of a capture or an element; of a property among those of its class.
    uint32_t index;
    /// The distance of elements, else 0.
    uint32_t stride;
    /// The property, then what it lies in of that property's value; without the property for elements, captures and
    /// values.
    struct memscope_name path[MEMSCOPE_FIELD_PATH];
    /// The mangled name of the type of a capture or a box's value, NULL when unknown.
    const uint8_t *_Nullable type;
};

/// Visits the fields of an object of this type in the order of their offsets, superclasses first; an array's for its
/// first element. Returns how many there were: 0 for what has none or does not look as expected. Of a program that was
/// compiled without reflection metadata properties have no path and captures are unknown. 0.2 to 1 µs a field, up to 15 µs for a type with fifty: once per type, not once per block.
size_t memscope_fields(uint64_t type, void (*each)(void *_Nullable info, const struct memscope_field *field), void *_Nullable info);

/// The field that an offset lies in: the last one that starts there or before. Of an array, the element's index is
/// told. Walks all fields of the type. False before the first field, behind the end of a class without a tail, and where `memscope_fields` finds none.
bool memscope_field_at(uint64_t type, uint64_t offset, struct memscope_field *field);

/// Writes what a person calls the field: `session`, `request.head`, `property 2`, `capture 1 (App.User)`, `element 3.name`,
/// `value (Swift.String)`, `key or value`, `member`. NUL-terminated and cut to fit. Returns the length.
size_t memscope_field_text(const struct memscope_field *field, char *buffer, size_t capacity);

/// The function of a closure: a closure is two words, code and context, and the context itself does not know its function.
///
/// For async closures the first word leads to a record that leads to the code; that is followed. 0 when the word is no
/// address of code. Some linkers put constants beside the code, so only the symbol at the address proves that it is a closure's.
/// @param word The word before the one that points to the context.
uint64_t memscope_closure_code(uint64_t word);

#pragma clang assume_nonnull end
#endif
