// Places that retain and release, each a function of its own, in C: the compiler of Swift adds and removes nothing there.
#include <stdint.h>

void keepOnce(void *object);
void keepFour(void *object);
void keepByTrying(void *object);
void keepBridged(void *object);
void dropThree(void *object);
void dropOnce(void *object);
void dropBridged(void *object);
// Retains and releases.
void borrow(void *object);
void store(void *object);
void *get(void *object);
void keepInTask(void *object);
// Gets, and releases what it got.
void use(void *object);
// `threads` threads at once: each borrows `turns` times and keeps one reference.
void contend(void *object, int threads, int turns);
// Whether a child of fork can retain and release, and ends as it should.
int worksInChild(void *object);
