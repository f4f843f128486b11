// Canonical codes of limited length, as RFC 1951 §3.2.2 wants them.

#include "huffman.h"

#include <string.h>

enum { LONGEST = 32 };

typedef struct used_symbol {
  uint32_t weight;
  uint16_t symbol;
} used_symbol;

// The symbols that occur, rarest first. Insertion: there are few, and they come nearly sorted from block to block.
static unsigned collect(const uint32_t *frequency, unsigned count, used_symbol *used) {
  unsigned found = 0;
  for (unsigned symbol = 0; symbol < count; symbol++) {
    if (frequency[symbol] == 0) continue;
    unsigned at = found++;
    while (at > 0 && used[at - 1].weight > frequency[symbol]) {
      used[at] = used[at - 1];
      at--;
    }
    used[at] = (used_symbol){frequency[symbol], (uint16_t)symbol};
  }
  return found;
}

// How many symbols get each length, when nothing limits it. The classic construction with two queues: leaves in order
// of weight, and inner nodes, which come into being in order of weight.
static void count_lengths(const used_symbol *used, unsigned found, unsigned *histogram) {
  uint32_t weight[2 * HUFFMAN_SYMBOLS];
  uint16_t parent[2 * HUFFMAN_SYMBOLS];
  uint8_t depth[2 * HUFFMAN_SYMBOLS];
  for (unsigned index = 0; index < found; index++) weight[index] = used[index].weight;
  unsigned leaf = 0, inner = found, made = found;
  while (made < 2 * found - 1) {
    weight[made] = 0;
    for (int child = 0; child < 2; child++) {
      const int takes_leaf = leaf < found && (inner >= made || weight[leaf] <= weight[inner]);
      const unsigned taken = takes_leaf ? leaf++ : inner++;
      weight[made] += weight[taken];
      parent[taken] = (uint16_t)made;
    }
    made++;
  }
  depth[made - 1] = 0;
  for (unsigned node = made - 1; node-- > 0;) {
    depth[node] = (uint8_t)(depth[parent[node]] + 1);
    if (node < found) histogram[depth[node] < LONGEST ? depth[node] : LONGEST]++;
  }
}

// Shortens what is too long, and lengthens others until the lengths are those of a code again.
static void limit_lengths(unsigned *histogram, unsigned limit) {
  for (unsigned length = limit + 1; length <= LONGEST; length++) {
    histogram[limit] += histogram[length];
    histogram[length] = 0;
  }
  uint32_t taken = 0;
  for (unsigned length = 1; length <= limit; length++) taken += (uint32_t)histogram[length] << (limit - length);
  for (; taken > 1u << limit; taken--) {
    histogram[limit]--;
    unsigned length = limit - 1;
    while (histogram[length] == 0) length--;
    histogram[length]--;
    histogram[length + 1] += 2;
  }
}

static uint16_t reversed(unsigned bits, unsigned length) {
  unsigned result = 0;
  for (unsigned index = 0; index < length; index++) result |= ((bits >> index) & 1) << (length - 1 - index);
  return (uint16_t)result;
}

void huffman_make(const uint32_t *_Nonnull frequency, unsigned count, unsigned limit, huffman_code *_Nonnull code) {
  memset(code, 0, sizeof *code);
  used_symbol used[HUFFMAN_SYMBOLS];
  unsigned histogram[LONGEST + 1] = {0};
  const unsigned found = collect(frequency, count, used);
  if (found == 0) return;
  if (found == 1) {
    histogram[1] = 1;
  } else {
    count_lengths(used, found, histogram);
    limit_lengths(histogram, limit);
  }
  // The most frequent symbols are last, and get the shortest lengths.
  unsigned next = found;
  for (unsigned length = 1; length <= limit; length++)
    for (unsigned each = 0; each < histogram[length]; each++) code->length[used[--next].symbol] = (uint8_t)length;
  unsigned first = 0;
  for (unsigned length = 1; length <= limit; length++) {
    for (unsigned symbol = 0; symbol < count; symbol++)
      if (code->length[symbol] == length) code->bits[symbol] = reversed(first++, length);
    first <<= 1;
  }
}
