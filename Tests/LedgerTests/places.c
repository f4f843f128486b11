#include "places.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern void *swift_retain(void *), *swift_retain_n(void *, uint32_t), *swift_tryRetain(void *), *swift_bridgeObjectRetain(void *);
extern void *swift_unownedRetain(void *);
extern char _swiftEmptyArrayStorage[];
extern void swift_release(void *), swift_release_n(void *, uint32_t), swift_bridgeObjectRelease(void *);

void keepOnce(void *object) { swift_retain(object); }
void keepFour(void *object) { swift_retain_n(object, 4); }
void keepByTrying(void *object) { swift_tryRetain(object); }
void keepBridged(void *object) { swift_bridgeObjectRetain(object); }
void dropThree(void *object) { swift_release_n(object, 3); }
void dropOnce(void *object) { swift_release(object); }
void dropBridged(void *object) { swift_bridgeObjectRelease(object); }
void store(void *object) { swift_retain(object); }
void keepInTask(void *object) { swift_retain(object); }

void borrow(void *object) {
    swift_retain(object);
    swift_release(object);
}

void *get(void *object) { return swift_retain(object); }

void use(void *object) {
    void *found = get(object);
    swift_release(found);
}

void storm(void *object, int times) {
    for (int i = 0; i < times; i++) {
        swift_retain(object);
        swift_release(object);
    }
}

void swing(void *object, int times) {
    for (int i = 0; i < times; i++) swift_retain(object);
    for (int i = 0; i < times; i++) swift_release(object);
}

void keepUnowned(void *object) { swift_unownedRetain(object); }

// As the runtime has it in static objects: a count of 2 keeps a release off 0 before it looks closer.
void makeImmortal(void *object) { ((volatile uint64_t *)object)[1] = 0x80000004ffffffff; }

void borrowEmptyArray(int times) {
    for (int i = 0; i < times; i++) borrow(_swiftEmptyArrayStorage);
}

struct contention { void *object; int turns; };

static void *contender(void *argument) {
    const struct contention *contention = argument;
    for (int i = 0; i < contention->turns; i++) borrow(contention->object);
    keepOnce(contention->object);
    return NULL;
}

void contend(void *object, int threads, int turns) {
    struct contention contention = {object, turns};
    pthread_t started[threads];
    for (int i = 0; i < threads; i++) pthread_create(&started[i], NULL, contender, &contention);
    for (int i = 0; i < threads; i++) pthread_join(started[i], NULL);
}

static void *bystander(void *argument) {
    // A thread is known by what it does.
    void *volatile block = malloc(24);
    free(block);
    return argument;
}

void scatter(void *object, int threads, int apart) {
    struct contention contention = {object, 10};
    for (int i = 0; i < threads * apart; i++) {
        pthread_t started;
        bool is_contender = i % apart == 0;
        pthread_create(&started, NULL, is_contender ? contender : bystander, is_contender ? &contention : NULL);
        pthread_join(started, NULL);
    }
}

int worksInChild(void *object) {
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 1000; i++) borrow(object);
        _exit(7);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7;
}
