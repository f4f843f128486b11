#ifndef MEMSCOPE_FIELD_WALK_H
#define MEMSCOPE_FIELD_WALK_H

#include "field_names.h"

#pragma clang assume_nonnull begin

// The parts of field_names.h that the files of this folder share. Private to SwiftRuntime/.

/// A walk over an object's fields.
struct memscope_field_walk {
    void (*each)(void *_Nullable info, const struct memscope_field *field);
    void *_Nullable info;
    size_t count;
};

/// Visits one field.
void memscope_field_emit(struct memscope_field_walk *walk, const struct memscope_field *field);

/// Visits a value of a mangled type at `field->offset`, and the parts of it if it is a struct. `field->ownership` is set here.
void memscope_field_walk_mangled(struct memscope_field_walk *walk, struct memscope_field field, const uint8_t *_Nullable mangled);

/// Visits a value of a type whose metadata is at hand, and the parts of it if it is a struct, a tuple or an optional one.
void memscope_field_walk_value(struct memscope_field_walk *walk, struct memscope_field field, const void *_Nullable metadata);

/// Visits what a closure context or a box of a type known at compile time holds.
void memscope_field_walk_captures(struct memscope_field_walk *walk, const struct swift_heap_local_metadata *metadata);

/// A type's value witness table, or NULL when the type's metadata or the table cannot be read or looks wrong.
const struct swift_value_witnesses *_Nullable memscope_value_witnesses(const void *_Nullable metadata);

#pragma clang assume_nonnull end
#endif
