// Hand-written frame descriptions and expressions against what they must mean.

#define _GNU_SOURCE

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cfi_reader.h"
#include "cfi_memory.h"
#include "cfi_row.h"
#include "cfi_signal.h"
#include "cfi_step.h"
#include "check.h"
#include "frame_builder.h"

#define BYTES(...) ((const uint8_t[]){__VA_ARGS__}), sizeof((const uint8_t[]){__VA_ARGS__})

enum { FP = MEMSCOPE_DWARF_FP, SP = MEMSCOPE_DWARF_SP };
#if defined(__x86_64__)
enum { RA = 16, SAVED = 3, LOST = 0 };
#else
enum { RA = 30, SAVED = 19, LOST = 9 };
#endif

/// The CIE every compiler writes on x86-64: CFA = sp + 8, return address below it.
static const uint8_t usual_start[] = {0x0c, SP, 8, 0x80 | RA, 1};

static struct frame_builder builder;

/// Describes a function at 0x1000 of 0x100 bytes by a program.
static struct frame_description usual(const uint8_t *program, size_t size) {
    return (struct frame_description){
        .augmentation = "zR",
        .initial = usual_start,
        .initial_size = sizeof usual_start,
        .program = program,
        .program_size = size,
        .start = 0x1000,
        .length = 0x100,
        .version = 1,
        .return_column = RA,
    };
}

/// Reads the built records from a block of exactly their size, so that an address sanitizer sees each byte too many.
static bool read_built(struct memscope_cfi_frame *frame, uint8_t **block) {
    *block = malloc(builder.size);
    memcpy(*block, builder.bytes, builder.size);
    return memscope_cfi_read_frame(*block, *block + builder.size, *block + builder.frame, frame, NULL);
}

static memscope_unwind_rule rule_of(struct frame_description description, uintptr_t pc) {
    struct memscope_cfi_frame frame;
    struct memscope_cfi_row row;
    memscope_unwind_rule rule = {.kind = memscope_rule_none};
    uint8_t *block;
    build_frame(&builder, &description);
    if (read_built(&frame, &block) && memscope_cfi_run(&frame, pc, &row)) rule = memscope_cfi_pack(&frame, &row);
    free(block);
    return rule;
}

static bool is_rule(memscope_unwind_rule rule, bool from_fp, int cfa, int fp, int ra) {
    return rule.kind == memscope_rule_regular && rule.cfa_from_fp == from_fp && rule.cfa_words == cfa
        && rule.fp_saved == (fp != 0) && rule.fp_words == fp && rule.ra_words == ra && rule.flags == 0;
}

static void rules_follow_the_code(void) {
    // push fp; mov fp, sp; …; pop fp
    struct frame_description description = usual(
        BYTES(0x41, 0x0e, 16, 0x80 | FP, 2, 0x43, 0x0d, FP, 0x02, 0x80, 0x0c, SP, 8, 0xc0 | FP));
    CHECK(is_rule(rule_of(description, 0x1000), false, 1, 0, -1));
    CHECK(is_rule(rule_of(description, 0x1001), false, 2, -2, -1));
    CHECK(is_rule(rule_of(description, 0x1003), false, 2, -2, -1));
    CHECK(is_rule(rule_of(description, 0x1004), true, 2, -2, -1));
    CHECK(is_rule(rule_of(description, 0x1083), true, 2, -2, -1));
    CHECK(is_rule(rule_of(description, 0x1084), false, 1, 0, -1));
}

static void every_instruction_is_known(void) {
    CHECK(is_rule(rule_of(usual(BYTES(0x0a, 0x0e, 64, 0x42, 0x0b)), 0x1001), false, 8, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x0a, 0x0e, 64, 0x42, 0x0b)), 0x1002), false, 1, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x12, SP, 0x7c)), 0x1000), false, 4, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x13, 0x7d)), 0x1000), false, 3, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x05, FP, 3)), 0x1000), false, 1, -3, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x11, FP, 3)), 0x1000), false, 1, -3, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x11, FP, 0x7e)), 0x1000), false, 1, 2, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x2f, FP, 4)), 0x1000), false, 1, 4, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x80 | FP, 5, 0x06, FP)), 0x1000), false, 1, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x80 | FP, 5, 0x08, FP)), 0x1000), false, 1, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x2e, 0x90, 1, 0x2d, 0x2c, 0x00)), 0x1000), false, 1, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x03, 2, 1, 0x0e, 24)), 0x1101), false, 1, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x03, 2, 1, 0x0e, 24)), 0x1102), false, 3, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x04, 2, 1, 0, 0, 0x0e, 24)), 0x1102), false, 3, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x1d, 2, 1, 0, 0, 0, 0, 0, 0, 0x0e, 24)), 0x1102), false, 3, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x01, 0x20, 0x10, 0, 0, 0, 0, 0, 0, 0x0e, 24)), 0x101f), false, 1, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x01, 0x20, 0x10, 0, 0, 0, 0, 0, 0, 0x0e, 24)), 0x1020), false, 3, 0, -1));
    // Vector registers: passed over.
    CHECK(is_rule(rule_of(usual(BYTES(0x05, 72, 3, 0x06, 73, 0x10, 74, 1, 0x96)), 0x1000), false, 1, 0, -1));
    CHECK(is_rule(rule_of(usual(BYTES(0x0e, 0x80, 0x80, 0x10)), 0x1000), false, 32768, 0, -1));
}

static void what_does_not_fit_is_complex(void) {
    CHECK(rule_of(usual(BYTES(0x0f, 2, 0x70 + FP, 0)), 0x1000).kind == memscope_rule_complex);
    CHECK(rule_of(usual(BYTES(0x0c, SAVED, 8)), 0x1000).kind == memscope_rule_complex);
    CHECK(rule_of(usual(BYTES(0x0e, 12)), 0x1000).kind == memscope_rule_complex);
    CHECK(rule_of(usual(BYTES(0x0e, 0x80, 0x80, 0x80, 0x10)), 0x1000).kind == memscope_rule_complex);
    CHECK(rule_of(usual(BYTES(0x80 | FP, 0x80, 0x80, 0x10)), 0x1000).kind == memscope_rule_complex);
    CHECK(rule_of(usual(BYTES(0x10, FP, 2, 0x70 + FP, 0)), 0x1000).kind == memscope_rule_complex);
    CHECK(rule_of(usual(BYTES(0x16, FP, 2, 0x70 + FP, 0)), 0x1000).kind == memscope_rule_complex);
    CHECK(rule_of(usual(BYTES(0x09, RA, SAVED)), 0x1000).kind == memscope_rule_complex);
    CHECK(rule_of(usual(BYTES(0x14, FP, 1)), 0x1000).kind == memscope_rule_complex);
    CHECK(rule_of(usual(BYTES(0x15, FP, 1)), 0x1000).kind == memscope_rule_complex);
    CHECK(rule_of(usual(BYTES(0x07, FP)), 0x1000).kind == memscope_rule_complex);
    CHECK(rule_of(usual(BYTES(0x08, RA)), 0x1000).kind == memscope_rule_complex);
    CHECK(rule_of(usual(BYTES(0x07, RA)), 0x1000).kind == memscope_rule_end);
    struct frame_description signal = usual(BYTES(0));
    signal.augmentation = "zRS";
    CHECK(rule_of(signal, 0x1000).kind == memscope_rule_complex);
}

static void malformed_programs_have_no_rule(void) {
    CHECK(rule_of(usual(BYTES(0x0b)), 0x1000).kind == memscope_rule_none);
    CHECK(rule_of(usual(BYTES(0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a)), 0x1000).kind == memscope_rule_none);
    CHECK(rule_of(usual(BYTES(0x3f)), 0x1000).kind == memscope_rule_none);
    CHECK(rule_of(usual(BYTES(0x0e)), 0x1000).kind == memscope_rule_none);
    CHECK(rule_of(usual(BYTES(0x0e, 0x80)), 0x1000).kind == memscope_rule_none);
    CHECK(rule_of(usual(BYTES(0x04, 1, 2)), 0x1000).kind == memscope_rule_none);
    CHECK(rule_of(usual(BYTES(0x0f, 9, 0x96)), 0x1000).kind == memscope_rule_none);
    struct frame_description restore_in_common = usual(BYTES(0));
    restore_in_common.initial = (const uint8_t[]){0xc0 | FP};
    restore_in_common.initial_size = 1;
    CHECK(rule_of(restore_in_common, 0x1000).kind == memscope_rule_none);
}

static void augmentations_and_versions(void) {
    static const char *const readable[] = {"", "zR", "zPLR", "zRS", "eh", "zRB", "zRX", "zPL"};
    struct frame_description description = usual(BYTES(0x0e, 16));
    struct memscope_cfi_frame frame;
    uint8_t *block;
    for (size_t index = 0; index < sizeof readable / sizeof *readable; index++) {
        for (unsigned version = 0; version < 6; version++) {
            for (int is_wide = 0; is_wide < 2; is_wide++) {
                description.augmentation = readable[index];
                description.version = (uint8_t)version;
                description.is_wide = is_wide;
                build_frame(&builder, &description);
                bool is_known = version == 1 || version == 3 || version == 4;
                CHECK(read_built(&frame, &block) == is_known);
                if (is_known) {
                    CHECK(frame.start == 0x1000 && frame.end == 0x1100 && frame.return_column == RA);
                    CHECK(frame.is_signal_frame == (strchr(readable[index], 'S') != NULL));
                    CHECK(frame.code_factor == 1 && frame.data_factor == -8);
                    CHECK(frame.instructions[0] == 0x0e && frame.instructions_end - frame.instructions == 2);
                    CHECK(frame.initial_end - frame.initial == sizeof usual_start);
                }
                free(block);
            }
        }
    }
    description = usual(BYTES(0));
    description.augmentation = "armcc+";
    build_frame(&builder, &description);
    CHECK(!read_built(&frame, &block));
    free(block);
    description = usual(BYTES(0));
    description.return_column = MEMSCOPE_DWARF_REGISTERS;
    build_frame(&builder, &description);
    CHECK(!read_built(&frame, &block));
    free(block);
}

static void pointer_encodings(void) {
    static const uint8_t encodings[] = {0x00, 0x02, 0x03, 0x04, 0x0a, 0x0b, 0x0c};
    for (size_t index = 0; index < sizeof encodings; index++) {
        struct frame_description description = usual(BYTES(0));
        struct memscope_cfi_frame frame;
        description.encoding = encodings[index];
        build_frame(&builder, &description);
        CHECK(memscope_cfi_read_frame(
            builder.bytes, builder.bytes + builder.size, builder.bytes + builder.frame, &frame, NULL));
        CHECK(frame.start == 0x1000 && frame.end == 0x1100);
    }
    uint8_t bytes[24] = {0x80, 0x01, 0x7f};
    struct memscope_reader_case {
        uint8_t encoding;
        uintptr_t data, expected;
        bool works;
    } cases[] = {{0x01, 0, 128, true},
                 {0x12, 0, (uintptr_t)bytes + 0x0180, true},
                 {0x32, 1000, 1000 + 0x0180, true},
                 {0x32, 0, 0, false},
                 {0x22, 0, 0, false},
                 {0x42, 0, 0, false},
                 {0x92, 0, 0, false},
                 {0x05, 0, 0, false},
                 {0xff, 0, 0, false}};
    for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
        struct memscope_reader reader = {bytes, bytes + sizeof bytes, false};
        CHECK(memscope_reader_pointer(&reader, cases[index].encoding, cases[index].data) == cases[index].expected);
        CHECK(reader.failed == !cases[index].works);
    }
    struct memscope_reader reader = {bytes + 2, bytes + 3, false};
    CHECK(memscope_reader_sleb128(&reader) == -1 && !reader.failed);
    CHECK(memscope_reader_uleb128(&reader) == 0 && reader.failed);
    // An aligned pointer stands at the next multiple of a word.
    _Alignas(8) uint8_t words[24] = {0};
    words[8] = 0x42;
    reader = (struct memscope_reader){words + 3, words + 24, false};
    CHECK(memscope_reader_pointer(&reader, 0x50, 0) == 0x42 && reader.at == words + 16);
}

/// A frame whose stack is `words`.
static struct memscope_frame_registers frame_on(uintptr_t *words, size_t count) {
    return (struct memscope_frame_registers){
        .pc = 0x1004,
        .sp = (uintptr_t)words,
        .fp = (uintptr_t)(words + 2),
        .stack_low = (uintptr_t)words,
        .stack_high = (uintptr_t)(words + count),
        .is_return_address = true,
    };
}

static bool step(struct frame_description description, struct memscope_frame_registers *registers) {
    struct memscope_cfi_frame frame;
    uint8_t *block;
    build_frame(&builder, &description);
    bool works = read_built(&frame, &block) && memscope_cfi_step_frame(&frame, registers);
    free(block);
    return works;
}

static void steps(void) {
    uintptr_t words[8] = {10, 11, 12, 13, 14, 15, 16, 17};
    struct memscope_frame_registers registers = frame_on(words, 8);
    CHECK(step(usual(BYTES(0x0e, 32, 0x80 | FP, 2)), &registers));
    CHECK(registers.pc == 13 && registers.fp == 12 && registers.sp == (uintptr_t)(words + 4));
    CHECK(registers.is_return_address);

    // The frame of a realigned stack: the CFA lies in memory below fp.
    words[1] = (uintptr_t)(words + 7);
    registers = frame_on(words, 8);
    CHECK(step(usual(BYTES(0x0f, 3, 0x70 + FP, 0x78, 0x06, 0x10, FP, 2, 0x70 + FP, 0)), &registers));
    CHECK(registers.pc == 16 && registers.fp == 12 && registers.sp == (uintptr_t)(words + 7));

    // A CFA in another register: only if that is known.
    registers = frame_on(words, 8);
    CHECK(!step(usual(BYTES(0x0c, SAVED, 16)), &registers));
    CHECK(registers.pc == 0x1004 && registers.sp == (uintptr_t)words);
    registers.others[SAVED] = (uintptr_t)(words + 2);
    registers.known = (uint64_t)1 << SAVED;
    CHECK(step(usual(BYTES(0x0c, SAVED, 16)), &registers));
    CHECK(registers.pc == 13 && registers.others[SAVED] == (uintptr_t)(words + 2));
    CHECK(registers.known >> SAVED & 1);

    // What a call may destroy is lost, what the row says is found.
    registers = frame_on(words, 8);
    registers.known = (uint64_t)1 << LOST;
    CHECK(step(usual(BYTES(0x0e, 32, 0x80 | SAVED, 2)), &registers));
    CHECK(!(registers.known >> LOST & 1) && registers.others[SAVED] == 12 && registers.known >> SAVED & 1);

    registers = frame_on(words, 8);
    CHECK(step(usual(BYTES(0x14, FP, 1, 0x15, SP, 0x7e, 0x09, RA, FP)), &registers));
    CHECK(registers.fp == (uintptr_t)words && registers.sp == (uintptr_t)(words + 3));
    CHECK(registers.pc == (uintptr_t)(words + 2));
    registers = frame_on(words, 8);
    CHECK(step(usual(BYTES(0x16, FP, 2, 0x08, 99)), &registers) && registers.fp == 99);
    registers = frame_on(words, 8);
    CHECK(step(usual(BYTES(0x07, FP)), &registers) && registers.fp == 0);
    registers = frame_on(words, 8);
    CHECK(step(usual(BYTES(0x07, RA)), &registers) && registers.pc == 0);

    struct frame_description signal = usual(BYTES(0x0e, 32));
    signal.augmentation = "zRS";
    registers = frame_on(words, 8);
    CHECK(step(signal, &registers) && !registers.is_return_address);

    // The row of the call, not the one behind it; at an interrupted instruction, its own.
    struct frame_description call = usual(BYTES(0x44, 0x0e, 32));
    registers = frame_on(words, 8);
    CHECK(step(call, &registers) && registers.pc == 10);
    registers = frame_on(words, 8);
    registers.is_return_address = false;
    CHECK(step(call, &registers) && registers.pc == 13);
#if defined(__aarch64__)
    // A function that has not saved x30 yet.
    struct frame_description leaf = usual(BYTES(0x2d));
    leaf.initial = (const uint8_t[]){0x0c, SP, 0};
    leaf.initial_size = 3;
    CHECK(rule_of(leaf, 0x1000).kind == memscope_rule_complex);
    registers = frame_on(words, 8);
    CHECK(!step(leaf, &registers));
    registers.others[30] = 0x4444;
    registers.known = (uint64_t)1 << 30;
    CHECK(step(leaf, &registers) && registers.pc == 0x4444 && registers.sp == (uintptr_t)words);
#endif
}

static void loads_are_checked(void) {
    uint8_t *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    mprotect(pages + 4096, 4096, PROT_NONE);
    memset(pages, 0x11, 4096);
    struct memscope_frame_registers registers = {0};
    uint64_t value = 7;
    CHECK(memscope_cfi_load(&registers, (uintptr_t)pages + 4088, 8, &value) && value == 0x1111111111111111);
    CHECK(memscope_cfi_load(&registers, (uintptr_t)pages + 1, 2, &value) && value == 0x1111);
    value = 7;
    CHECK(!memscope_cfi_load(&registers, (uintptr_t)pages + 4096, 8, &value));
    CHECK(!memscope_cfi_load(&registers, (uintptr_t)pages + 4090, 8, &value));
    CHECK(!memscope_cfi_load(&registers, 0, 8, &value));
    CHECK(!memscope_cfi_load(&registers, UINTPTR_MAX - 3, 8, &value));
    CHECK(!memscope_cfi_load(&registers, (uintptr_t)pages, 0, &value));
    CHECK(!memscope_cfi_load(&registers, (uintptr_t)pages, 9, &value));
    CHECK(value == 7);
    munmap(pages, 8192);
}

static void signal_frames_without_cfi(void) {
    static const uint8_t code[] = MEMSCOPE_SIGNAL_RETURN_CODE;
    static const uint8_t order[] = MEMSCOPE_SIGNAL_ORDER;
    CHECK(memscope_is_signal_return((uintptr_t)code));
    CHECK(!memscope_is_signal_return((uintptr_t)order));
    CHECK(!memscope_is_signal_return(8));
    static uintptr_t words[128];
    for (size_t index = 0; index < 128; index++) words[index] = 1000 + index;
    struct memscope_frame_registers registers = frame_on(words, 128);
    registers.pc = (uintptr_t)code;
    CHECK(memscope_cfi_rule(registers.pc, true).kind == memscope_rule_complex);
    CHECK(memscope_cfi_step(&registers) && !registers.is_return_address);
    uintptr_t first = 1000 + MEMSCOPE_SIGNAL_REGISTERS / 8;
    CHECK(registers.pc == first + order[MEMSCOPE_DWARF_PC] && registers.sp == first + order[SP]);
    CHECK(registers.fp == first + order[FP] && registers.others[SAVED] == first + order[SAVED]);
}

static void own_code(void) {
    uintptr_t pc = (uintptr_t)__builtin_extract_return_addr(__builtin_return_address(0));
    uintptr_t start, end;
    CHECK(memscope_cfi_function(pc - 1, &start, &end) && start < pc && pc <= end && end - start < 65536);
    CHECK(memscope_cfi_rule(pc, true).kind == memscope_rule_regular);
    CHECK(memscope_cfi_rule((uintptr_t)&builder, false).kind == memscope_rule_none);
    CHECK(memscope_cfi_rule(0, true).kind == memscope_rule_none);
    CHECK(!memscope_cfi_function(8, &start, &end));
}


int main(void) {
    rules_follow_the_code();
    every_instruction_is_known();
    what_does_not_fit_is_complex();
    malformed_programs_have_no_rule();
    augmentations_and_versions();
    pointer_encodings();
    steps();
    loads_are_checked();
    signal_frames_without_cfi();
    own_code();
    return CHECK_END();
}
