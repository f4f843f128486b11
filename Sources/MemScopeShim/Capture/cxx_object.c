#define _GNU_SOURCE
#include "cxx_object.h"

#include <string.h>

#include "../SwiftRuntime/module_ranges.h"

enum { VERDICTS = 4096, ACCEPTED = 64 };

// The typeinfo before a vtable, null when there is none that may be read. A vtable of a whole object has offset 0 to its top.
static const uint64_t *_Nullable typeinfo_of(uint64_t vtable) {
    if ((vtable & 7) != 0 || !memscope_page_filter_passes(vtable) || !memscope_in_module(vtable - 16, 24)) return NULL;
    const uint64_t *words = (const uint64_t *)(uintptr_t)vtable;
    uint64_t typeinfo = words[-1];
    if (words[-2] != 0 || (typeinfo & 7) != 0 || !memscope_in_module(typeinfo, 16)) return NULL;
    return (const uint64_t *)(uintptr_t)typeinfo;
}

// A text of a module's data; null when it does not end there.
static const char *_Nullable text_at(uint64_t address) {
    struct memscope_range range = memscope_range_of(address);
    const char *text = (const char *)(uintptr_t)address;
    return range.end != 0 && memchr(text, 0, range.end - address) ? text : NULL;
}

// Whether a typeinfo's own vtable is that of a class: with no base, with one, with several. It has a typeinfo in its turn.
static bool describes_class(uint64_t vtable) {
    static uint64_t accepted[ACCEPTED];
    static unsigned count;
    for (unsigned i = 0; i < count; i++)
        if (accepted[i] == vtable) return true;
    const uint64_t *typeinfo = typeinfo_of(vtable);
    const char *name = typeinfo ? text_at(typeinfo[1]) : NULL;
    if (!name) return false;
    static const char *const names[] = {"N10__cxxabiv117__class_type_infoE", "N10__cxxabiv120__si_class_type_infoE",
                                        "N10__cxxabiv121__vmi_class_type_infoE"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) != 0) continue;
        if (count < ACCEPTED) accepted[count++] = vtable;
        return true;
    }
    return false;
}

static bool judge(uint64_t word) {
    const uint64_t *typeinfo = typeinfo_of(word);
    return typeinfo && describes_class(typeinfo[0]) && text_at(typeinfo[1]);
}

bool memscope_cxx_is_vtable(uint64_t word) {
    static uint64_t verdicts[VERDICTS];  // the word, with the lowest bit set where it is a vtable
    if ((word & 7) != 0 || word < 0x10000 || word >> 47 != 0 || !memscope_page_filter_passes(word)) return false;
    uint64_t *known = &verdicts[(word * UINT64_C(0x9E3779B97F4A7C15)) >> 52];
    if ((*known & ~UINT64_C(1)) != word) *known = word | judge(word);
    return *known & 1;
}

size_t memscope_cxx_type_name(uint64_t vtable, char *buffer, size_t capacity) {
    const uint64_t *typeinfo = typeinfo_of(vtable);
    const char *name = typeinfo ? text_at(typeinfo[1]) : NULL;
    if (!name || capacity == 0) return 0;
    // A type that no other file can name is marked so.
    if (*name == '*') name++;
    size_t length = strnlen(name, capacity - 1);
    memcpy(buffer, name, length);
    buffer[length] = 0;
    return length;
}
