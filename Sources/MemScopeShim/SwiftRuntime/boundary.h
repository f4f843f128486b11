// Code addresses at which Swift's runtime begins and the program ends.
#ifndef MEMSCOPE_BOUNDARY_H
#define MEMSCOPE_BOUNDARY_H

#include <stdint.h>

/// The memscope_address_flag bits of a code address that concern Swift's runtime.
uint32_t memscope_boundary_flags(uintptr_t address);

#endif
