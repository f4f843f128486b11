#ifndef MEMSCOPE_BIT_OUTPUT_H
#define MEMSCOPE_BIT_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

/// Bits on their way into memory, lowest first. `bytes` has room for whatever its owner puts.
typedef struct bit_output {
  uint8_t *_Nonnull bytes;
  size_t count;
  uint64_t pending;
  unsigned held;
} bit_output;

/// Appends bits.
/// @param output Where to.
/// @param bits The bits, none set above `length`.
/// @param length How many, at most 32.
static inline void bit_output_put(bit_output *_Nonnull output, uint32_t bits, unsigned length) {
  output->pending |= (uint64_t)bits << output->held;
  output->held += length;
  while (output->held >= 8) {
    output->bytes[output->count++] = (uint8_t)output->pending;
    output->pending >>= 8;
    output->held -= 8;
  }
}

/// Fills the byte that was begun with zeros.
/// @param output Where to.
static inline void bit_output_align(bit_output *_Nonnull output) {
  if (output->held > 0) bit_output_put(output, 0, 8 - output->held);
}

#endif
