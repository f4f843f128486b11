// A text in the form of RFC 1952: repetitions found through chains of equal hashes, one better match looked for.
//
// Our own, because programs link this: zlib is not on every machine that has a Swift toolchain, and its header on fewer.

#include <stdlib.h>
#include <string.h>

#include "MemScopeDashboard.h"
#include "deflate_block.h"

enum {
  WINDOW = 32768,
  HASHES = 1 << 15,
  SHORTEST = 4,  // of three bytes deflate could do, too; they seldom pay
  LONGEST = 258,
  CHAIN = 24,       // how many candidates are tried
  GOOD_ENOUGH = 48  // a match of this length is taken without looking for a better one
};

// Positions are kept plus one, so that zero means none.
typedef struct matcher {
  const uint8_t *text;
  size_t count;
  size_t head[HASHES];
  size_t previous[WINDOW];
  deflate_token tokens[DEFLATE_BLOCK_TOKENS];
} matcher;

static uint32_t word(const uint8_t *bytes) {
  uint32_t value;
  memcpy(&value, bytes, sizeof value);
  return value;
}

static void remember(matcher *state, size_t at) {
  if (at + SHORTEST > state->count) return;
  const uint32_t hash = (word(state->text + at) * 2654435761u) >> 17;
  state->previous[at % WINDOW] = state->head[hash];
  state->head[hash] = at + 1;
}

static unsigned common(const uint8_t *one, const uint8_t *other, unsigned limit) {
  unsigned length = 0;
  while (length < limit && one[length] == other[length]) length++;
  return length;
}

// The longest match for a position, which must have been remembered; of length 0 if there is none.
static deflate_token longest_match(const matcher *state, size_t at) {
  deflate_token best = {0, state->text[at]};
  if (at + SHORTEST > state->count) return best;
  const unsigned limit = state->count - at < LONGEST ? (unsigned)(state->count - at) : LONGEST;
  size_t candidate = state->previous[at % WINDOW];
  for (int tried = 0; candidate > 0 && tried < CHAIN; tried++) {
    const size_t from = candidate - 1;
    if (at - from > WINDOW - LONGEST - 4) break;
    if (best.length == 0 || state->text[from + best.length] == state->text[at + best.length]) {
      const unsigned length = common(state->text + from, state->text + at, limit);
      if (length >= SHORTEST && length > best.length) {
        best = (deflate_token){(uint16_t)length, (uint16_t)(at - from)};
        if (length == limit) break;
      }
    }
    const size_t next = state->previous[from % WINDOW];
    if (next >= candidate) break;  // that place was used again
    candidate = next;
  }
  return best;
}

// From a position on as many tokens as a block has; returns the position behind them.
static size_t tokenize(matcher *state, size_t at, unsigned *count) {
  unsigned made = 0;
  while (at < state->count && made + 1 < DEFLATE_BLOCK_TOKENS) {
    remember(state, at);
    deflate_token match = longest_match(state, at);
    if (match.length > 0 && match.length < GOOD_ENOUGH && at + 1 < state->count) {
      remember(state, at + 1);
      const deflate_token later = longest_match(state, at + 1);
      if (later.length > match.length) {
        state->tokens[made++] = (deflate_token){0, state->text[at]};
        match = later;
        at++;
      } else {
        // The next position is in the chains already.
        state->tokens[made++] = match;
        for (unsigned step = 2; step < match.length; step++) remember(state, at + step);
        at += match.length;
        continue;
      }
    }
    state->tokens[made++] = match;
    const unsigned length = match.length == 0 ? 1 : match.length;
    for (unsigned step = 1; step < length; step++) remember(state, at + step);
    at += length;
  }
  *count = made;
  return at;
}

static uint32_t checksum(const uint8_t *bytes, size_t count) {
  uint32_t table[256];
  for (uint32_t index = 0; index < 256; index++) {
    uint32_t value = index;
    for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
    table[index] = value;
  }
  uint32_t sum = ~0u;
  for (size_t index = 0; index < count; index++) sum = table[(sum ^ bytes[index]) & 255] ^ sum >> 8;
  return ~sum;
}

size_t memscope_gzip_bound(size_t count) { return count + count / 256 + 128; }

size_t memscope_gzip(const void *_Nonnull bytes, size_t count, void *_Nonnull output) {
  matcher *state = calloc(1, sizeof *state);
  if (state == NULL) return 0;
  state->text = bytes;
  state->count = count;
  bit_output out = {.bytes = output};
  // No name, no time: equal texts give equal files.
  static const uint8_t header[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
  memcpy(out.bytes, header, sizeof header);
  out.count = sizeof header;
  size_t at = 0;
  do {
    unsigned made;
    const size_t end = tokenize(state, at, &made);
    deflate_block_write(&out, state->tokens, made, state->text + at, end - at, end == count);
    at = end;
  } while (at < count);
  bit_output_align(&out);
  bit_output_put(&out, checksum(bytes, count), 32);
  bit_output_put(&out, (uint32_t)count, 32);
  free(state);
  return out.count;
}
