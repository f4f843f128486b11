#ifndef MEMSCOPE_TYPE_TEXT_H
#define MEMSCOPE_TYPE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metadata_layout.h"

// The parts of type_name.h that the files of this folder share. Private to SwiftRuntime/.

/// How deep types may nest: metadata cannot be circular, but memory that only looks like metadata can.
#define MEMSCOPE_TYPE_DEPTH 24

/// A type's name in the making. `length` never exceeds `capacity - 1`.
struct memscope_type_text {
    char *_Nonnull buffer;
    size_t capacity;
    size_t length;
    int depth;
};

/// Appends text that ends in a NUL.
void memscope_type_append(struct memscope_type_text *_Nonnull text, const char *_Nonnull added);

/// Appends text that lies in a module, up to its NUL or the end of the segment.
void memscope_type_append_module_text(struct memscope_type_text *_Nonnull text, const char *_Nullable added);

/// Appends the name of the type whose metadata is given, or `_`.
void memscope_type_append_metadata(struct memscope_type_text *_Nonnull text, const void *_Nullable metadata);

/// Appends a context's name with its outer contexts. `metadata` gives the generic arguments; without it
/// they are left out.
void memscope_type_append_context(struct memscope_type_text *_Nonnull text,
    const struct swift_context_descriptor *_Nullable context, const void *_Nullable metadata);

/// Appends the type that a mangled name in a module stands for, if it is one of the plain forms:
/// a context by reference, a standard type, an optional, an existential of one protocol. Returns false,
/// having appended nothing, for everything else.
bool memscope_type_append_mangled(struct memscope_type_text *_Nonnull text, const uint8_t *_Nullable mangled);

/// Appends the nominal type that a mangled name starts with, without its generic arguments.
bool memscope_type_append_mangled_base(struct memscope_type_text *_Nonnull text, const uint8_t *_Nullable mangled);

/// The context that a mangled name refers to at `at`, which must be readable; NULL when no such reference stands there.
const struct swift_context_descriptor *_Nullable memscope_mangled_context(const uint8_t *_Nonnull at);

/// Where a type's generic arguments stand in its metadata, or NULL. One word each; the first is readable.
const uintptr_t *_Nullable memscope_type_arguments(
    const struct swift_context_descriptor *_Nonnull context, const void *_Nonnull metadata);

/// Where the members that a class with a resilient superclass adds start in its metadata, in words. The size of the
/// superclass is known only at run time, so this stands in a record. False when that cannot be read.
bool memscope_class_resilient_words(const struct swift_type_descriptor *_Nonnull class, intptr_t *_Nonnull words);

/// Whether a type is the standard library's of this name.
bool memscope_context_is_standard(const struct swift_context_descriptor *_Nonnull context, const char *_Nonnull name);

/// Follows a relative offset, or returns NULL when it is 0 or leads outside the modules.
const void *_Nullable memscope_follow(const int32_t *_Nonnull relative);

/// As memscope_follow; the low bit of the offset means that a pointer stands at its end.
const void *_Nullable memscope_follow_indirectable(const int32_t *_Nonnull relative);

#endif
