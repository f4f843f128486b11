#include "lender.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of the Swift runtime, where the program has one.
extern void swift_release(void *object) __attribute__((weak));

// Not the last thing that the functions do, so that each stands on the stack when it frees.
static volatile size_t done;

void *lender_lend(size_t size) {
    void *block = malloc(size);
    done++;
    return block;
}

char *lender_copy(const char *text) {
    char *copy = strdup(text);
    done++;
    return copy;
}

void lender_take(void *block) {
    free(block);
    done++;
}

void *lender_stretch(void *block, size_t size) {
    void *longer = realloc(block, size);
    done++;
    return longer;
}

void lender_call(void (*visit)(void *), void *info) {
    visit(info);
    done++;
}

static void *take(void *block) {
    free(block);
    done++;
    return NULL;
}

void lender_take_elsewhere(void *block) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, take, block) != 0) abort();
    pthread_join(thread, NULL);
}

void lender_release(void *object) {
    swift_release(object);
    done++;
}

void *lender_open(void) {
    void *stream = fopen("/dev/null", "r");
    done++;
    return stream;
}

void lender_close(void *stream) {
    fclose(stream);
    done++;
}
