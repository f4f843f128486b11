// Exceptions and backtrace(): they must stay the program's own.
#include <execinfo.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "program.h"

namespace {

struct Guard {
    void *block = make(1601);
    ~Guard() { free(block); }
};

int deep(int depth) {
    Guard guard;
    std::vector<int> values(static_cast<std::size_t>(depth % 17 + 1), depth);
    if (depth == 0) throw std::runtime_error(std::string(100, 'x'));
    try {
        return deep(depth - 1) + values[0];
    } catch (const std::logic_error &) {
        return 0;
    }
}

}  // namespace

int main() {
    int caught = 0;
    for (int round = 0; round < 2000; round++) {
        try {
            deep(round % 50);
        } catch (const std::exception &error) {
            caught += std::string(error.what()).size() == 100;
        }
    }
    void *frames[64];
    int count = backtrace(frames, 64);
    char **names = backtrace_symbols(frames, count);
    std::printf("caught %d, frames %d\n", caught, count);
    for (int i = 0; i < count; i++) {
        std::string name = names[i];
        std::puts(name.substr(0, name.find('[')).c_str());
    }
    free(names);
    return 0;
}
