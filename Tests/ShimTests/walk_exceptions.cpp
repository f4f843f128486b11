// A C++ program that allocates while exceptions are in flight; its own unwinder must stay its own.

#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

extern "C" {
void walk_comparison_take(void);
bool walk_comparison_start(void);
unsigned long walk_comparison_report(void);
}

namespace {

/// Allocates while the stack is unwound through it.
struct Guard {
    std::string name;
    ~Guard() {
        std::vector<std::string> copies(3, name + " is destroyed while an exception is in flight");
        std::make_shared<std::map<int, std::string>>()->emplace(1, copies[0]);
    }
};

int fail(int depth) {
    Guard guard{"guard " + std::to_string(depth)};
    if (depth == 0) throw std::runtime_error("the reason, long enough to need memory of its own");
    return fail(depth - 1) + static_cast<int>(guard.name.size());
}

/// Catches, allocates, rethrows.
int relay(int depth) {
    try {
        return depth ? relay(depth - 1) : fail(5);
    } catch (const std::exception &error) {
        std::string text = std::string("caught: ") + error.what();
        if (depth % 2) throw std::runtime_error(text);
        throw;
    }
}

void nested() {
    try {
        fail(2);
    } catch (...) {
        try {
            std::throw_with_nested(std::logic_error("outer, with the inner one kept inside of it"));
        } catch (const std::exception &error) {
            std::function<std::string()> text = [copy = std::string(error.what())] { return copy + copy; };
            if (text().empty()) std::puts("?");
        }
    }
}

int rounds(int count) {
    int caught = 0;
    for (int round = 0; round < count; round++) {
        try {
            relay(round % 7);
        } catch (const std::exception &) {
            caught++;
        }
        nested();
    }
    return caught;
}

}  // namespace

int main() {
    int caught = rounds(200);
    int in_thread = 0;
    std::thread([&] { in_thread = rounds(200); }).join();
    if (caught != 200 || in_thread != 200) return 2;
    return walk_comparison_report() != 0;
}
