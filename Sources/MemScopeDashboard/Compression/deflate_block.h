#ifndef MEMSCOPE_DEFLATE_BLOCK_H
#define MEMSCOPE_DEFLATE_BLOCK_H

#include "bit_output.h"

#include <stdbool.h>

// A block ends when it has this many tokens: enough for its code to pay, few enough for the code to suit them.
enum { DEFLATE_BLOCK_TOKENS = 16384 };

/// Part of a text: a literal byte, or a distance back to where `length` bytes are the same.
typedef struct deflate_token {
  uint16_t length;    // 0: a literal
  uint16_t distance;  // or the literal
} deflate_token;

/// Writes a block with a code of its own, or as it is when that is shorter.
/// @param output Where to.
/// @param tokens The block's tokens.
/// @param count How many, at most DEFLATE_BLOCK_TOKENS.
/// @param bytes What the tokens stand for.
/// @param size How many bytes that is.
/// @param is_last Whether the text ends with this block.
void deflate_block_write(bit_output *_Nonnull output, const deflate_token *_Nonnull tokens, unsigned count,
                         const uint8_t *_Nonnull bytes, size_t size, bool is_last);

#endif
