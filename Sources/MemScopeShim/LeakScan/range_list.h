// A list of address ranges.
#ifndef MEMSCOPE_RANGE_LIST_H
#define MEMSCOPE_RANGE_LIST_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

struct memscope_address_range {
    uintptr_t start, end;
};

struct memscope_range_list {
    struct memscope_address_range *ranges;
    uint32_t count, capacity;
    /// Something found no room.
    bool is_full;
};

/// Maps room for `capacity` ranges, or as many as the kernel grants. False when it grants none.
bool memscope_range_list_start(struct memscope_range_list *list, uint32_t capacity);

/// Appends a range unless it is empty.
void memscope_range_list_add(struct memscope_range_list *list, uintptr_t start, uintptr_t end);

/// Sorts by start, and joins what overlaps.
void memscope_range_list_sort(struct memscope_range_list *list);

/// The index of the first range of a sorted list that ends behind `address`, or `count`.
uint32_t memscope_range_list_first_behind(const struct memscope_range_list *list, uintptr_t address);

/// Calls `visit` for each piece of [start, end) that lies in no range of a sorted list.
void memscope_range_list_outside(const struct memscope_range_list *list, uintptr_t start, uintptr_t end,
                                 void (*visit)(void *info, uintptr_t start, uintptr_t end), void *info);

#pragma clang assume_nonnull end
#endif
