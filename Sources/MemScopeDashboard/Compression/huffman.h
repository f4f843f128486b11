#ifndef MEMSCOPE_HUFFMAN_H
#define MEMSCOPE_HUFFMAN_H

#include <stdint.h>

// The most symbols an alphabet of Deflate has: literals and lengths.
enum { HUFFMAN_SYMBOLS = 288 };

/// A code of one alphabet: for each symbol how many bits, and which, the first to be written lowest.
typedef struct huffman_code {
  uint8_t length[HUFFMAN_SYMBOLS];
  uint16_t bits[HUFFMAN_SYMBOLS];
} huffman_code;

/// Makes the code that is shortest for the given frequencies, among those with no symbol above the limit.
/// Symbols that do not occur have length 0. An alphabet of one used symbol gives it one bit.
/// @param frequency How often each symbol occurs; the sum must fit into 32 bits.
/// @param count How many symbols there are, at most HUFFMAN_SYMBOLS.
/// @param limit The longest length allowed, at most 15; 2 to that power must be at least count.
/// @param code Receives the code.
void huffman_make(const uint32_t *_Nonnull frequency, unsigned count, unsigned limit, huffman_code *_Nonnull code);

#endif
