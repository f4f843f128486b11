#include "places.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

extern void *swift_retain(void *), *swift_retain_n(void *, uint32_t), *swift_tryRetain(void *), *swift_bridgeObjectRetain(void *);
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

int worksInChild(void *object) {
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 1000; i++) borrow(object);
        _exit(7);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7;
}
