#include "leg_cache.h"

void memscope_leg_keep(const struct memscope_thread *thread, struct memscope_leg *leg, uintptr_t frame, uint32_t joined,
                       const struct memscope_frame_check *end, bool has_met_executor, uintptr_t executor_frame) {
    uint32_t count = thread->depth - joined;
    leg->count = 0;
    if (count > MEMSCOPE_LEG_FRAMES) return;
    const struct memscope_frame_state *joint = &thread->states[joined - 1];
    leg->frame = frame;
    leg->end_hash = joint->hash;
    leg->end_frame_pointer = joint->frame_pointer;
    leg->end = *end;
    if (has_met_executor || joint->frame_pointer == MEMSCOPE_FRAME_POINTER_UNREAD)
        memscope_check_begin(&leg->end, end->slot, end->return_address, end->slot, 0);
    leg->has_met_executor = has_met_executor;
    leg->executor_frame = executor_frame;
    leg->joined = joined;
    for (uint32_t i = 0; i < count; i++)
        leg->frames[i] = (struct memscope_leg_frame){thread->checks[joined + i], thread->states[joined + i]};
    leg->count = count;
}
