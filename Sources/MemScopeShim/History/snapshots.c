#include "snapshots.h"

#include <string.h>

#include "../Lifecycle/state.h"

void memscope_snapshot_note(const char *reason, bool has_leaks) {
    struct memscope_engine *engine = &memscope_engine;
    if (engine->snapshot_count == MEMSCOPE_SNAPSHOTS) {
        for (uint32_t i = 0; i < MEMSCOPE_SNAPSHOTS / 2; i++) engine->snapshots[i] = engine->snapshots[2 * i + 1];
        engine->snapshot_count /= 2;
    }
    struct memscope_snapshot snapshot = {
        .time = engine->now,
        .live_bytes = engine->allocated_bytes - engine->freed_bytes,
        .live_blocks = engine->allocations - engine->frees,
        .flags = has_leaks,
    };
    strncpy(snapshot.reason, reason, sizeof snapshot.reason - 1);
    engine->snapshots[engine->snapshot_count++] = snapshot;
    engine->snapshots_seen++;
}
