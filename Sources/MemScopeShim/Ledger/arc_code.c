// The one place that knows the machine's code for retain and release. For x86-64; elsewhere the ledger is declined.
#include "arc_code.h"

#include <stdbool.h>
#include <string.h>

#include "../SwiftRuntime/module_ranges.h"
#include "events.h"

#if defined(__x86_64__)

extern uintptr_t memscope_arc_originals[ARC_FUNCTIONS] __attribute__((visibility("hidden")));

// How the runtime enters:
//
//     swift_retain:  push rbp; …flag set: pop rbp; jmp adapter
//     adapter:       push rbp; mov rbp, rsp; push rbx; push rax; mov rbx, rdi; and rdi, MASK; call [_swift_retain]
//     the others:    …flag set: jmp [slot], with the caller's registers as they were
//
// So the retain's entry finds the value as it was passed in rbx, and in rbp a frame whose return address is the program's; the
// others make such a frame. Null, small strings and literals are not above 0: the runtime's own functions return at once,
// but for retain's, which would get them masked.
__asm__(
    ".pushsection .text.memscope_arc,\"ax\",@progbits\n"

    ".p2align 4\n.type memscope_arc_retain,@function\nmemscope_arc_retain:\n.cfi_startproc\n"
    "  testq %rbx, %rbx\n"
    "  jle 1f\n"
    "  pushq %rdi\n.cfi_adjust_cfa_offset 8\n"
    "  movq %rbp, %rsi\n"
    "  call memscope_ledger_on_retain\n"
    "  popq %rdi\n.cfi_adjust_cfa_offset -8\n"
    "  jmpq *memscope_arc_originals+0(%rip)\n"
    "1: movq %rdi, %rax\n"
    "  ret\n"
    ".cfi_endproc\n.size memscope_arc_retain, .-memscope_arc_retain\n"

    ".macro memscope_arc_entry name, function, original\n"
    ".p2align 4\n.type \\name,@function\n\\name:\n.cfi_startproc\n"
    "  testq %rdi, %rdi\n"
    "  jle 1f\n"
    "  pushq %rbp\n.cfi_adjust_cfa_offset 8\n.cfi_rel_offset rbp, 0\n"
    "  movq %rsp, %rbp\n.cfi_def_cfa_register rbp\n"
    "  pushq %rdi\n"
    "  pushq %rsi\n"
    "  movl %esi, %edx\n"
    "  movq %rbp, %rsi\n"
    "  call \\function\n"
    "  popq %rsi\n"
    "  popq %rdi\n"
    "  popq %rbp\n.cfi_def_cfa rsp, 8\n"
    "1: jmpq *memscope_arc_originals+\\original(%rip)\n"
    ".cfi_endproc\n.size \\name, .-\\name\n"
    ".endm\n"
    "memscope_arc_entry memscope_arc_release, memscope_ledger_on_release, 8\n"
    "memscope_arc_entry memscope_arc_retain_n, memscope_ledger_on_retain_n, 16\n"
    "memscope_arc_entry memscope_arc_release_n, memscope_ledger_on_release_n, 24\n"

    // Whether it retains is known only afterwards.
    ".p2align 4\n.type memscope_arc_try_retain,@function\nmemscope_arc_try_retain:\n.cfi_startproc\n"
    "  pushq %rbp\n.cfi_adjust_cfa_offset 8\n.cfi_rel_offset rbp, 0\n"
    "  movq %rsp, %rbp\n.cfi_def_cfa_register rbp\n"
    "  subq $16, %rsp\n"
    "  call *memscope_arc_originals+32(%rip)\n"
    "  movq %rax, (%rsp)\n"
    "  testq %rax, %rax\n"
    "  jle 1f\n"
    "  movq %rax, %rdi\n"
    "  movq %rbp, %rsi\n"
    "  call memscope_ledger_on_try_retain\n"
    "1: movq (%rsp), %rax\n"
    "  leave\n.cfi_def_cfa rsp, 8\n"
    "  ret\n"
    ".cfi_endproc\n.size memscope_arc_try_retain, .-memscope_arc_try_retain\n"
    ".popsection\n");

#define ENTRY(name) extern const char name[] __attribute__((visibility("hidden")))
ENTRY(memscope_arc_retain);
ENTRY(memscope_arc_release);
ENTRY(memscope_arc_retain_n);
ENTRY(memscope_arc_release_n);
ENTRY(memscope_arc_try_retain);

const uintptr_t memscope_arc_entries[ARC_FUNCTIONS] = {
    [ARC_RETAIN] = (uintptr_t)memscope_arc_retain,
    [ARC_RELEASE] = (uintptr_t)memscope_arc_release,
    [ARC_RETAIN_N] = (uintptr_t)memscope_arc_retain_n,
    [ARC_RELEASE_N] = (uintptr_t)memscope_arc_release_n,
    [ARC_TRY_RETAIN] = (uintptr_t)memscope_arc_try_retain,
};

// What an instruction's last four bytes refer to, relative to its end.
static uintptr_t target(const uint8_t *displacement) {
    int32_t distance;
    memcpy(&distance, displacement, sizeof distance);
    return (uintptr_t)displacement + 4 + (uintptr_t)(intptr_t)distance;
}

enum { LONGEST = 0xa0 };

// Whether a function has an instruction, by its first bytes, that refers to a place; beyond the opcode comes the distance.
static bool has(uintptr_t function, size_t length, const uint8_t *opcode, size_t bytes, uintptr_t place) {
    const uint8_t *code = (const uint8_t *)function;
    for (size_t i = 0; i + bytes + 4 <= length; i++)
        if (memcmp(code + i, opcode, bytes) == 0 && target(code + i + bytes) == place) return true;
    return false;
}

static const uint8_t read_flag[] = {0x0f, 0xb6, 0x05}, load_slot[] = {0x48, 0x8b, 0x05}, jump_slot[] = {0xff, 0x25}, jump[] = {0xe9};

// swift_retain loads the adapter's address, and the adapter calls through the slot.
static bool retains_by_adapter(const struct memscope_arc_symbols *runtime) {
    static const uint8_t leave[] = {0x5d, 0xff, 0xe0};
    static const uint8_t adapter[] = {0x55, 0x48, 0x89, 0xe5, 0x53, 0x50, 0x48, 0x89, 0xfb, 0x48, 0xbf, 0xf8, 0xff, 0xff, 0xff,
                                      0xff, 0xff, 0xff, 0x00, 0x48, 0x21, 0xdf, 0xff, 0x15};
    static const uint8_t result[] = {0x48, 0x89, 0xd8};
    const uint8_t *code = (const uint8_t *)runtime->functions[ARC_RETAIN];
    for (size_t i = 0; i + 10 <= LONGEST; i++) {
        if (memcmp(code + i, load_slot, sizeof load_slot) != 0 || memcmp(code + i + 7, leave, sizeof leave) != 0) continue;
        uintptr_t place = target(code + i + 3);
        if (!memscope_in_module(place, sizeof(uintptr_t))) return false;
        uintptr_t found = *(const uintptr_t *)place;
        if (!memscope_is_code(found) || !memscope_in_module(found, 0x30)) return false;
        const uint8_t *body = (const uint8_t *)found;
        return memcmp(body, adapter, sizeof adapter) == 0 && target(body + sizeof adapter) == runtime->slots[ARC_RETAIN] &&
               memcmp(body + sizeof adapter + 4, result, sizeof result) == 0;
    }
    return false;
}

// swift_release jumps through the slot, itself or by a function that does nothing else.
static bool releases_through_slot(const struct memscope_arc_symbols *runtime) {
    uintptr_t function = runtime->functions[ARC_RELEASE], slot = runtime->slots[ARC_RELEASE];
    if (has(function, LONGEST, jump_slot, sizeof jump_slot, slot)) return true;
    const uint8_t *code = (const uint8_t *)function;
    for (size_t i = 0; i + 5 <= LONGEST; i++) {
        if (code[i] != jump[0]) continue;
        uintptr_t next = target(code + i + 1);
        if (memscope_is_code(next) && memscope_in_module(next, 16) && has(next, 12, jump_slot, sizeof jump_slot, slot)) return true;
    }
    return false;
}

const char *memscope_arc_code_check(const struct memscope_arc_symbols *runtime) {
    static const char unknown[] = "The code of this Swift runtime for retain and release was not recognised.";
    for (int i = 0; i < ARC_FUNCTIONS; i++)
        if (!memscope_in_module(runtime->functions[i], LONGEST) ||
            !has(runtime->functions[i], 0x20, read_flag, sizeof read_flag, runtime->flag))
            return unknown;
    if (!retains_by_adapter(runtime) || !releases_through_slot(runtime)) return unknown;
    if (!has(runtime->functions[ARC_RETAIN_N], LONGEST, load_slot, sizeof load_slot, runtime->slots[ARC_RETAIN_N]) ||
        !has(runtime->functions[ARC_RELEASE_N], LONGEST, load_slot, sizeof load_slot, runtime->slots[ARC_RELEASE_N]) ||
        !has(runtime->functions[ARC_TRY_RETAIN], LONGEST, jump_slot, sizeof jump_slot, runtime->slots[ARC_TRY_RETAIN]))
        return unknown;
    return NULL;
}

#else

const uintptr_t memscope_arc_entries[ARC_FUNCTIONS] = {0};

const char *memscope_arc_code_check(const struct memscope_arc_symbols *runtime) {
    (void)runtime;
    return "Retain and release can be followed on x86-64 only.";
}

#endif
