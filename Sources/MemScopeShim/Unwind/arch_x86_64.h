// What unwinding must know about x86-64 (System V ABI, Linux).

#ifndef MEMSCOPE_ARCH_X86_64_H
#define MEMSCOPE_ARCH_X86_64_H

#include <stdbool.h>
#include <stdint.h>

enum {
    /// DWARF registers that are tracked: rax, rdx, rcx, rbx, rsi, rdi, rbp, rsp, r8 to r15, return address.
    MEMSCOPE_DWARF_REGISTERS = 17,
    MEMSCOPE_DWARF_FP = 6,
    MEMSCOPE_DWARF_SP = 7,
    /// The column that stands for the return address; as an operand it is the program counter.
    MEMSCOPE_DWARF_PC = 16,
    /// A return address is in no register: the column stands for it.
    MEMSCOPE_DWARF_LINK = 16,
    /// rt_sigprocmask's number.
    MEMSCOPE_SYSTEM_CALL_SIGPROCMASK = 14,
};

/// Registers that a function leaves to its caller as it found them: rbx, rbp, r12 to r15.
#define MEMSCOPE_DWARF_CALLEE_SAVED ((1u << 3) | (1u << 6) | (1u << 12) | (1u << 13) | (1u << 14) | (1u << 15))

/// What a signal handler returns to: mov $15, %rax; syscall.
#define MEMSCOPE_SIGNAL_RETURN_CODE {0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05}

/// From the stack pointer in a signal frame to the saved registers, which are an array of words.
enum { MEMSCOPE_SIGNAL_REGISTERS = 40 };

/// The place of each DWARF register in the signal frame's array of words.
#define MEMSCOPE_SIGNAL_ORDER {13, 12, 14, 11, 9, 8, 10, 15, 0, 1, 2, 3, 4, 5, 6, 7, 16}

/// Removes what is not address from a code pointer.
/// @param pointer A return address as it was loaded from the stack.
/// @return The code address; here the pointer itself.
static inline uintptr_t memscope_strip_pointer(uintptr_t pointer) { return pointer; }

/// Whether a call pushes the return address, so that a caller's stack pointer follows from where that lies.
#define MEMSCOPE_CALL_PUSHES 1

/// The longest call instruction that programs contain, in bytes.
enum { MEMSCOPE_LONGEST_CALL = 8 };

/// Whether the bytes before a code address can be a call.
/// @param address Must be readable from MEMSCOPE_LONGEST_CALL bytes before.
static inline bool memscope_follows_call(uintptr_t address) {
    const uint8_t *code = (const uint8_t *)address;
    if (code[-5] == 0xe8) return true;
    for (int length = 2; length < MEMSCOPE_LONGEST_CALL; length++)
        if (code[-length] == 0xff && (code[1 - length] >> 3 & 7) == 2) return true;
    return false;
}

/// Where the call before a return address leads, 0 if that is not in the instruction.
/// @param address Must be readable from MEMSCOPE_LONGEST_CALL bytes before.
static inline uintptr_t memscope_call_target(uintptr_t address) {
    const uint8_t *code = (const uint8_t *)address;
    int32_t distance;
    __builtin_memcpy(&distance, code - 4, sizeof distance);
    return code[-5] == 0xe8 ? address + (intptr_t)distance : 0;
}

/// Whether code only jumps on to another module's function: an entry of the procedure linkage table.
/// @param target Must be readable for 12 bytes.
static inline bool memscope_is_call_stub(uintptr_t target) {
    const uint8_t *code = (const uint8_t *)target;
    // endbr64 may stand first, a bnd prefix before the jump.
    if (code[0] == 0xf3 && code[1] == 0x0f && code[2] == 0x1e && code[3] == 0xfa) code += 4;
    if (code[0] == 0xf2) code++;
    return code[0] == 0xff && code[1] == 0x25;
}

/// Makes a system call with four arguments and leaves errno alone.
/// @return The kernel's result: negative error numbers on failure.
static inline long memscope_system_call(long number, long a, long b, long c, long d) {
    long result;
    register long fourth __asm__("r10") = d;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth)
                     : "rcx", "r11", "memory");
    return result;
}

#endif
