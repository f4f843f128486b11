#include "boundary.h"

#include "../Stack/return_address.h"
#include "swift_runtime.h"

uint32_t memscope_boundary_flags(uintptr_t address) {
    return memscope_swift_is_executor_return(address) ? MEMSCOPE_ADDRESS_EXECUTOR : 0;
}
