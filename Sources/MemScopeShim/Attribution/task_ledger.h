// The ledger of tasks: one record for each that allocated while it was there.
//
// Where a task object lies, the shadow has room that no block uses: the granule 64 bytes into the object never begins a
// block. It holds the record's number, in a word whose leaf is 0, so that nobody takes it for an entry. The record itself says
// which task it is for, by address and number: a word that was left behind is noticed.
#ifndef MEMSCOPE_TASK_LEDGER_H
#define MEMSCOPE_TASK_LEDGER_H

#include <stdint.h>

#include "../Ring/thread.h"

#pragma clang assume_nonnull begin

/// The record of the task that the calling thread runs, made if there is none yet; 0 when the table is full. Inside a
/// hook. No lock for a task that is known.
uint32_t memscope_task_record(struct memscope_thread *thread, const void *task, uint64_t id);

/// Notes that the task is running, and its name if it has one. On the thread that runs it.
void memscope_task_seen(uint32_t record, const void *task);

/// To be called when a task object is about to be freed: its record ends. Inside a hook.
void memscope_task_gone(struct memscope_thread *thread, uintptr_t task);

/// The place of a task object's word in the shadow, null when it has none.
uint64_t *_Nullable memscope_task_word(uintptr_t task);

/// The record that the word names, if it is that of the task at the address; else 0.
uint32_t memscope_task_record_in(uint64_t word, uintptr_t task);

#pragma clang assume_nonnull end
#endif
