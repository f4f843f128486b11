#ifndef MEMSCOPE_EXTENT_H
#define MEMSCOPE_EXTENT_H

#include "mangled_layout.h"

#pragma clang assume_nonnull begin

// What extents are made of. Private to mangled_layout.c and nominal_extent.c, which need each other: a struct's extent
// is that of its fields' types, and these are mangled names again.

/// Of pointers to objects: the addresses of the first page.
#define MEMSCOPE_SPARE_MANY 4096u

/// How much is looked at for one answer: no record, however it looks, takes long.
struct memscope_extent_budget {
    int types;
    int depth;
};

static inline struct memscope_extent memscope_extent(uint32_t size, uint32_t alignment, uint32_t spare)
{
    return (struct memscope_extent){.known = true, .size = size, .alignment = alignment, .spare = spare};
}

/// The extent of a reference to an object.
static inline struct memscope_extent memscope_extent_pointer(void)
{
    return memscope_extent(8, 8, MEMSCOPE_SPARE_MANY);
}

/// As memscope_mangled_extent, within a budget.
struct memscope_extent memscope_extent_of_mangled(const uint8_t *_Nullable mangled, struct memscope_extent_budget *budget);

/// The extent of a value of this struct, enum or class.
struct memscope_extent memscope_extent_of_nominal(const struct swift_context_descriptor *nominal, struct memscope_extent_budget *budget);

/// The extent of the standard library's type with this letter after `S`, as mangled names have it.
struct memscope_extent memscope_extent_of_standard(uint8_t letter);

/// The extent of an enum with one payload and so many other cases; an optional has one.
struct memscope_extent memscope_extent_with_cases(struct memscope_extent payload, uint32_t cases);

/// Puts `next` behind what `whole` has so far.
void memscope_extent_add(struct memscope_extent *whole, struct memscope_extent next);

#pragma clang assume_nonnull end
#endif
