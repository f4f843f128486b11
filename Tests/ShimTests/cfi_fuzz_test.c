// Damaged call frame information must never be followed out of its bounds.
//
// The program's own .eh_frame_hdr and .eh_frame are copied to the end of a mapping with an inaccessible page behind it.
// Random bytes are changed, and every stage runs on what results. After each round the damage is undone and the outcome
// must be the first one again. Random programs and cut-off sections lie in blocks of their exact size, for the address
// sanitizer.

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cfi_row.h"
#include "cfi_step.h"
#include "check.h"

enum { sample_count = 64, stack_words = 64 };

static uint64_t random_state = 0x243f6a8885a308d3;

/// A fixed sequence: a failure can be repeated.
static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static struct memscope_cfi_section copy;
static uint8_t *bytes;
static size_t size;
static uintptr_t samples[sample_count];
static uint64_t expected[sample_count];
static unsigned long kinds[memscope_rule_none + 1];

/// Copies bytes as they lie: the segment holds the program's constants too, and an address sanitizer guards each.
__attribute__((no_sanitize("address"))) static void copy_bytes(uint8_t *to, const uint8_t *from, size_t count) {
    for (size_t index = 0; index < count; index++) ((volatile uint8_t *)to)[index] = from[index];
}

/// Copies the CFI of this program; code addresses move with it, for they are relative.
static void copy_section(void) {
    struct memscope_cfi_section section;
    if (!memscope_cfi_find_section((uintptr_t)&copy_section, &section)) abort();
    size = (size_t)(section.segment_end - section.segment);
    size_t pages = (size + 4095) / 4096 * 4096;
    uint8_t *mapping = mmap(NULL, pages + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(mapping + pages, 4096, PROT_NONE);
    bytes = mapping + pages - size;
    copy_bytes(bytes, section.segment, size);
    copy = (struct memscope_cfi_section){
        bytes + (section.header - section.segment), bytes + size, bytes, bytes + size};
    uintptr_t moved = (uintptr_t)bytes - (uintptr_t)section.segment;
    for (size_t index = 0; index < sample_count; index++) {
        uintptr_t start, end;
        const uintptr_t code = (uintptr_t)&copy_section + (index * 41) % 512;
        samples[index] = memscope_cfi_function(code, &start, &end) ? code + moved : 0;
    }
}

/// Runs every stage for one address.
static uint64_t exercise(uintptr_t pc) {
    static uintptr_t words[stack_words];
    struct memscope_cfi_frame frame;
    struct memscope_cfi_row row;
    if (!memscope_cfi_find_frame(&copy, pc, &frame)) return 0;
    struct memscope_frame_registers registers = {
        .pc = pc,
        .sp = (uintptr_t)(words + 8),
        .fp = (uintptr_t)(words + 16),
        .stack_low = (uintptr_t)words,
        .stack_high = (uintptr_t)(words + stack_words),
        .known = ~(uint64_t)0,
    };
    for (size_t index = 0; index < stack_words; index++) words[index] = (uintptr_t)(words + index % stack_words);
    (void)memscope_cfi_step_frame(&frame, &registers);
    if (!memscope_cfi_run(&frame, pc, &row)) return 0;
    memscope_unwind_rule rule = memscope_cfi_pack(&frame, &row);
    kinds[rule.kind]++;
    return rule.bits;
}

/// Where the records begin that the samples need: the damage is done there and in the header.
static size_t damage_at(void) {
    struct memscope_cfi_frame frame;
    size_t header = (size_t)(copy.header - bytes);
    switch (next_random() % 4) {
        case 0: return header + next_random() % 64;
        case 1: return header + next_random() % (size - header);
        default: break;
    }
    uintptr_t pc = samples[next_random() % sample_count];
    if (!memscope_cfi_find_frame(&copy, pc, &frame)) return next_random() % size;
    const uint8_t *from = next_random() % 4 ? frame.instructions : frame.initial;
    size_t before = next_random() % 28;
    return (size_t)(from - bytes) - before + next_random() % 40;
}

static void damage_and_repair(unsigned rounds) {
    enum { changes = 6 };
    for (unsigned round = 0; round < rounds; round++) {
        size_t places[changes];
        uint8_t old[changes];
        unsigned count = 1 + (unsigned)(next_random() % changes);
        for (unsigned index = 0; index < count; index++) {
            places[index] = damage_at() % size;
            old[index] = bytes[places[index]];
            // Small numbers and all-ones reach further than noise does.
            static const uint8_t favourites[] = {0, 1, 0xff, 0x7f, 0x80, 0x0a, 0x0b, 0x0f, 0x10, 0x16, 0x01, 0x06};
            bytes[places[index]] = next_random() % 2 ? (uint8_t)next_random()
                                                     : favourites[next_random() % sizeof favourites];
        }
        for (unsigned index = 0; index < 8; index++) exercise(samples[next_random() % sample_count]);
        exercise((uintptr_t)next_random());
        exercise((uintptr_t)bytes + next_random() % size);
        while (count-- > 0) bytes[places[count]] = old[count];
        unsigned index = (unsigned)(next_random() % sample_count);
        CHECK(exercise(samples[index]) == expected[index]);
    }
}

/// Runs random programs and expressions from blocks of exactly their size.
static void random_programs(unsigned rounds) {
    unsigned long completed = 0;
    for (unsigned round = 0; round < rounds; round++) {
        size_t length = 1 + next_random() % 48;
        uint8_t *program = malloc(length);
        static const uint8_t openings[] = {0x0f, 0x10, 0x16, 0x0c, 0x0a, 0x0b, 0x41, 0x86};
        for (size_t index = 0; index < length; index++) {
            program[index] = next_random() % 3 ? (uint8_t)(next_random() % 0x98)
                                               : openings[next_random() % sizeof openings];
        }
        uintptr_t words[stack_words] = {0};
        struct memscope_cfi_frame frame = {
            .start = 0x1000,
            .end = 0x2000,
            .initial = program,
            .initial_end = program,
            .instructions = program,
            .instructions_end = program + length,
            .code_factor = next_random() % 4 ? 1 : next_random(),
            .data_factor = next_random() % 4 ? -8 : (int64_t)next_random(),
            .return_column = MEMSCOPE_DWARF_PC,
        };
        struct memscope_frame_registers registers = {
            .pc = 0x1000 + next_random() % 64,
            .sp = (uintptr_t)(words + 8),
            .fp = (uintptr_t)(words + 16),
            .stack_low = (uintptr_t)words,
            .stack_high = (uintptr_t)(words + stack_words),
            .known = next_random(),
        };
        struct memscope_cfi_row row;
        if (memscope_cfi_run(&frame, registers.pc, &row)) {
            completed++;
            row.place[MEMSCOPE_DWARF_PC] = memscope_place_same;
            (void)memscope_cfi_pack(&frame, &row);
            (void)memscope_cfi_step_frame(&frame, &registers);
        }
        free(program);
    }
    CHECK(completed > rounds / 100 && completed < rounds);
}

/// Without its sorted table the section gives the same answers, by a scan.
static void scan_equals_search(void) {
    size_t at = (size_t)(copy.header - bytes) + 3;
    uint8_t encoding = bytes[at];
    bytes[at] = 0xff;
    for (size_t index = 0; index < sample_count; index++) CHECK(exercise(samples[index]) == expected[index]);
    bytes[at] = encoding;
}

/// Cut off anywhere, the section is never read beyond.
static void cut_off(void) {
    struct memscope_cfi_section whole = copy;
    for (size_t length = 0; length < size; length += 1 + length / 64) {
        uint8_t *block = malloc(length + 1);
        memcpy(block, bytes + size - length, length);
        copy = (struct memscope_cfi_section){block, block + length, block, block + length};
        exercise(samples[length % sample_count]);
        free(block);
    }
    copy = whole;
}

int main(int count, char **arguments) {
    unsigned rounds = count > 1 ? (unsigned)atoi(arguments[1]) : 30000;
    copy_section();
    unsigned regular = 0;
    for (size_t index = 0; index < sample_count; index++) {
        expected[index] = exercise(samples[index]);
        regular += (expected[index] & 7) == memscope_rule_regular;
    }
    CHECK(regular > sample_count / 2);
    scan_equals_search();
    damage_and_repair(rounds);
    random_programs(rounds * 4);
    cut_off();
    printf("rules of damaged records: regular %lu, end %lu, complex %lu\n", kinds[memscope_rule_regular],
           kinds[memscope_rule_end], kinds[memscope_rule_complex]);
    return CHECK_END();
}
