#include "boundary.h"

#include "../Stack/return_address.h"
#include "swift_runtime.h"

uint32_t memscope_boundary_flags(uintptr_t address) {
    uint32_t flags = 0;
    if (memscope_swift_is_executor_return(address)) flags |= MEMSCOPE_ADDRESS_EXECUTOR;
    for (size_t i = 0; i < sizeof memscope_swift_runtime.chain_ends / sizeof(uintptr_t); i++)
        if (address != 0 && memscope_swift_runtime.chain_ends[i] == address) flags |= MEMSCOPE_ADDRESS_TASK_END;
    return flags;
}
