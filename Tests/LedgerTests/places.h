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
// As many of both as `times` says, one after the other, and all retains before all releases.
void storm(void *object, int times);
void swing(void *object, int times);
// An unowned reference, which is no strong one.
void keepUnowned(void *object);
// What is retained and released without an effect: an object made so, and the runtime's empty array.
void makeImmortal(void *object);
void borrowEmptyArray(int times);
// `threads` threads one after the other, their numbers so far apart: each borrows 10 times and keeps one reference.
void scatter(void *object, int threads, int apart);
// `threads` threads at once: each borrows `turns` times and keeps one reference.
void contend(void *object, int threads, int turns);
// Whether a child of fork can retain and release, and ends as it should.
int worksInChild(void *object);
