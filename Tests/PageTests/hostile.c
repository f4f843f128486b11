// A program whose names are made to break a page: its functions, its thread, and what it is started as. With a number as its argument it
// keeps that many blocks instead, each from one of a few functions.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define HOSTILE "</script><img src=x onerror=\"window.broken=1\"><!--"

static void **kept;

__attribute__((noinline)) void *script(size_t size) __asm__(HOSTILE "A");
__attribute__((noinline)) void *entity(size_t size) __asm__("&lt;b&gt; ' \" ${window.broken=1} `");

void *script(size_t size) {
    void *block = malloc(size);
    __asm__ volatile("" : "+r"(block));
    return block;
}

void *entity(size_t size) {
    void *block = script(size);
    __asm__ volatile("" : "+r"(block));
    return block;
}

static void *run(void *unused) {
    kept[1] = entity(2000);
    return unused;
}

int main(int count, char **arguments) {
    (void)count;
    long blocks = count > 1 ? strtol(arguments[1], NULL, 10) : 0;
    kept = calloc((size_t)blocks + 2, sizeof *kept);
    if (!kept) return 1;
    for (long i = 0; i < blocks; i++) kept[i + 2] = i % 3 ? script(16 + (size_t)i % 50) : entity(24);
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, NULL)) return 1;
    pthread_setname_np(thread, "<img src=x>");
    pthread_join(thread, NULL);
    script(1000);
    return 0;
}
