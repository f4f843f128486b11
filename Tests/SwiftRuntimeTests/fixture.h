#ifndef MEMSCOPE_FIXTURE_H
#define MEMSCOPE_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What the fixture programs, which are Swift, ask of the C code under test.

/// Publishes the loaded modules' segments and finds the runtime, as MemScope does at start.
/// Returns false, after a message, when the runtime cannot be found.
bool fixture_start(void);

/// The name that memscope_type_name gives; `kind` as in the capture file, 255 for none.
size_t fixture_type_name(const void *_Nonnull isa, const void *_Nullable object, char *_Nonnull buffer, size_t capacity,
    uint8_t *_Nonnull kind);

/// The kinds of the block at `object` by the tests for live and for freed blocks.
uint8_t fixture_live_kind(const void *_Nonnull object);
uint8_t fixture_freed_kind(uint64_t word0, uint64_t word1, size_t size);
uint8_t fixture_kind(uint64_t word0, size_t size);
uint8_t fixture_kind_uncached(uint64_t word0, size_t size);

/// Polls the runtime's metadata pool; the number of pools known.
void fixture_poll_pool(void);
size_t fixture_pool_count(void);

/// Says what a block is, to be compared when it is freed; 255 for no object. Turns judging on.
void fixture_announce(const void *_Nonnull block, uint8_t kind);

/// Announced blocks judged rightly and wrongly; then the other blocks by kind, 0 to 6, and those of none.
void fixture_census(uint64_t *_Nonnull result);

/// A malloc'd block of 64 bytes that starts with these words, and free.
void *_Nonnull fixture_raw_block(uint64_t word0, uint64_t word1);
void fixture_free(void *_Nonnull block);

/// Takes every address of every module for a metadata pointer. Returns how many were recognised, and of them named.
size_t fixture_try_every_address(size_t *_Nonnull named);

/// The address point of a C++ vtable, 0 if there is none.
uint64_t fixture_vtable(void);

/// The published segments.
size_t fixture_range_count(void);
void fixture_range(size_t index, uint64_t *_Nonnull start, uint64_t *_Nonnull end);

/// Turns the look at the running task in each allocation on or off.
void fixture_watch(bool on);

/// Allocations in tasks; of these without a known executor frame; with a marked async frame; whose chain
/// agrees with the marked frame's; differs; allocations of new tasks; answers that change when the context is known.
void fixture_watch_counts(uint64_t *_Nonnull result);

/// The logical stack of the running task from its caller outwards; `boundary` is the number of physical frames.
size_t fixture_logical_stack(uint64_t *_Nonnull addresses, size_t capacity, size_t *_Nonnull boundary);

/// The async callers of the function that declared the running `async let`; the parent must be waiting for it.
size_t fixture_async_let_callers(uint64_t *_Nonnull addresses, size_t capacity);

/// Nanoseconds for each of: prefilter on a raw word, full test cached, full test uncached, type name; and for the current
/// task, that with its async context, and that when it is known.
void fixture_measure_metadata(const void *_Nonnull object, double *_Nonnull nanoseconds);
void fixture_measure_context(double *_Nonnull nanoseconds);

/// The running task's number, flags, and its parent's number (0 for none).
uint64_t fixture_task_id(void);
uint32_t fixture_task_flags(void);
uint64_t fixture_task_parent_id(void);

/// The value of a task-local of the running task. False when there is none.
bool fixture_scope_value(const void *_Nonnull key, uint64_t *_Nonnull value);

/// The mangled name of the function that `address` lies in, or "?".
const char *_Nonnull fixture_symbol(uint64_t address);

/// The same by the runtime's own lookup, which also knows values outside of tasks.
bool fixture_thread_scope_value(const void *_Nonnull key, uint64_t *_Nonnull value);

/// Whether tasks are readable, self-test included; says why not.
bool fixture_tasks_available(void);

/// What lies at `offset` of `object`: its name, and how it refers to what it holds (0 strong, 1 weak, 2 unowned, 3
/// unmanaged). The length of the name, -1 for nothing known.
ptrdiff_t fixture_field(const void *_Nonnull object, size_t offset, char *_Nonnull buffer, size_t capacity, uint8_t *_Nonnull ownership);

/// The same as a reader of a capture's section of fields gets it; `other` is an object of another type.
ptrdiff_t fixture_table_field(const void *_Nonnull object, const void *_Nonnull other, size_t offset, char *_Nonnull buffer,
    size_t capacity, uint8_t *_Nonnull ownership);

/// The bytes that `malloc` gave.
size_t fixture_block_size(const void *_Nonnull block);

/// The size of the class's property with this index as its type's mangled name tells it; -1 when unknown.
ptrdiff_t fixture_property_size(const void *_Nonnull object, size_t index);

/// Compares the extent of every struct and enum of every module, as its fields' mangled names give it, with what the
/// runtime has for it: how many there are; how many extents are known; how many of these are wrong.
void fixture_compare_extents(uint64_t *_Nonnull counts);

/// Reads the fields of the program's types so many times, each time with other bytes of their records damaged. Returns how
/// often that made a difference; 0 too when the records are not the old ones afterwards.
size_t fixture_damage_fields(size_t rounds);

/// The mangled name of the function of the closure whose context pointer stands at `holder`, or "?".
const char *_Nonnull fixture_closure(const void *_Nonnull holder);

/// Takes every address of every module for a type. Returns how many have fields; each was asked about at some offsets.
size_t fixture_try_every_field(void);

#endif
