// Where pointers to blocks may be besides in blocks.
//
//   threads    registers, stacks from the stack pointer, thread-local storage            roots_threads.c
//   modules    the writable data of the executable and the libraries, ours excepted       roots_mappings.c
//   mappings   whatever else can be written and is private, but for heap, stacks, and what is MemScope's
//   blocks     in use, but not known: from before tracking, or just being resized         roots_blocks.c
//   kernel     pointers that the program gave the kernel to keep                          roots_kernel.c
//   added      memory that the program named                                              added_roots.c
//   kept       memory that copies of the process do not get                               kept_memory.c
//
// The first three can be switched off (root_classes.h).
#ifndef MEMSCOPE_ROOTS_H
#define MEMSCOPE_ROOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "../Capture/closure_table.h"
#include "../Capture/writer.h"
#include "glibc_heap.h"
#include "glibc_threads.h"
#include "mark.h"
#include "memory_map.h"
#include "range_list.h"
#include "root_classes.h"
#include "world.h"

#pragma clang assume_nonnull begin

struct memscope_roots {
    struct memscope_block_index *index;
    struct memscope_memory_map *map;
    struct memscope_marking *mark;
    const struct memscope_world *world;
    /// Bits of memscope_root_class.
    uint32_t classes;
    /// Takes the names of roots; null when they are not wanted.
    struct memscope_writer *_Nullable writer;
    /// The functions that references on stacks belong to, with the whole graph.
    struct memscope_closure_table stack_functions;
    /// The module that was named last, and its name there.
    uint32_t named_path, name_of_path;
    /// Whether the search is made in a copy of the process.
    bool is_copy;
    /// A thread whose stack counts from `stack_pointer` on, because it will not return below; 0 for none.
    int32_t leaving_thread;
    uintptr_t leaving_stack_pointer;
    /// What is no root as memory: sorted once all have added to it.
    struct memscope_range_list excluded;
    struct memscope_thread_place *places;
    /// UINT32_MAX when the C library's lists could not be read.
    uint32_t place_count;
    struct memscope_glibc_heap heap;
    bool is_glibc;
    /// Of pages of files it is not known whether the program wrote to them.
    bool has_unknown_pages;
    /// Memory was written to, and cannot be read.
    bool has_unreadable_pages;
    /// Why more was taken for roots than should be: sentences, or empty. Static text.
    const char *_Nonnull complaints[8];
    uint32_t complaint_count;
};

/// Finds and excludes, then marks everything that can be reached. Other members are the caller's. False when there is no memory.
bool memscope_roots_mark(struct memscope_roots *roots);

/// Lists the threads and excludes their stacks.
bool memscope_roots_find_threads(struct memscope_roots *roots);
/// Marks from registers, stacks and thread-local storage.
void memscope_roots_mark_threads(struct memscope_roots *roots);
/// Excludes what is MemScope's. False when not all of it is known.
bool memscope_roots_exclude_ours(struct memscope_roots *roots);
/// Marks from the data of modules and from other mappings.
void memscope_roots_mark_mappings(struct memscope_roots *roots);
/// Marks from blocks in use that are not in the index.
void memscope_roots_mark_blocks(struct memscope_roots *roots);
/// Marks what only the kernel has a pointer to, as far as it was read.
void memscope_roots_mark_kernel(struct memscope_roots *roots);

/// Finds out what the program gave the kernel to keep. Before the threads are stopped.
void memscope_kernel_words_find(void);
/// Reads it again while the threads stand still, unless it is much.
void memscope_kernel_words_read(void);
/// Adds what is there by now if it was not read then. In the search.
void memscope_kernel_words_complete(void);
/// Gives back what was read.
void memscope_kernel_words_forget(void);

/// Marks from the parts of a range that lie in no known block. Blocks are searched when something leads to them; in a heap whose
/// layout is not known, that is all that tells what is free.
void memscope_roots_mark_outside_blocks(const struct memscope_roots *roots, uintptr_t start, uintptr_t end,
                                        enum memscope_root_kind kind, uint32_t name);

/// Notes why more than should be was taken for roots.
void memscope_roots_complain(struct memscope_roots *roots, const char *sentence);

#pragma clang assume_nonnull end
#endif
