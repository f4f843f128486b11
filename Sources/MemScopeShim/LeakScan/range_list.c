#include "range_list.h"

#include "../Lifecycle/mapping.h"

bool memscope_range_list_start(struct memscope_range_list *list, uint32_t capacity) {
    *list = (struct memscope_range_list){.capacity = capacity};
    list->ranges = memscope_map_table(sizeof *list->ranges, &list->capacity, 1024);
    return list->ranges != NULL;
}

void memscope_range_list_add(struct memscope_range_list *list, uintptr_t start, uintptr_t end) {
    if (end <= start) return;
    if (list->count == list->capacity) list->is_full = true;
    else list->ranges[list->count++] = (struct memscope_address_range){start, end};
}

static void sink(struct memscope_address_range *ranges, uint32_t root, uint32_t count) {
    for (uint32_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && ranges[child + 1].start > ranges[child].start) child++;
        if (ranges[root].start >= ranges[child].start) return;
        struct memscope_address_range other = ranges[root];
        ranges[root] = ranges[child];
        ranges[child] = other;
    }
}

// A heap sort: qsort may allocate.
void memscope_range_list_sort(struct memscope_range_list *list) {
    struct memscope_address_range *ranges = list->ranges;
    for (uint32_t i = list->count / 2; i-- > 0;) sink(ranges, i, list->count);
    for (uint32_t left = list->count; left > 1;) {
        struct memscope_address_range largest = ranges[0];
        ranges[0] = ranges[--left];
        ranges[left] = largest;
        sink(ranges, 0, left);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        if (kept > 0 && ranges[i].start <= ranges[kept - 1].end) {
            if (ranges[i].end > ranges[kept - 1].end) ranges[kept - 1].end = ranges[i].end;
        } else {
            ranges[kept++] = ranges[i];
        }
    }
    list->count = kept;
}

uint32_t memscope_range_list_first_behind(const struct memscope_range_list *list, uintptr_t address) {
    uint32_t low = 0, high = list->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (list->ranges[middle].end > address) high = middle;
        else low = middle + 1;
    }
    return low;
}

void memscope_range_list_outside(const struct memscope_range_list *list, uintptr_t start, uintptr_t end,
                                 void (*visit)(void *, uintptr_t, uintptr_t), void *info) {
    for (uint32_t i = memscope_range_list_first_behind(list, start); i < list->count && list->ranges[i].start < end; i++) {
        if (list->ranges[i].start > start) visit(info, start, list->ranges[i].start);
        start = list->ranges[i].end;
    }
    if (start < end) visit(info, start, end);
}
