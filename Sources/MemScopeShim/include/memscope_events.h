// The drain thread's part of the timeline: runs of scopes with their times.
#ifndef MEMSCOPE_EVENTS_H
#define MEMSCOPE_EVENTS_H

#include "memscope_layout.h"

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Keeps a run among the MEMSCOPE_SCOPE_EVENTS longest. Of runs of the same length chance decides, so that what is kept of many short
/// ones is spread over the time. A few comparisons; most runs of a long time are turned away by the first.
/// @param count How many `events` there are; at most MEMSCOPE_SCOPE_EVENTS.
/// @param event The run. Its `lot` is chosen here.
/// @param number How many there were before it.
MEMSCOPE_DRAIN_SAFE void memscope_scope_event_keep(struct memscope_scope_event *events, uint32_t *count,
                                                   const struct memscope_scope_event *event, uint64_t number);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
