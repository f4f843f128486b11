// A plain stack walk by CFI alone: slow, checked at every load, and so the yardstick for faster ones.

#ifndef MEMSCOPE_REFERENCE_WALK_H
#define MEMSCOPE_REFERENCE_WALK_H

#include <stddef.h>

#include "cfi.h"

/// Why a walk ended.
enum walk_end {
    /// At the outermost frame.
    walk_end_outermost,
    /// At code without CFI where the frame pointer does not lead on either.
    walk_end_no_cfi,
    /// At a frame that memscope_cfi_step could not leave.
    walk_end_no_step,
    /// At a word that cannot be read, or a stack that does not grow towards the root.
    walk_end_bad_stack,
    /// The buffer was full.
    walk_end_full,
};

/// Where the last walk of this thread ended, and how many of its frames took which way.
struct walk_report {
    enum walk_end end;
    size_t regular;
    size_t complex;
    /// Frames without CFI that were left by the frame pointer.
    size_t guessed;
};

/// Captures the caller's own frame: pc, sp, fp and the callee-saved registers.
#if defined(__x86_64__)
#define REFERENCE_WALK_CAPTURE(registers)                                                    \
    __asm__ volatile("leaq 0(%%rip), %%rax; movq %%rax, 0(%0); movq %%rsp, 8(%0);"           \
                     "movq %%rbp, 16(%0); movq %%rbx, 24(%0); movq %%r12, 32(%0);"           \
                     "movq %%r13, 40(%0); movq %%r14, 48(%0); movq %%r15, 56(%0)" ::"c"(     \
                         reference_walk_words)                                               \
                     : "rax", "memory");                                                     \
    reference_walk_fill(registers, reference_walk_words)
#define REFERENCE_WALK_WORDS uintptr_t reference_walk_words[8]
#elif defined(__aarch64__)
#define REFERENCE_WALK_CAPTURE(registers)                                                    \
    __asm__ volatile("adr x1, .; str x1, [%0]; mov x1, sp; str x1, [%0, #8];"                \
                     "str x29, [%0, #16]; stp x19, x20, [%0, #24]; stp x21, x22, [%0, #40];" \
                     "stp x23, x24, [%0, #56]; stp x25, x26, [%0, #72];"                     \
                     "stp x27, x28, [%0, #88]" ::"r"(reference_walk_words)                   \
                     : "x1", "memory");                                                      \
    reference_walk_fill(registers, reference_walk_words)
#define REFERENCE_WALK_WORDS uintptr_t reference_walk_words[13]
#endif

/// Puts captured words into their places, with no stack bounds.
void reference_walk_fill(struct memscope_frame_registers *_Nonnull registers, const uintptr_t *_Nonnull words);

/// Walks with rules where they are regular and memscope_cfi_step where not.
/// @param frames Receives the frames' program counters, the starting one first.
/// @return How many.
size_t reference_walk(
    struct memscope_frame_registers start, uintptr_t *_Nonnull frames, size_t capacity,
    struct walk_report *_Nonnull report);

/// Walks with memscope_cfi_step only.
size_t reference_walk_by_steps(
    struct memscope_frame_registers start, uintptr_t *_Nonnull frames, size_t capacity,
    struct walk_report *_Nonnull report);

#endif
