// Calls backtrace() and walks the stack with _Unwind_Backtrace between allocations; both must give what they gave.
#include "checksum.h"
#include <execinfo.h>
#include <string>
#include <unwind.h>
#include <vector>

static _Unwind_Reason_Code count(_Unwind_Context *, void *frames) {
    ++*static_cast<int *>(frames);
    return _URC_NO_REASON;
}

__attribute__((noinline)) static int frames_at(int depth, bool unwind) {
    volatile char *block = new char[static_cast<size_t>(depth) + 20];
    block[depth] = 1;
    int result;
    if (depth > 0) {
        result = frames_at(depth - 1, unwind);
    } else if (unwind) {
        result = 0;
        _Unwind_Backtrace(count, &result);
    } else {
        void *addresses[200];
        result = backtrace(addresses, 200);
    }
    delete[] block;
    return result;
}

int main() {
    uint64_t sum = 1;
    int base = frames_at(0, false), baseUnwind = frames_at(0, true);
    for (int depth = 0; depth < 100; depth++) {
        // How many frames lie below main is not ours to say; how many lie above it is.
        checksum_mix(&sum, static_cast<uint64_t>(frames_at(depth, false) - base));
        checksum_mix(&sum, static_cast<uint64_t>(frames_at(depth, true) - baseUnwind));
    }
    return checksum_print("backtraces", sum);
}
