// Memory of MemScope's own: private, anonymous, zeroed, never from malloc.
#ifndef MEMSCOPE_MAPPING_H
#define MEMSCOPE_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Maps `bytes` of zeroed memory that is not charged until touched and not written to core files. Null when the
/// kernel refuses. One or two system calls; errno is kept.
void *_Nullable memscope_map(size_t bytes);

/// Maps as many elements as the kernel grants, at most `*capacity`, halving down to `minimum`; stores what was
/// granted in `*capacity`. From the second 2 MiB on huge pages are asked for. Null when even `minimum` is refused.
void *_Nullable memscope_map_table(size_t element_bytes, unsigned *capacity, unsigned minimum);

/// The limit on the process's address space in bytes, UINT64_MAX for none.
uint64_t memscope_address_space(void);

/// Gives a mapping back.
void memscope_unmap(void *start, size_t bytes);

/// Gives the end of a mapping back; all of it when `kept` is 0.
void memscope_map_shrink(void *start, size_t bytes, size_t kept);

/// From here on what the calling thread maps is for one piece of work only, which one thread at a time does.
void memscope_scratch_begin(void);

/// Gives back whatever was mapped since and is still there.
void memscope_scratch_end(void);

/// Bytes resident in all mappings made here, read page by page with mincore. Slow: for reports only.
size_t memscope_mapped_resident(void);

/// Calls `visit` for every mapping made here. In a frozen copy, or while nobody maps. False when there are more than are listed.
bool memscope_mapped_visit(void (*visit)(void *info, uintptr_t start, uintptr_t end), void *info);

#pragma clang assume_nonnull end
#endif
