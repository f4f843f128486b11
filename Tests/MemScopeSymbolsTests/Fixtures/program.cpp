#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {
struct Hidden {
    std::vector<std::string> names;
    void add(const std::string &name) { names.push_back(name); }
};
}  // namespace

template <class T>
struct Holder {
    std::unique_ptr<T> value;
    template <class U>
    void set(U other) { value = std::make_unique<T>(other); }
};

static inline int square(int value) { return value * value; }

int sum(const std::map<std::string, std::vector<int>> &all) {
    int total = 0;
    for (auto &[name, values] : all)
        for (int value : values) total += square(value) + (int)name.size();
    return total;
}

int main(int argc, char **argv) {
    Hidden hidden;
    for (int index = 0; index < argc; index++) hidden.add(argv[index]);
    Holder<std::string> holder;
    holder.set("x");
    std::map<std::string, std::vector<int>> all;
    all["a"].push_back(argc);
    std::sort(hidden.names.begin(), hidden.names.end(), [](auto &a, auto &b) { return a.size() < b.size(); });
    std::printf("%d %zu\n", sum(all), hidden.names.size());
}
