#ifndef MEMSCOPE_MANGLED_LAYOUT_H
#define MEMSCOPE_MANGLED_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metadata_layout.h"

#pragma clang assume_nonnull begin

// What a mangled name in the program's own records says about a value in memory: how it refers to what it holds,
// and how large it is. Private to SwiftRuntime/.
//
// Nothing here faults whatever the bytes are, allocates or calls the Swift runtime.

/// How a stored value refers to objects. The raw values are those of the capture file's section of fields.
enum memscope_ownership : uint8_t {
    /// It keeps what it points to, as far as its type tells.
    MEMSCOPE_OWNERSHIP_STRONG = 0,
    /// The word is the address of a side table.
    MEMSCOPE_OWNERSHIP_WEAK = 1,
    /// The word looks like a strong reference, and keeps the object's memory but not its life.
    MEMSCOPE_OWNERSHIP_UNOWNED = 2,
    /// The word looks like a strong reference and keeps nothing: `unowned(unsafe)`, `Unmanaged`.
    MEMSCOPE_OWNERSHIP_UNMANAGED = 3,
};

/// Size and alignment of a value. `spare` is how many bit patterns are none of its values, as far as it matters:
/// an optional takes one, and one byte more if there is none.
struct memscope_extent {
    bool known;
    uint32_t size;
    uint32_t alignment;
    uint32_t spare;
};

/// A name within the program's own records, not terminated.
struct memscope_name {
    const char *_Nullable text;
    uint32_t length;
};

/// One record of a nominal type's fields.
struct memscope_field_record {
    struct memscope_name name;
    /// The mangled name of its type, NULL for a case without payload and where it cannot be read.
    const uint8_t *_Nullable type;
    uint32_t flags;
};

/// The number of field records of a nominal type, 0 when it was compiled without or they cannot be read.
size_t memscope_field_record_count(const struct swift_context_descriptor *nominal);

/// The field record with this index, below the count.
struct memscope_field_record memscope_field_record(const struct swift_context_descriptor *nominal, size_t index);

/// How a value of this type refers to what it holds. A struct with one field refers as that field does.
enum memscope_ownership memscope_mangled_ownership(const uint8_t *_Nullable mangled);

/// The struct that a value of this type consists of, from its first byte on: named directly, with generic arguments,
/// or as an optional. NULL when the type is anything else.
const struct swift_context_descriptor *_Nullable memscope_mangled_struct(const uint8_t *_Nullable mangled);

/// The extent of a value of this type. Known for references, the standard library's plain types, existentials,
/// functions, tuples, and structs and optionals of these; not where a generic parameter is stored, nor for enums
/// with several payloads, nor for types that come from C.
struct memscope_extent memscope_mangled_extent(const uint8_t *_Nullable mangled);

/// Whether a value of this type is a function: a code pointer, then its context.
bool memscope_mangled_is_function(const uint8_t *_Nullable mangled);

/// Rounds up to a power of two.
static inline uint32_t memscope_align(uint32_t offset, uint32_t alignment)
{
    return (offset + alignment - 1) & ~(alignment - 1);
}

#pragma clang assume_nonnull end
#endif
