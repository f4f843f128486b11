// Signal frames that no CFI describes.

#ifndef MEMSCOPE_CFI_SIGNAL_H
#define MEMSCOPE_CFI_SIGNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "cfi.h"

/// Says whether the code at an address is what a signal handler returns to, by its instructions. AArch64 kernels since
/// 5.8 and some C libraries describe that code by no CFI.
/// @param pc Where a signal handler would return to: the first instruction.
bool memscope_is_signal_return(uintptr_t pc);

/// Steps from such a frame to the interrupted one, all of whose registers become known.
/// @return False, with nothing written, if the saved registers cannot be read.
bool memscope_signal_step(struct memscope_frame_registers *_Nonnull registers);

#endif
