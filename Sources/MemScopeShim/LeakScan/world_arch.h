// Picks what stopping threads must know of the architecture that is compiled for.
#ifndef MEMSCOPE_WORLD_ARCH_H
#define MEMSCOPE_WORLD_ARCH_H

#include "../Unwind/arch.h"

#if defined(__x86_64__)
#include "world_x86_64.h"
#elif defined(__aarch64__)
#include "world_aarch64.h"
#endif

#endif
