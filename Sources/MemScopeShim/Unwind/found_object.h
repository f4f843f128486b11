// What the C library says of the module around a code address, without a lock.
//
// dl_iterate_phdr takes the loader's lock, which another thread may hold while it waits for a lock of ours or while it
// allocates inside dlopen.
#ifndef MEMSCOPE_FOUND_OBJECT_H
#define MEMSCOPE_FOUND_OBJECT_H

#include <stdint.h>

/// What _dl_find_object fills in: the C library's struct dl_find_object, whose layout is part of its ABI. Declared here
/// because headers before glibc 2.35 lack it.
struct memscope_found_object {
    uint64_t flags;
    void *_Nullable map_start;
    void *_Nullable map_end;
    void *_Nullable link_map;
    /// The PT_GNU_EH_FRAME segment, that is .eh_frame_hdr.
    void *_Nullable header;
    uint64_t reserved[7];
};

/// Finds the module around an address. Returns 0 if there is one. Null where the C library has no such function.
extern int _dl_find_object(void *_Nonnull, struct memscope_found_object *_Nonnull) __attribute__((weak));

#endif
