// What stopping threads must know of x86-64 (Linux).
#ifndef MEMSCOPE_WORLD_X86_64_H
#define MEMSCOPE_WORLD_X86_64_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/ucontext.h>

#include "world.h"

#pragma clang assume_nonnull begin

enum {
    /// Words of the general registers, in the order of `struct user_regs_struct`.
    MEMSCOPE_WORLD_GENERAL_WORDS = 27,
    /// The register set that holds the vector registers: NT_X86_XSTATE.
    MEMSCOPE_WORLD_VECTOR_SET = 0x202,
};

/// The stack pointer among the general registers.
static inline uintptr_t memscope_world_stack_pointer(const uint64_t *general) { return general[19]; }

/// What a walk begins with, from the general registers.
static inline struct memscope_stopped_frame memscope_world_frame(const uint64_t *general) {
    return (struct memscope_stopped_frame){general[16], general[4], 0};
}

/// The thread pointer among the general registers: the base of FS.
static inline uintptr_t memscope_world_thread_pointer(int32_t tid, const uint64_t *general) {
    (void)tid;
    return general[21];
}

/// Makes a system call that the stop ended with EINTR begin again: the kernel takes -514 (ERESTARTNOHAND) for "restart,
/// unless a handler runs". It ends calls itself that way where it can; those with a timeout of the caller's it does not.
/// @return Whether the registers were changed.
static inline bool memscope_world_restart_call(uint64_t *general) {
    int64_t call = (int64_t)general[15], result = (int64_t)general[10];
    // close has closed even when it says EINTR: a second one would hit whoever has the number by then.
    if (call < 0 || result != -EINTR || call == SYS_close) return false;
    general[10] = (uint64_t)-514;
    return true;
}

/// clone for a child with a stack of its own, in which it calls `body`, which must not return.
/// @param stack The upper end, a multiple of 16.
/// @param word Cleared and woken when the child ends (CLONE_CHILD_CLEARTID).
/// @return The child's id, or a negative error number.
static inline long memscope_world_clone(unsigned long flags, void *stack, uint32_t *word, void (*body)(void *),
                                        void *info) {
    long result;
    register uint32_t *fourth __asm__("r10") = word;
    register long fifth __asm__("r8") = 0;
    register void (*called)(void *) __asm__("r9") = body;
    __asm__ volatile("syscall\n\t"
                     "testq %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xorl %%ebp, %%ebp\n\t"
                     "movq %%rbx, %%rdi\n\t"
                     "callq *%%r9\n\t"
                     "ud2\n"
                     "1:"
                     : "=a"(result)
                     : "a"(SYS_clone), "D"(flags), "S"(stack), "d"(0L), "r"(fourth), "r"(fifth), "r"(called), "b"(info)
                     : "rcx", "r11", "memory", "cc");
    return result;
}

/// The calling thread's thread pointer.
static inline uintptr_t memscope_world_own_thread_pointer(void) {
    uintptr_t base = 0;
    memscope_system_call(SYS_arch_prctl, 0x1003 /* ARCH_GET_FS */, (long)&base, 0, 0);
    return base;
}

/// The stack pointer of the code that a signal interrupted.
static inline uintptr_t memscope_world_interrupted_stack(const ucontext_t *context) {
    return (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
}

/// What a walk begins with, of the code that a signal interrupted.
static inline struct memscope_stopped_frame memscope_world_interrupted_frame(const ucontext_t *context) {
    return (struct memscope_stopped_frame){
        (uintptr_t)context->uc_mcontext.gregs[REG_RIP], (uintptr_t)context->uc_mcontext.gregs[REG_RBP], 0};
}

/// Copies the registers of the code that a signal interrupted, the general ones first, then the XSAVE area.
/// @return The words written, at most `capacity`.
static inline size_t memscope_world_interrupted_registers(const ucontext_t *context, uint64_t *words, size_t capacity) {
    size_t general = sizeof context->uc_mcontext.gregs / 8;
    memcpy(words, context->uc_mcontext.gregs, general * 8);
    const char *state = (const char *)context->uc_mcontext.fpregs;
    if (!state) return general;
    // Behind the 464 bytes that FXSAVE uses: FP_XSTATE_MAGIC1, then (three words on) the size of the whole area.
    uint32_t magic, bytes;
    memcpy(&magic, state + 464, 4);
    memcpy(&bytes, state + 480, 4);
    size_t vector = magic == 0x46505853 ? bytes / 8 : 512 / 8;
    if (vector > capacity - general) vector = capacity - general;
    memcpy(words + general, state, vector * 8);
    return general + vector;
}

/// Where a signal handler returns to: mov $15, %rax; syscall. The bytes by which unwinders know a signal frame.
#define MEMSCOPE_WORLD_SIGNAL_RETURN "movq $15, %rax\n\tsyscall"

#pragma clang assume_nonnull end
#endif
