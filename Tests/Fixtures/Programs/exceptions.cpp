// Throws through many frames that own blocks, rethrows, and throws from threads: unwinding must stay the program's own.
#include "checksum.h"
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

static uint64_t descend(int depth, int limit) {
    std::vector<std::string> owned(3, std::string(static_cast<size_t>(depth) + 40, 'x'));
    std::unique_ptr<int[]> more(new int[static_cast<size_t>(depth) + 1]());
    if (depth == limit) throw std::runtime_error("from depth " + std::to_string(depth));
    try {
        return descend(depth + 1, limit) + owned.size();
    } catch (std::logic_error &) {
        return 0;
    } catch (...) {
        if (depth % 5 == 0) throw;
        throw;
    }
}

static uint64_t work(int rounds) {
    uint64_t sum = 1;
    for (int round = 0; round < rounds; round++) {
        try {
            checksum_mix(&sum, descend(0, round % 60));
        } catch (const std::exception &error) {
            checksum_mix(&sum, std::string(error.what()).size());
        }
    }
    return sum;
}

int main() {
    uint64_t sum = work(500);
    std::vector<uint64_t> sums(4);
    std::vector<std::thread> threads;
    for (size_t i = 0; i < sums.size(); i++) threads.emplace_back([&sums, i] { sums[i] = work(200); });
    for (auto &thread : threads) thread.join();
    for (uint64_t other : sums) checksum_mix(&sum, other);
    return checksum_print("exceptions", sum);
}
