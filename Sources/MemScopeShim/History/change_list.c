#include "change_list.h"

static inline const uint8_t *get(const uint8_t *at, uint64_t *value) {
    *value = 0;
    for (unsigned shift = 0;; shift += 7) {
        *value |= (uint64_t)(*at & 127) << shift;
        if (*at++ < 128) return at;
    }
}

struct memscope_change memscope_change_get(struct memscope_change_place *place) {
    struct memscope_change change = {0};
    uint64_t first;
    const uint8_t *at = get((const uint8_t *)place->at, &first);
    change.leaf = place->leaf + (uint32_t)(first >> 1);
    change.has_bytes = first & 1;
    at = get(at, &change.allocations);
    at = get(at, &change.frees);
    if (change.has_bytes) at = get(get(at, &change.allocated_bytes), &change.freed_bytes);
    *place = (struct memscope_change_place){.at = (uint8_t *)at, .leaf = change.leaf};
    return change;
}

static void advance(struct memscope_change_source *source) {
    if (source->left == 0) {
        source->change.leaf = UINT32_MAX;
        return;
    }
    source->left--;
    source->change = memscope_change_get(&source->place);
}

void memscope_change_merge_begin(struct memscope_change_merger *merger, uint8_t *room, const struct memscope_change_list *first,
                                 const struct memscope_change_list *second) {
    *merger = (struct memscope_change_merger){
        .first = {.place.at = first->bytes, .left = first->count},
        .second = {.place.at = second->bytes, .left = second->count},
        .place.at = room,
    };
    advance(&merger->first);
    advance(&merger->second);
}

bool memscope_change_merge(struct memscope_change_merger *merger, uint32_t limit) {
    struct memscope_change_source *a = &merger->first, *b = &merger->second;
    bool is_whole = a->change.leaf == UINT32_MAX && b->change.leaf == UINT32_MAX;
    for (; limit > 0 && (a->change.leaf != UINT32_MAX || b->change.leaf != UINT32_MAX); limit--) {
        struct memscope_change change = a->change.leaf <= b->change.leaf ? a->change : b->change;
        if (a->change.leaf == b->change.leaf) {
            change.allocations += b->change.allocations;
            change.frees += b->change.frees;
            change.allocated_bytes += b->change.allocated_bytes;
            change.freed_bytes += b->change.freed_bytes;
        }
        if (b->change.leaf == change.leaf) advance(b);
        if (a->change.leaf == change.leaf) advance(a);
        memscope_change_put(&merger->place, &change);
        merger->count++;
    }
    return !is_whole;
}
