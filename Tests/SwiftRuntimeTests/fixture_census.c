#define _GNU_SOURCE
#include <dlfcn.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../Sources/MemScopeShim/SwiftRuntime/metadata.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/type_name.h"
#include "fixture.h"

// A free hook that judges each block, and compares the verdict for blocks of which the program said what they are.

extern void __libc_free(void *block);

enum { CAPACITY = 1 << 16 };
static struct {
    _Atomic uintptr_t address;
    uint8_t kind;
    bool freed;
} announced[CAPACITY];
static _Atomic bool judging;
static _Atomic uint64_t right, wrong, others[256];

static size_t slot_of(uintptr_t address)
{
    size_t slot = (address * 0x9e3779b97f4a7c15ull) >> 48;
    while (announced[slot].address && announced[slot].address != address)
        slot = (slot + 1) % CAPACITY;
    return slot;
}

void fixture_announce(const void *block, uint8_t kind)
{
    size_t slot = slot_of((uintptr_t)block);
    announced[slot].kind = kind;
    announced[slot].freed = false;
    announced[slot].address = (uintptr_t)block;
    judging = true;
}

void free(void *block)
{
    if (block && judging) {
        const uint64_t *words = block;
        size_t size = malloc_usable_size(block);
        uint8_t kind = memscope_metadata_freed_kind(words[0], words[1], size);
        size_t slot = slot_of((uintptr_t)block);
        if (announced[slot].address && !announced[slot].freed) {
            announced[slot].freed = true;
            if (kind == announced[slot].kind) {
                right++;
            } else if (wrong++ < 8) {
                fprintf(stderr, "at free %#lx %#lx: kind %d for %d\n", words[0], words[1], kind, announced[slot].kind);
            }
        } else {
            others[kind]++;
        }
    }
    __libc_free(block);
}

void fixture_census(uint64_t *result)
{
    judging = false;
    result[0] = right;
    result[1] = wrong;
    for (int kind = 0; kind < 7; kind++)
        result[2 + kind] = others[kind];
    result[9] = others[MEMSCOPE_TYPE_NONE];
}

void *fixture_raw_block(uint64_t word0, uint64_t word1)
{
    uint64_t *block = malloc(64);
    block[0] = word0;
    block[1] = word1;
    return block;
}

void fixture_free(void *block)
{
    free(block);
}

size_t fixture_try_every_address(size_t *named)
{
    size_t recognised = 0;
    char name[512];
    *named = 0;
    for (size_t i = 0; i < fixture_range_count(); i++) {
        uint64_t start, end;
        fixture_range(i, &start, &end);
        for (uint64_t at = start; at < end; at += 8) {
            if (memscope_metadata_kind_uncached(at, 1u << 20) == MEMSCOPE_TYPE_NONE)
                continue;
            recognised++;
            *named += memscope_type_name((const void *)at, NULL, name, sizeof name, NULL) > 0;
        }
    }
    return recognised;
}

uint64_t fixture_vtable(void)
{
    void *found = dlsym(RTLD_DEFAULT, "_ZTVN10__cxxabiv117__class_type_infoE");
    return found ? (uint64_t)found + 16 : 0;
}
