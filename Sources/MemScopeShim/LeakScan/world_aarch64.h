// What stopping threads must know of AArch64 (Linux).
#ifndef MEMSCOPE_WORLD_AARCH64_H
#define MEMSCOPE_WORLD_AARCH64_H

#include <asm/sigcontext.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/ucontext.h>
#include <sys/uio.h>

#include "world.h"

#pragma clang assume_nonnull begin

enum {
    /// Words of the general registers: x0 to x30, sp, pc, pstate.
    MEMSCOPE_WORLD_GENERAL_WORDS = 34,
    /// The register set that holds the vector registers: NT_PRFPREG. Of a longer SVE register it has the low 128 bits.
    MEMSCOPE_WORLD_VECTOR_SET = 2,
};

/// The stack pointer among the general registers.
static inline uintptr_t memscope_world_stack_pointer(const uint64_t *general) { return general[31]; }

/// What a walk begins with, from the general registers.
static inline struct memscope_stopped_frame memscope_world_frame(const uint64_t *general) {
    return (struct memscope_stopped_frame){general[32], general[29], general[30]};
}

/// The thread pointer of a thread that the calling one traces: TPIDR_EL0 is in a register set of its own (NT_ARM_TLS).
static inline uintptr_t memscope_world_thread_pointer(int32_t tid, const uint64_t *general) {
    (void)general;
    uintptr_t base = 0;
    struct iovec place = {.iov_base = &base, .iov_len = sizeof base};
    memscope_system_call(SYS_ptrace, PTRACE_GETREGSET, tid, 0x401, (long)&place);
    return base;
}

/// A system call that the stop ended with EINTR cannot be begun again here: when the thread stands still, the kernel has
/// decided on the restart already, and the first argument, which the result has replaced, is not shown to a tracer.
/// @return Always false.
static inline bool memscope_world_restart_call(uint64_t *general) {
    (void)general;
    return false;
}

/// clone for a child with a stack of its own, in which it calls `body`, which must not return.
/// @param stack The upper end, a multiple of 16.
/// @param word Cleared and woken when the child ends (CLONE_CHILD_CLEARTID).
/// @return The child's id, or a negative error number.
static inline long memscope_world_clone(unsigned long flags, void *stack, uint32_t *word, void (*body)(void *),
                                        void *info) {
    register long x8 __asm__("x8") = SYS_clone;
    register long x0 __asm__("x0") = (long)flags;
    register void *x1 __asm__("x1") = stack;
    register long x2 __asm__("x2") = 0;
    register long x3 __asm__("x3") = 0;
    register uint32_t *x4 __asm__("x4") = word;
    register void (*x9)(void *) __asm__("x9") = body;
    register void *x10 __asm__("x10") = info;
    __asm__ volatile("svc #0\n\t"
                     "cbnz x0, 1f\n\t"
                     "mov x29, xzr\n\t"
                     "mov x30, xzr\n\t"
                     "mov x0, x10\n\t"
                     "blr x9\n\t"
                     "brk #1\n"
                     "1:"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x9), "r"(x10)
                     : "memory", "cc", "x30");
    return x0;
}

/// The calling thread's thread pointer.
static inline uintptr_t memscope_world_own_thread_pointer(void) {
    uintptr_t base;
    __asm__("mrs %0, tpidr_el0" : "=r"(base));
    return base;
}

/// The stack pointer of the code that a signal interrupted.
static inline uintptr_t memscope_world_interrupted_stack(const ucontext_t *context) { return context->uc_mcontext.sp; }

/// What a walk begins with, of the code that a signal interrupted.
static inline struct memscope_stopped_frame memscope_world_interrupted_frame(const ucontext_t *context) {
    return (struct memscope_stopped_frame){
        context->uc_mcontext.pc, context->uc_mcontext.regs[29], context->uc_mcontext.regs[30]};
}

/// Copies the registers of the code that a signal interrupted, the general ones first, then the vector registers.
/// @return The words written, at most `capacity`.
static inline size_t memscope_world_interrupted_registers(const ucontext_t *context, uint64_t *words, size_t capacity) {
    memcpy(words, context->uc_mcontext.regs, 31 * 8);
    words[31] = context->uc_mcontext.sp;
    words[32] = context->uc_mcontext.pc;
    words[33] = context->uc_mcontext.pstate;
    // Records, each with its magic number and size; the vector registers' is always among them.
    const unsigned char *at = context->uc_mcontext.__reserved, *end = at + sizeof context->uc_mcontext.__reserved;
    while (end - at >= (ptrdiff_t)sizeof(struct fpsimd_context)) {
        struct _aarch64_ctx head;
        memcpy(&head, at, sizeof head);
        if (head.magic == 0 || head.size < sizeof head) break;
        if (head.magic == FPSIMD_MAGIC && capacity >= 34 + 64) {
            memcpy(words + 34, at + offsetof(struct fpsimd_context, vregs), 64 * 8);
            return 34 + 64;
        }
        at += head.size;
    }
    return 34;
}

/// Where a signal handler returns to: mov x8, #139; svc #0. The bytes by which unwinders know a signal frame.
#define MEMSCOPE_WORLD_SIGNAL_RETURN "mov x8, #139\n\tsvc #0"

#pragma clang assume_nonnull end
#endif
