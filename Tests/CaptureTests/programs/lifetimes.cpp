// Allocations before main, after exit began, and in the destructors of thread-local storage.
#include <pthread.h>

#include <cstdio>
#include <cstdlib>

#include "program.h"

namespace {

void *kept[16];
int kept_count;

void leave(size_t size) {
    kept[kept_count++] = make(size);
    churn(3, size);
}

struct Global {
    Global() { leave(1101); }
    ~Global() { leave(1107); }
} global;

struct PerThread {
    void *block = make(1103);
    ~PerThread() {
        free(block);
        churn(2, 1104);
    }
};
thread_local PerThread per_thread;

pthread_key_t key;
int rounds;

void at_thread_end(void *value) {
    churn(2, 1105);
    free(value);
    if (++rounds < 3) pthread_setspecific(key, make(1106));  // asks to be called again
}

void *thread(void *) {
    pthread_setspecific(key, make(1106));
    std::printf("%d", per_thread.block != nullptr);
    return nullptr;
}

}  // namespace

__attribute__((constructor)) static void constructor() { leave(1102); }
__attribute__((destructor)) static void destructor() { leave(1108); }

int main() {
    pthread_key_create(&key, at_thread_end);
    pthread_t other;
    pthread_create(&other, nullptr, thread, nullptr);
    pthread_join(other, nullptr);
    std::atexit([] { leave(1109); });
    std::puts(" done");
    return 0;
}
