// Blocks of RFC 1951 §3.2: dynamic codes, or stored.

#include "deflate_block.h"

#include <string.h>

#include "huffman.h"

enum { LITERALS = 286, END = 256, DISTANCES = 30, LENGTH_CODES = 19, STORED_BYTES = 65535 };

static const uint16_t length_base[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                         31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t length_extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static const uint8_t length_order[LENGTH_CODES] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

// What a block is written with, and the lengths of its codes as the block itself tells them.
typedef struct block_codes {
  huffman_code literals, distances, lengths;
  unsigned literal_count, distance_count, length_count;
  uint8_t told[LITERALS + DISTANCES];        // symbols of the third code
  uint8_t told_extra[LITERALS + DISTANCES];  // and the number behind some of them
  unsigned told_count;
} block_codes;

static unsigned length_symbol(unsigned length) {
  unsigned symbol = 28;
  while (length_base[symbol] > length) symbol--;
  return symbol;
}

// Distance codes come in pairs that double: 1, 2, 3, 4, 5-6, 7-8, 9-12, 13-16 …
static unsigned distance_symbol(unsigned distance) {
  const unsigned from_zero = distance - 1;
  if (from_zero < 4) return from_zero;
  const unsigned top = 31 - (unsigned)__builtin_clz(from_zero);
  return 2 * top + ((from_zero >> (top - 1)) & 1);
}

static unsigned distance_extra(unsigned symbol) { return symbol < 4 ? 0 : symbol / 2 - 1; }

static unsigned distance_base(unsigned symbol) {
  return symbol < 4 ? symbol + 1 : ((2 + (symbol & 1)) << (symbol / 2 - 1)) + 1;
}

// Tells the lengths of both codes with runs: 16 repeats the last, 17 and 18 are zeros.
static void tell_lengths(block_codes *codes) {
  uint8_t all[LITERALS + DISTANCES];
  const unsigned count = codes->literal_count + codes->distance_count;
  memcpy(all, codes->literals.length, codes->literal_count);
  memcpy(all + codes->literal_count, codes->distances.length, codes->distance_count);
  codes->told_count = 0;
  for (unsigned at = 0; at < count;) {
    unsigned run = 1;
    while (at + run < count && all[at + run] == all[at]) run++;
    uint8_t symbol = all[at], extra = 0;
    if (symbol == 0 && run >= 3) {
      run = run > 138 ? 138 : run;
      symbol = run < 11 ? 17 : 18;
      extra = (uint8_t)(run - (run < 11 ? 3 : 11));
    } else if (at > 0 && all[at - 1] == symbol && run >= 3) {
      run = run > 6 ? 6 : run;
      symbol = 16;
      extra = (uint8_t)(run - 3);
    } else {
      run = 1;
    }
    codes->told[codes->told_count] = symbol;
    codes->told_extra[codes->told_count++] = extra;
    at += run;
  }
}

static unsigned told_bits(uint8_t symbol) { return symbol == 16 ? 2 : symbol == 17 ? 3 : symbol == 18 ? 7 : 0; }

// Makes the codes and returns how many bits the block takes with them.
static uint64_t make_codes(const deflate_token *tokens, unsigned count, block_codes *codes) {
  uint32_t literals[LITERALS] = {0}, distances[DISTANCES] = {0}, lengths[LENGTH_CODES] = {0};
  uint64_t size = 3 + 5 + 5 + 4;
  literals[END] = 1;
  for (unsigned index = 0; index < count; index++) {
    if (tokens[index].length == 0) {
      literals[tokens[index].distance]++;
      continue;
    }
    const unsigned length = length_symbol(tokens[index].length), distance = distance_symbol(tokens[index].distance);
    literals[257 + length]++;
    distances[distance]++;
    size += length_extra[length] + distance_extra(distance);
  }
  huffman_make(literals, LITERALS, 15, &codes->literals);
  huffman_make(distances, DISTANCES, 15, &codes->distances);
  codes->literal_count = LITERALS;
  while (codes->literals.length[codes->literal_count - 1] == 0) codes->literal_count--;
  codes->distance_count = DISTANCES;
  while (codes->distance_count > 1 && codes->distances.length[codes->distance_count - 1] == 0) codes->distance_count--;
  tell_lengths(codes);
  for (unsigned index = 0; index < codes->told_count; index++) lengths[codes->told[index]]++;
  huffman_make(lengths, LENGTH_CODES, 7, &codes->lengths);
  codes->length_count = LENGTH_CODES;
  while (codes->lengths.length[length_order[codes->length_count - 1]] == 0) codes->length_count--;
  size += 3 * codes->length_count;
  for (unsigned index = 0; index < codes->told_count; index++)
    size += codes->lengths.length[codes->told[index]] + told_bits(codes->told[index]);
  for (unsigned symbol = 0; symbol < LITERALS; symbol++) size += (uint64_t)literals[symbol] * codes->literals.length[symbol];
  for (unsigned symbol = 0; symbol < DISTANCES; symbol++) size += (uint64_t)distances[symbol] * codes->distances.length[symbol];
  return size;
}

static void put(bit_output *output, const huffman_code *code, unsigned symbol) {
  bit_output_put(output, code->bits[symbol], code->length[symbol]);
}

static void write_dynamic(bit_output *output, const deflate_token *tokens, unsigned count, const block_codes *codes,
                          bool is_last) {
  bit_output_put(output, is_last | 2 << 1, 3);
  bit_output_put(output, codes->literal_count - 257, 5);
  bit_output_put(output, codes->distance_count - 1, 5);
  bit_output_put(output, codes->length_count - 4, 4);
  for (unsigned index = 0; index < codes->length_count; index++)
    bit_output_put(output, codes->lengths.length[length_order[index]], 3);
  for (unsigned index = 0; index < codes->told_count; index++) {
    put(output, &codes->lengths, codes->told[index]);
    bit_output_put(output, codes->told_extra[index], told_bits(codes->told[index]));
  }
  for (unsigned index = 0; index < count; index++) {
    const deflate_token token = tokens[index];
    if (token.length == 0) {
      put(output, &codes->literals, token.distance);
      continue;
    }
    const unsigned length = length_symbol(token.length), distance = distance_symbol(token.distance);
    put(output, &codes->literals, 257 + length);
    bit_output_put(output, token.length - length_base[length], length_extra[length]);
    put(output, &codes->distances, distance);
    bit_output_put(output, token.distance - distance_base(distance), distance_extra(distance));
  }
  put(output, &codes->literals, END);
}

static void write_stored(bit_output *output, const uint8_t *bytes, size_t size, bool is_last) {
  do {
    const size_t part = size < STORED_BYTES ? size : STORED_BYTES;
    bit_output_put(output, is_last && part == size, 3);
    bit_output_align(output);
    bit_output_put(output, (uint32_t)part | ((uint32_t)~part << 16), 32);
    memcpy(output->bytes + output->count, bytes, part);
    output->count += part;
    bytes += part;
    size -= part;
  } while (size > 0);
}

void deflate_block_write(bit_output *_Nonnull output, const deflate_token *_Nonnull tokens, unsigned count,
                         const uint8_t *_Nonnull bytes, size_t size, bool is_last) {
  block_codes codes;
  const uint64_t dynamic = make_codes(tokens, count, &codes);
  const uint64_t stored = 8 * (uint64_t)size + 40 * ((uint64_t)size / STORED_BYTES + 1);
  if (dynamic < stored)
    write_dynamic(output, tokens, count, &codes, is_last);
  else
    write_stored(output, bytes, size, is_last);
}
