// Picks the facts of the architecture that is compiled for.

#ifndef MEMSCOPE_ARCH_H
#define MEMSCOPE_ARCH_H

#ifndef __clang__
// GCC has no nullability; the words then only document.
#define _Nonnull
#define _Nullable
#endif

#if defined(__x86_64__)
#include "arch_x86_64.h"
#elif defined(__aarch64__)
#include "arch_aarch64.h"
#else
#error "Stack walking knows x86-64 and AArch64 only."
#endif

#endif
