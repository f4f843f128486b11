// Call frame information (CFI): how to get from a frame to its caller where frame pointers cannot be trusted.
//
// A module's .eh_frame says so for each code address in a small program. This part runs that program once per code
// address and packs the outcome into an 8-byte rule; the walker keeps the rules and applies them with two loads a
// frame. The few frames that do not fit a rule are stepped over by memscope_cfi_step, which interprets the program in
// place.
//
// Everything declared here is lock-free, allocates nothing, touches no errno and may be called from a signal handler
// and from inside malloc, once one early call (from a constructor) has bound the C library's _dl_find_object: binding
// it lazily runs the dynamic linker. The module that holds the address must stay loaded during the call. Malformed CFI
// gives "none" or false; it is never followed outside the module's own mapped segment.

#ifndef MEMSCOPE_CFI_H
#define MEMSCOPE_CFI_H

#include <stdbool.h>
#include <stdint.h>

#include "arch.h"

/// What a rule says about the frame at a code address.
enum memscope_rule_kind {
    /// Nothing yet: the value of zeroed memory. memscope_cfi_rule never returns it.
    memscope_rule_unknown = 0,
    /// The caller follows from the rule's offsets.
    memscope_rule_regular,
    /// The frame has no caller: it is the thread's outermost.
    memscope_rule_end,
    /// The caller is described, but not by offsets: memscope_cfi_step must find it.
    memscope_rule_complex,
    /// No CFI describes the address. Not the same as the end: many functions that the Swift compiler makes
    /// (witness-table accessors) have none but keep the frame pointer, so memscope_frame_pointer_rule leads on.
    memscope_rule_none,
};

/// How to get from a frame to its caller, in 8 bytes. Offsets count 8-byte words.
///
/// For a regular rule:
///
///     cfa    = (cfa_from_fp ? fp : sp) + 8 * cfa_words      the caller's sp
///     pc     = memscope_strip_pointer(load(cfa + 8 * ra_words))
///     fp     = fp_saved ? load(cfa + 8 * fp_words) : fp
///
/// The loads are unchecked: whoever applies a rule bounds them by the thread's stack and demands cfa > sp.
typedef union memscope_unwind_rule {
    /// The whole rule, for atomic loads and stores; 0 is memscope_rule_unknown.
    uint64_t bits;
    struct {
        /// A memscope_rule_kind.
        uint64_t kind : 3;
        /// The CFA counts from the frame pointer, else from the stack pointer.
        uint64_t cfa_from_fp : 1;
        /// The caller's frame pointer was saved at fp_words, else it is still in the register.
        uint64_t fp_saved : 1;
        /// Free for whoever keeps the rule; 0 when compiled.
        uint64_t flags : 7;
        /// The CFA's distance from its base.
        int64_t cfa_words : 20;
        /// Where the caller's frame pointer lies, from the CFA.
        int64_t fp_words : 16;
        /// Where the return address lies, from the CFA.
        int64_t ra_words : 16;
    };
} memscope_unwind_rule;

_Static_assert(sizeof(memscope_unwind_rule) == 8, "a rule is one word, so that one store publishes it");

/// The rule of a function that keeps the frame pointer, past its prologue: for code of kind `none` that may be one.
///
/// A guess where the others are knowledge: whoever applies it checks that fp lies in the stack, above sp, and that what
/// it finds is code. On AArch64 the sp it gives is a lower bound only, for the saved pair need not end the frame.
/// @return A regular rule.
static inline memscope_unwind_rule memscope_frame_pointer_rule(void) {
    return (memscope_unwind_rule){
        .kind = memscope_rule_regular,
        .cfa_from_fp = 1,
        .fp_saved = 1,
        .cfa_words = 2,
        .fp_words = -2,
        .ra_words = -1,
    };
}

/// The registers of one frame, as memscope_cfi_step takes and returns them.
///
/// pc, sp, fp, the stack's bounds and is_return_address are required. Callee-saved registers other than fp are needed
/// by very few functions; whoever has them sets `known`, others leave it 0.
struct memscope_frame_registers {
    /// Program counter, without authentication bits; 0 after a step out of the outermost frame.
    uintptr_t pc;
    /// Stack pointer.
    uintptr_t sp;
    /// Frame pointer.
    uintptr_t fp;
    /// The thread's stack, lowest address. Loads inside [stack_low, stack_high) are done without a check; others are
    /// probed first with a system call, so 0 for both bounds is safe but slow.
    uintptr_t stack_low;
    /// The thread's stack, end.
    uintptr_t stack_high;
    /// Bit n: others[n] holds DWARF register n.
    uint64_t known;
    /// Further registers by DWARF number; pc, sp and fp are not looked up here.
    uintptr_t others[MEMSCOPE_DWARF_REGISTERS];
    /// pc follows a call, so the call itself lies before it. False for the innermost frame and for one that a signal
    /// interrupted.
    bool is_return_address;
};

/// Compiles the rule of a code address.
///
/// Cost: about a microsecond; meant to be called once per distinct address. The outcome is valid as long as the module
/// that holds the address stays loaded.
///
/// @param pc The code address.
/// @param is_return_address The address follows a call: the row of the call instruction is meant, not the one that
///   begins after it. See the field of the same name above.
/// @return The rule, its flags 0. `none` also where the CFI is malformed or the C library has no lock-free way from an
///   address to its module (glibc before 2.35).
memscope_unwind_rule memscope_cfi_rule(uintptr_t pc, bool is_return_address);

/// Steps from a frame to its caller by interpreting the CFI, DWARF expressions and signal frames included.
///
/// @param registers The frame; replaced by its caller's if the step succeeds, else unchanged. A step out of the
///   outermost frame succeeds and leaves pc 0.
/// @return False if there is no CFI, it is malformed, or it needs a register or memory that is not available.
bool memscope_cfi_step(struct memscope_frame_registers *_Nonnull registers);

/// Finds the function around a code address, from the CFI alone.
///
/// A compiler may describe one function in several parts (".cold"): the part is found.
///
/// @param pc An address inside the function. For a return address pass it less one.
/// @param start Receives the first address.
/// @param end Receives the address after the last.
/// @return False, with nothing written, if no CFI covers the address.
bool memscope_cfi_function(uintptr_t pc, uintptr_t *_Nonnull start, uintptr_t *_Nonnull end);

#endif
