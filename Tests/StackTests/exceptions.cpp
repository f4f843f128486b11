// Allocates while C++ exceptions are thrown, in destructors and handlers, through rethrows and noexcept borders.
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

static void *volatile sink;

struct Cleaner {
    std::string text;
    explicit Cleaner(int n) : text(static_cast<size_t>(n) % 90 + 20, 'x') {}
    ~Cleaner() { sink = std::malloc(text.size()); std::free(sink); }
};

[[gnu::noinline]] static int descend(int depth) {
    Cleaner cleaner(depth);
    if (depth == 0) throw std::runtime_error("the bottom was reached, with a text that needs memory of its own");
    return descend(depth - 1) + static_cast<int>(cleaner.text.size());
}

[[gnu::noinline]] static int rethrow(int depth) {
    try {
        return descend(depth);
    } catch (const std::exception &error) {
        std::vector<std::string> copies(3, error.what());
        if (depth % 2) throw;
        return static_cast<int>(copies.size());
    }
}

int main() {
    int total = 0;
    for (int i = 0; i < 2000; i++) {
        try {
            total += rethrow(i % 50);
        } catch (const std::runtime_error &error) {
            total += static_cast<int>(std::string(error.what()).size());
        }
    }
    return total == 0;
}
