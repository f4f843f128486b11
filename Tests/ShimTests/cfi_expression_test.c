// DWARF expressions against their values, and malformed ones.

#include <stdlib.h>
#include <string.h>

#include "cfi_expression.h"
#include "check.h"

enum { capacity = 24 };

static uintptr_t word = 0x1122334455667788;

/// Evaluates from a block of exactly the expression's size, with 1000 pushed first.
static bool evaluate(const uint8_t *operations, size_t size, uintptr_t *result) {
    struct memscope_frame_registers registers = {
        .pc = 0x1009,
        .sp = 0x2000,
        .fp = (uintptr_t)&word,
        .stack_low = (uintptr_t)&word,
        .stack_high = (uintptr_t)(&word + 1),
    };
    uintptr_t cfa = 1000;
    uint8_t *block = malloc(size + 1);
    block[0] = (uint8_t)size;
    memcpy(block + 1, operations, size);
    bool works = memscope_cfi_evaluate(block, block + size + 1, &registers, &cfa, result);
    free(block);
    return works;
}

/// An expression and its value.
struct good {
    uint64_t value;
    uint8_t size;
    uint8_t operations[capacity];
};

#define GOOD(value, ...) {(uint64_t)(value), sizeof((uint8_t[]){__VA_ARGS__}), {__VA_ARGS__}}

static const struct good good[] = {
    GOOD(1000, 0x96),
    GOOD(0x0807060504030201, 0x03, 1, 2, 3, 4, 5, 6, 7, 8),
    GOOD(255, 0x08, 255),
    GOOD(-1, 0x09, 255),
    GOOD(0xfffe, 0x0a, 0xfe, 0xff),
    GOOD(-2, 0x0b, 0xfe, 0xff),
    GOOD(0xfffffffe, 0x0c, 0xfe, 0xff, 0xff, 0xff),
    GOOD(-2, 0x0d, 0xfe, 0xff, 0xff, 0xff),
    GOOD(-2, 0x0e, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
    GOOD(-2, 0x0f, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
    GOOD(128, 0x10, 0x80, 1),
    GOOD(-128, 0x11, 0x80, 0x7f),
    GOOD(2000, 0x12, 0x22),
    GOOD(1000, 0x31, 0x13),
    GOOD(1000, 0x31, 0x14),
    GOOD(1000, 0x31, 0x32, 0x15, 2),
    GOOD(1000, 0x31, 0x16),
    GOOD(1, 0x31, 0x32, 0x17),
    GOOD(1000, 0x31, 0x32, 0x17, 0x13),
    GOOD(5, 0x09, 0xfb, 0x19),
    GOOD(5, 0x35, 0x19),
    GOOD(8, 0x38, 0x3c, 0x1a),
    GOOD(-2, 0x09, 0xfa, 0x33, 0x1b),
    GOOD(0x8000000000000000, 0x31, 0x10, 63, 0x24, 0x09, 0xff, 0x1b),
    GOOD(999, 0x31, 0x1c),
    GOOD(4, 0x36, 0x1d),
    GOOD(7000, 0x37, 0x1e),
    GOOD(-1000, 0x1f),
    GOOD(~1000ull, 0x20),
    GOOD(13, 0x35, 0x38, 0x21),
    GOOD(1001, 0x31, 0x22),
    GOOD(1200, 0x23, 0xc8, 1),
    GOOD(4000, 0x32, 0x24),
    GOOD(0, 0x08, 64, 0x24),
    GOOD(250, 0x32, 0x25),
    GOOD(0, 0x08, 64, 0x25),
    GOOD(-2, 0x09, 0xf8, 0x32, 0x26),
    GOOD(-1, 0x09, 0xf8, 0x08, 200, 0x26),
    GOOD(6, 0x35, 0x33, 0x27),
    GOOD(7, 0x37, 0x31, 0x28, 1, 0, 0x13),
    GOOD(1000, 0x37, 0x30, 0x28, 1, 0, 0x13),
    GOOD(7, 0x37, 0x2f, 1, 0, 0x13),
    GOOD(1, 0x33, 0x33, 0x29),
    GOOD(0, 0x33, 0x32, 0x29),
    GOOD(1, 0x33, 0x09, 0xff, 0x2a),
    GOOD(1, 0x33, 0x33, 0x2a),
    GOOD(0, 0x33, 0x33, 0x2b),
    GOOD(1, 0x09, 0xff, 0x33, 0x2c),
    GOOD(0, 0x33, 0x33, 0x2d),
    GOOD(1, 0x33, 0x32, 0x2e),
    GOOD(31, 0x4f),
    GOOD(0x2000 - 8, 0x70 + MEMSCOPE_DWARF_SP, 0x78),
    GOOD(0x2000 + 8, 0x92, MEMSCOPE_DWARF_SP, 8),
    GOOD(0x1122334455667788, 0x70 + MEMSCOPE_DWARF_FP, 0, 0x06),
    GOOD(0x7788, 0x70 + MEMSCOPE_DWARF_FP, 0, 0x94, 2),
    GOOD(0x55, 0x70 + MEMSCOPE_DWARF_FP, 3, 0x94, 1),
    // A lazy-binding stub: 8 more after its 11th byte.
    GOOD(0x2000 + 8, 0x70 + MEMSCOPE_DWARF_SP, 8, 0x92, MEMSCOPE_DWARF_PC, 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22),
    GOOD(0x2000 + 16, 0x70 + MEMSCOPE_DWARF_SP, 8, 0x92, MEMSCOPE_DWARF_PC, 0, 0x3f, 0x1a, 0x39, 0x2a, 0x33, 0x24,
         0x22),
};

/// An expression that must fail.
struct bad {
    uint8_t size;
    uint8_t operations[capacity];
};

#define BAD(...) {sizeof((uint8_t[]){__VA_ARGS__}), {__VA_ARGS__}}

static const struct bad bad[] = {
    BAD(0x13),
    BAD(0x13, 0x13, 0x31),
    BAD(0x22),
    BAD(0x17),
    BAD(0x14),
    BAD(0x15, 1),
    BAD(0x15),
    BAD(0x30, 0x1b),
    BAD(0x30, 0x1d),
    BAD(0x06),
    BAD(0x94, 0),
    BAD(0x94, 9),
    BAD(0x50),
    BAD(0x70 + 1, 0),
    BAD(0x92, 0xff, 1, 0),
    BAD(0x9c),
    BAD(0xe0),
    BAD(0x0e, 1, 2),
    BAD(0x10, 0x80),
    BAD(0x2f, 1, 0),
    BAD(0x2f, 0xfc, 0xff),
    BAD(0x2f, 0xfd, 0xff),
    BAD(0x31, 0x2f, 0xfc, 0xff),
};

int main(void) {
    uintptr_t result;
    for (size_t index = 0; index < sizeof good / sizeof *good; index++) {
        result = 0xbad;
        bool works = evaluate(good[index].operations, good[index].size, &result);
        CHECK(works && result == good[index].value);
        if (!works || result != good[index].value) fprintf(stderr, "  expression %zu: %#lx\n", index, (long)result);
    }
    for (size_t index = 0; index < sizeof bad / sizeof *bad; index++) {
        bool works = evaluate(bad[index].operations, bad[index].size, &result);
        CHECK(!works);
        if (works) fprintf(stderr, "  malformed expression %zu\n", index);
    }
    // A length beyond the end.
    struct memscope_frame_registers registers = {0};
    const uint8_t too_long[] = {3, 0x31};
    CHECK(!memscope_cfi_evaluate(too_long, too_long + 2, &registers, NULL, &result));
    return CHECK_END();
}
