// Compresses standard input as the page's data is compressed.

#include <stdio.h>
#include <stdlib.h>

#include "MemScopeDashboard.h"

int main(void) {
  size_t capacity = 1 << 16, count = 0, more;
  unsigned char *text = malloc(capacity);
  while ((more = fread(text + count, 1, capacity - count, stdin)) > 0) {
    count += more;
    if (count == capacity) text = realloc(text, capacity *= 2);
  }
  unsigned char *output = malloc(memscope_gzip_bound(count));
  const size_t written = memscope_gzip(text, count, output);
  fwrite(output, 1, written, stdout);
  free(output);
  free(text);
  return written == 0;
}
