// C++ objects that change hands. usage: object_cases CASE N
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

extern "C" {
#include "lender.h"
}

struct Large { char bytes[700]; };

static volatile std::size_t done;

// operator new calls malloc, and operator delete jumps to free: neither may be taken for who acts.
static void built_and_given_away() {
    lender_take(new Large);
    done = done + 1;
}
static void lent_and_deleted() {
    ::operator delete(lender_lend(sizeof(Large)));
    done = done + 1;
}
static void containers_at_home() {
    std::vector<std::string> texts(1, std::string(600, 'x'));
    done = done + texts.size();
}
static void thrown() {
    try {
        throw Large();
    } catch (const Large &) { done = done + 1; }
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    void (*run)() = nullptr;
    if (std::strcmp(arguments[1], "built_and_given_away") == 0) run = built_and_given_away;
    if (std::strcmp(arguments[1], "lent_and_deleted") == 0) run = lent_and_deleted;
    if (std::strcmp(arguments[1], "containers_at_home") == 0) run = containers_at_home;
    if (std::strcmp(arguments[1], "thrown") == 0) run = thrown;
    if (!run) return 2;
    for (int n = std::atoi(arguments[2]); n > 0; n--) run();
    return 0;
}
