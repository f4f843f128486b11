#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "../../Sources/MemScopeShim/SwiftRuntime/field_names.h"
#include "../../Sources/MemScopeShim/SwiftRuntime/module_ranges.h"
#include "fixture.h"

// Damages the program's own records and has them read: whatever they say, reading them must come to an end.

extern uint8_t __start_swift5_fieldmd[], __stop_swift5_fieldmd[], __start_swift5_typeref[], __stop_swift5_typeref[];
extern uint8_t __start_swift5_capture[], __stop_swift5_capture[], __start_swift5_reflstr[], __stop_swift5_reflstr[];
extern uint8_t __ehdr_start[], _end[];

enum { TYPES = 512, DAMAGES = 24, PAGE = 4096 };

static uint64_t types[TYPES];
static size_t type_count;

static uint32_t next_random(void)
{
    static uint64_t state = 0x853c49e6748fea9bull;
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(state >> 33);
}

static void add_up(void *info, const struct memscope_field *field)
{
    char text[256];
    size_t length = memscope_field_text(field, text, sizeof text);
    for (size_t i = 0; i < length; i++)
        *(uint64_t *)info = *(uint64_t *)info * 31 + (uint8_t)text[i];
    *(uint64_t *)info += field->offset + field->ownership;
}

static uint64_t read_all(void)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < type_count; i++)
        memscope_fields(types[i], add_up, &sum);
    return sum;
}

static void find_types(void)
{
    for (uintptr_t at = ((uintptr_t)__ehdr_start + 15) & ~7ull; at + 8 < (uintptr_t)_end && type_count < TYPES; at += 8) {
        uint64_t sum = 0;
        if (memscope_is_readable(at, 8) && memscope_fields(at, add_up, &sum) > 0)
            types[type_count++] = at;
    }
}

size_t fixture_damage_fields(size_t rounds)
{
    struct { uint8_t *start, *end; } sections[] = {
        {__start_swift5_fieldmd, __stop_swift5_fieldmd},
        {__start_swift5_typeref, __stop_swift5_typeref},
        {__start_swift5_capture, __stop_swift5_capture},
        {__start_swift5_reflstr, __stop_swift5_reflstr},
    };
    enum { SECTIONS = sizeof sections / sizeof sections[0] };
    for (int i = 0; i < SECTIONS; i++) {
        uintptr_t start = (uintptr_t)sections[i].start & ~(PAGE - 1ull);
        // Some linkers put the records into the segment of the code.
        if (mprotect((void *)start, (uintptr_t)sections[i].end - start, PROT_READ | PROT_WRITE | PROT_EXEC) != 0)
            return 0;
    }
    find_types();
    uint64_t whole = read_all();
    size_t seen = 0;
    for (size_t round = 0; round < rounds; round++) {
        // What mangled names are made of, and what makes numbers large or negative.
        static const uint8_t bytes[] = "\0\1\2\1\2\t\x18\xff\x7f\x80SgSayypGtc_xqzIegXwXuXoXxBi64_Sgy_1239Yac";
        struct { uint8_t *at, was; } damages[DAMAGES];
        for (int i = 0; i < DAMAGES; i++) {
            int section = (int)(next_random() % SECTIONS);
            damages[i].at = sections[section].start + next_random() % (uint32_t)(sections[section].end - sections[section].start);
            damages[i].was = *damages[i].at;
            *damages[i].at = next_random() & 1 ? bytes[next_random() % (sizeof bytes - 1)] : (uint8_t)next_random();
        }
        seen += read_all() != whole;
        for (int i = DAMAGES; i-- > 0;)
            *damages[i].at = damages[i].was;
    }
    return read_all() == whole && type_count > 10 ? seen : 0;
}
