// A library that hands blocks out and takes blocks in. What each function does with the heap is its whole purpose.
#ifndef LENDER_H
#define LENDER_H

#include <stddef.h>

void *lender_lend(size_t size);
char *lender_copy(const char *text);
void lender_take(void *block);
void *lender_stretch(void *block, size_t size);
/// Calls `visit`, so that the program acts below the library.
void lender_call(void (*visit)(void *), void *info);
/// Takes the block after another thread of the library's own has come to life.
void lender_take_elsewhere(void *block);
/// Releases a Swift object, as a library that was handed one would.
void lender_release(void *object);
/// A stream that the C library allocates on the library's behalf, and its end.
void *lender_open(void);
void lender_close(void *stream);

#endif
