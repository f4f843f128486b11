// What unwinding must know about AArch64 (AAPCS64, Linux).

#ifndef MEMSCOPE_ARCH_AARCH64_H
#define MEMSCOPE_ARCH_AARCH64_H

#include <stdbool.h>
#include <stdint.h>

enum {
    /// DWARF registers that are tracked: x0 to x30, sp. The program counter (32) stands behind them for signal frames.
    MEMSCOPE_DWARF_REGISTERS = 33,
    MEMSCOPE_DWARF_FP = 29,
    MEMSCOPE_DWARF_SP = 31,
    MEMSCOPE_DWARF_PC = 32,
    /// Where a call leaves the return address.
    MEMSCOPE_DWARF_LINK = 30,
    /// rt_sigprocmask's number.
    MEMSCOPE_SYSTEM_CALL_SIGPROCMASK = 135,
};

/// Registers that a function leaves to its caller as it found them: x19 to x29.
#define MEMSCOPE_DWARF_CALLEE_SAVED 0x3ff80000u

/// What a signal handler returns to: mov x8, #139; svc #0. Kernels since 5.8 describe it by no CFI.
#define MEMSCOPE_SIGNAL_RETURN_CODE {0x68, 0x11, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4}

/// From the stack pointer in a signal frame to the saved registers: past siginfo (128), the head of ucontext (176) and
/// the fault address (8).
enum { MEMSCOPE_SIGNAL_REGISTERS = 312 };

/// The place of each DWARF register in the signal frame's array of words: x0 to x30, sp, pc.
#define MEMSCOPE_SIGNAL_ORDER \
    {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, \
     17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32}

/// Removes the authentication code from a code pointer.
/// @param pointer A return address as it was loaded from the stack, signed or not.
/// @return The code address.
static inline uintptr_t memscope_strip_pointer(uintptr_t pointer) {
    register uintptr_t link __asm__("x30") = pointer;
    // xpaclri in its hint form: a no-operation where the processor has no pointer authentication.
    __asm__("hint #7" : "+r"(link));
    return link;
}

/// Whether a call pushes the return address, so that a caller's stack pointer follows from where that lies.
#define MEMSCOPE_CALL_PUSHES 0

/// The longest call instruction, in bytes.
enum { MEMSCOPE_LONGEST_CALL = 4 };

/// Whether the instruction before a code address is a call: bl, blr or an authenticating blr.
/// @param address Must be readable from MEMSCOPE_LONGEST_CALL bytes before.
static inline bool memscope_follows_call(uintptr_t address) {
    uint32_t instruction = ((const uint32_t *)address)[-1];
    return (instruction & 0xfc000000) == 0x94000000 || (instruction & 0xfefff000) == 0xd63f0000;
}

/// Where the call before a return address leads, 0 if that is not in the instruction.
/// @param address Must be readable from MEMSCOPE_LONGEST_CALL bytes before.
static inline uintptr_t memscope_call_target(uintptr_t address) {
    uint32_t instruction = ((const uint32_t *)address)[-1];
    if ((instruction & 0xfc000000) != 0x94000000) return 0;
    return address - 4 + (intptr_t)((int32_t)(instruction << 6) >> 4);
}

/// Whether code only jumps on to another module's function: an entry of the procedure linkage table.
/// @param target Must be readable for 12 bytes.
static inline bool memscope_is_call_stub(uintptr_t target) {
    const uint32_t *code = (const uint32_t *)target;
    // bti c may stand first; then the page of the entry goes to x16.
    if (*code == 0xd503245f) code++;
    return (*code & 0x9f00001f) == 0x90000010;
}

/// Makes a system call with four arguments and leaves errno alone.
/// @return The kernel's result: negative error numbers on failure.
static inline long memscope_system_call(long number, long a, long b, long c, long d) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}

#endif
