// What a program says about its leaks: where else pointers may be, and what is none.
//
// All of it is for any thread, before tracking begins as well, and is passed on to the active copy like the functions of memscope_shim.h.
#ifndef MEMSCOPE_LEAKS_H
#define MEMSCOPE_LEAKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Adds memory whose words count as pointers, whatever else it is: of a region in a block also when nothing leads to the block. Parts that
/// cannot be read are passed over. Regions that are added twice must be removed twice. Takes a lock of ours.
/// @return Whether there was room (65 536 regions).
bool memscope_leaks_add_root(const void *_Nullable start, size_t bytes);

/// Says of memory that what stands in it is no pointer, wherever it is: of a part of a block, too. As above. A search in the program itself, where no
/// copy can be made, cannot help searching parts of blocks, and says so.
bool memscope_leaks_ignore_root(const void *_Nullable start, size_t bytes);

/// Takes back either, of a region with the same beginning and size. Takes a lock of ours.
/// @return Whether there is one.
bool memscope_leaks_remove_root(const void *_Nullable start, size_t bytes);

/// Says that a block is no leak, nor what it leads to, until it is freed. No lock; looks for the block's beginning.
/// @param place Anywhere in the block. What is no known block is passed over.
/// @return Whether it is in a block that is known.
bool memscope_leaks_ignore(const void *_Nullable place);

/// Says that what the calling thread allocates is no leak, nor what that leads to, until the matching `memscope_leaks_ignore_end`. Nests.
/// An end without a beginning does nothing.
void memscope_leaks_ignore_begin(void);
void memscope_leaks_ignore_end(void);

/// Says that what is allocated in scopes of this name, and in those inside of them, is no leak, nor what that leads to. Holds for what was
/// allocated before as well. Takes a lock of ours.
/// @param name UTF-8, which need not end in NUL.
/// @return Whether there was room (16 KiB of names).
bool memscope_leaks_ignore_scope(const uint8_t *_Nullable name, uint32_t length);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
#endif
