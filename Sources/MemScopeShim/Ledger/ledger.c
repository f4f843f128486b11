#define _GNU_SOURCE
#include "ledger.h"

#include <string.h>

#include "../Lifecycle/mapping.h"
#include "../Lifecycle/state.h"
#include "../Lifecycle/switch.h"
#include "arc_hooks.h"
#include "object_index.h"
#include "selection.h"

struct memscope_ledger memscope_ledger;

static enum memscope_ledger_state state;
static const char *complaint = "";
static char wish[MEMSCOPE_SELECTION_BYTES];

enum memscope_ledger_state memscope_ledger_state(void) { return __atomic_load_n(&state, __ATOMIC_ACQUIRE); }
const char *memscope_ledger_complaint(void) { return complaint; }
const char *memscope_ledger_selection(void) { return wish; }

bool memscope_ledger_map(void) {
    struct memscope_ledger *ledger = &memscope_ledger;
    unsigned shift = memscope_table_shift();
    ledger->object_capacity = MEMSCOPE_LEDGER_OBJECTS >> (shift > 10 ? 10 : shift);
    ledger->claim_capacity = MEMSCOPE_LEDGER_CLAIMS >> (shift > 10 ? 10 : shift);
    uint32_t sites = memscope_engine.leaf_capacity;
    ledger->objects = memscope_map_table(sizeof *ledger->objects, &ledger->object_capacity, 1u << 12);
    ledger->claims = memscope_map_table(sizeof *ledger->claims, &ledger->claim_capacity, 1u << 12);
    ledger->sites = memscope_map((size_t)sites * sizeof *ledger->sites);
    ledger->types = memscope_map(MEMSCOPE_LEDGER_TYPES * sizeof *ledger->types);
    ledger->ended = memscope_map(MEMSCOPE_LEDGER_ENDED * sizeof *ledger->ended);
    // Index 0 is none.
    ledger->object_count = ledger->claim_count = 1;
    return ledger->objects && ledger->claims && ledger->sites && ledger->types && ledger->ended && memscope_object_index_start();
}

static const char *start(const char *selection) {
    enum memscope_ledger_mode mode = memscope_selection_read(selection);
    if (mode == MEMSCOPE_LEDGER_MODE_OFF && strlen(selection) >= MEMSCOPE_SELECTION_BYTES)
        return "The selection of objects is longer than 4095 bytes.";
    if (mode == MEMSCOPE_LEDGER_MODE_OFF)
        return "The selection of objects must be all, sampled:N, or types: or scopes: and at least one name.";
    if (!memscope_switch.types) return "The program has no Swift runtime, or hides it.";
    if (!memscope_ledger_map()) return "The kernel refused memory for the retain ledger.";
    __atomic_store_n(&memscope_switch.ledger, MEMSCOPE_LEDGER_MODE_TEST, __ATOMIC_SEQ_CST);
    const char *reason = memscope_arc_hooks_install();
    // Before objects get rows: other threads free meanwhile, and must take the rows back.
    if (!reason) __atomic_store_n(&memscope_switch.types, MEMSCOPE_TYPES_AND_LEDGER, __ATOMIC_SEQ_CST);
    __atomic_store_n(&memscope_switch.ledger, reason ? MEMSCOPE_LEDGER_MODE_OFF : mode, __ATOMIC_SEQ_CST);
    return reason;
}

void memscope_ledger_start(const char *selection) {
    if (!*selection || state != MEMSCOPE_LEDGER_OFF) return;
    // What does not fit is cut between characters; it is declined below.
    size_t length = strnlen(selection, sizeof wish - 1);
    while (length > 0 && ((uint8_t)selection[length] & 0xc0) == 0x80) length--;
    memcpy(wish, selection, length);
    const char *reason = start(selection);
    if (reason) complaint = reason;
    __atomic_store_n(&state, reason ? MEMSCOPE_LEDGER_DECLINED : MEMSCOPE_LEDGER_RUNS, __ATOMIC_RELEASE);
}

void memscope_ledger_stop(void) {
    if (state != MEMSCOPE_LEDGER_RUNS) return;
    memscope_arc_hooks_remove();
    __atomic_store_n(&memscope_switch.ledger, MEMSCOPE_LEDGER_MODE_OFF, __ATOMIC_RELAXED);
}
