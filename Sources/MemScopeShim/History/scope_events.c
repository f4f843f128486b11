#include "memscope_events.h"

static uint64_t length_of(const struct memscope_scope_event *event) { return event->end - event->begin; }

static bool is_before(const struct memscope_scope_event *a, const struct memscope_scope_event *b) {
    return length_of(a) != length_of(b) ? length_of(a) < length_of(b) : a->lot < b->lot;
}

static void rise(struct memscope_scope_event *events, uint32_t at, struct memscope_scope_event event) {
    for (; at > 0 && is_before(&event, &events[(at - 1) / 2]); at = (at - 1) / 2) events[at] = events[(at - 1) / 2];
    events[at] = event;
}

static void sink(struct memscope_scope_event *events, uint32_t count, struct memscope_scope_event event) {
    uint32_t at = 0;
    for (uint32_t child = 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && is_before(&events[child + 1], &events[child])) child++;
        if (!is_before(&events[child], &event)) break;
        events[at] = events[child];
        at = child;
    }
    events[at] = event;
}

void memscope_scope_event_keep(struct memscope_scope_event *events, uint32_t *count, const struct memscope_scope_event *event,
                               uint64_t number) {
    struct memscope_scope_event kept = *event;
    kept.lot = (uint32_t)(number * UINT64_C(0x9E3779B97F4A7C15) >> 32);
    if (*count < MEMSCOPE_SCOPE_EVENTS) rise(events, (*count)++, kept);
    else if (is_before(&events[0], &kept)) sink(events, *count, kept);
}
