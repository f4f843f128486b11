// Numbers as text, where printf may not be called.
#ifndef MEMSCOPE_DECIMAL_H
#define MEMSCOPE_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

/// Writes `number` in decimal and a NUL to `text` (21 bytes suffice); returns the digits written.
static inline size_t memscope_decimal(char *_Nonnull text, uint64_t number) {
    char digits[20];
    size_t count = 0;
    do digits[count++] = (char)('0' + number % 10);
    while (number /= 10);
    for (size_t i = 0; i < count; i++) text[i] = digits[count - 1 - i];
    text[count] = 0;
    return count;
}

#endif
