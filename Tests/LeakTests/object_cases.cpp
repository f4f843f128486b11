// What C++ makes of pointers: cookies, bases that are not first, containers, exceptions.
#include <list>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" {
#include "leak_cases.h"
}

namespace {

struct First { virtual ~First() = default; long first = 1; };
struct Second { virtual ~Second() = default; long second = 2; };
struct Both : First, Second { long both[8] = {}; };
struct Counted { ~Counted() { counter++; } static int counter; long value = 3; };
int Counted::counter;

// Containers that outlive main: their destructors would run first.
template <class Container> Container &lasting() { return *new Container; }

// A pointer to the second base lies inside the object.
auto &bases = lasting<std::vector<Second *>>();
void held_by_base(int n) {
    for (int i = 0; i < n; i++) bases.push_back(new Both);
}

// A pointer to the elements lies behind the cookie; without elements, behind the block.
auto &arrays = lasting<std::vector<Counted *>>();
void held_behind_array_cookie(int n) {
    for (int i = 0; i < n; i++) arrays.push_back(new Counted[static_cast<size_t>(i % 3)]);
}

auto &map = lasting<std::map<int, std::string>>();
auto &list = lasting<std::list<std::shared_ptr<Both>>>();
void held_by_containers(int n) {
    for (int i = 0; i < n; i++) {
        map[i] = std::string(100, 'x');
        list.push_back(std::make_shared<Both>());
    }
}

struct Ring { std::shared_ptr<Ring> other; };
void lost_shared_ring(int n) {
    for (int i = 0; i < n; i++) {
        auto one = std::make_shared<Ring>(), two = std::make_shared<Ring>();
        one->other = two;
        two->other = one;
    }
}

// Two objects of 96 bytes and their strings of 101: an array of owners that is lost as a whole.
void lost_vector(int n) {
    for (int i = 0; i < n; i++) {
        auto *vector = new std::vector<std::string>;
        vector->reserve(2);
        vector->push_back(std::string(100, 'a'));
        vector->push_back(std::string(100, 'b'));
    }
}

void thrown(int n) {
    for (int i = 0; i < n; i++) {
        try {
            throw std::runtime_error("a text that is too long to be kept inside of a string");
        } catch (const std::exception &) {
        }
    }
}

const leak_case cases[] = {
    {"held_by_base", held_by_base}, {"held_behind_array_cookie", held_behind_array_cookie},
    {"held_by_containers", held_by_containers}, {"lost_shared_ring", lost_shared_ring}, {"lost_vector", lost_vector},
    {"thrown", thrown},
};

}  // namespace

int main(int argc, char **argv) { return run_case(cases, sizeof cases / sizeof *cases, argc, argv); }
