// Which module frees a block.
#ifndef MEMSCOPE_FREEING_MODULE_H
#define MEMSCOPE_FREEING_MODULE_H

#include "../Lifecycle/switch.h"
#include "../Ring/thread.h"
#include "../Stack/return_address.h"
#include "../Unwind/step.h"
#include "code_module.h"

#pragma clang assume_nonnull begin

/// The same where the hook's caller is a runtime: walks out of the runtimes and no further.
uint32_t memscope_freeing_module_beyond(struct memscope_thread *thread, uintptr_t frame, uintptr_t caller_stack_pointer);

/// The number of the module that acts where a hook was called (code_module.h), MEMSCOPE_CODE_RUNTIMES for none, 0 if it
/// cannot be told. No lock, no system call for known code.
/// @param frame `__builtin_frame_address(0)` of the hook.
/// @param caller_stack_pointer The stack pointer that the hook's caller will have when it returns.
static inline uint32_t memscope_freeing_module(struct memscope_thread *thread, uintptr_t frame,
                                               uintptr_t caller_stack_pointer) {
    const struct memscope_runtime_path *chain = thread->latest_chain;
    uintptr_t return_address = memscope_strip_pointer(memscope_load_word(frame + 8));
    if (return_address == chain->return_addresses[0] && chain->seed == __atomic_load_n(&memscope_switch.seed, __ATOMIC_RELAXED)) {
        uintptr_t record = frame;
        for (uint32_t i = 0; memscope_strip_pointer(memscope_load_word(record + 8)) == chain->return_addresses[i]; i++) {
            if (i == chain->count) return chain->module;
            record = memscope_load_word(record) & ~MEMSCOPE_ASYNC_FRAME_BIT;
        }
    }
    if (return_address != thread->runtime_caller) {
        memscope_unwind_rule rule;
        uint32_t caller = memscope_address_find(return_address, &rule);
        if (!(rule.flags & MEMSCOPE_ADDRESS_RUNTIME)) return memscope_address_modules[caller];
        thread->runtime_caller = return_address;
    }
    return memscope_freeing_module_beyond(thread, frame, caller_stack_pointer);
}

#pragma clang assume_nonnull end
#endif
