// The step that interprets a given frame description, apart from the search for it, so that it can be tested alone.

#ifndef MEMSCOPE_CFI_STEP_H
#define MEMSCOPE_CFI_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "cfi.h"
#include "cfi_section.h"

/// Steps as memscope_cfi_step does, with a frame description that was found before.
bool memscope_cfi_step_frame(
    const struct memscope_cfi_frame *_Nonnull frame, struct memscope_frame_registers *_Nonnull registers);

#endif
