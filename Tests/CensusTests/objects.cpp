// Keeps as many C++ objects as its argument says of each sort, and has freed three times as many of some.
#include <cstdlib>
#include <memory>
#include <unistd.h>
#include <vector>

namespace app {
struct Shape { virtual ~Shape() = default; long one = 1; };
struct Circle : Shape { long radius = 2; };
struct Mixin { virtual ~Mixin() = default; long mixed = 3; };
struct Both : Mixin, Shape { long both[6] = {}; };
struct Virtually : virtual Shape { long far[9] = {}; };
template <class T> struct Cell : Shape { T value{}; T other{}; };
struct Plain { long words[11] = {1}; };
}  // namespace app
namespace { struct Hidden : app::Shape { long hidden[13] = {}; }; }

static std::vector<void *> kept;
static std::vector<std::shared_ptr<app::Plain>> shared;

int main(int, char **arguments) {
    long count = std::atol(arguments[1]);
    for (long i = 0; i < count; i++) {
        kept.push_back(new app::Circle);
        kept.push_back(new app::Both);
        kept.push_back(new app::Virtually);
        kept.push_back(new app::Cell<unsigned>);
        kept.push_back(new Hidden);
        kept.push_back(new app::Plain);
        shared.push_back(std::make_shared<app::Plain>());
        for (int round = 0; round < 4; round++) {
            app::Shape *shape = new app::Circle;
            if (round == 3) kept.push_back(shape);
            else delete shape;
        }
    }
    _exit(0);
}
