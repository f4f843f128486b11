// The modules whose code was seen on stacks, numbered, and which of them are runtimes. Only with custody.
//
// A block changes hands where one module allocated it and another freed it. A module acts for itself: what it asks of a
// runtime it has done. A module is known by its path: loaded again it is the same one. *Runtimes* are the libraries that serve whoever calls them: Swift's own with Foundation, the C and
// C++ libraries, libdispatch, allocators, and MemScope. A program that has them linked statically is one module with them.
//
// Numbers are given in the order of first sight, without a lock, by what the C library says of an address: the list that
// the service thread keeps would be late for a library that allocates while it is loaded.
#ifndef MEMSCOPE_CODE_MODULE_H
#define MEMSCOPE_CODE_MODULE_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

struct memscope_thread;

/// Numbers are below this; 0 stands for code of no module that is known.
#define MEMSCOPE_CODE_MODULES 4096u
/// Stands for a stack on which there are only runtimes.
#define MEMSCOPE_CODE_RUNTIMES 0x8000u
/// Where in a leaf's flags the number of the module stands that allocates there.
#define MEMSCOPE_LEAF_MODULE_SHIFT 16

/// For each element of the table of code addresses the number of its module. Null without custody.
extern uint16_t *_Nullable memscope_address_modules __attribute__((visibility("hidden")));

/// Maps the tables, so that code addresses get numbers from now on. Before the first of them. False when the kernel refuses.
bool memscope_custody_start(void);

/// The number of the module around a code address, and whether it is a runtime. No lock, no system call. For an address's
/// first sight: some 100 ns.
uint16_t memscope_code_module_at(uintptr_t address, bool *is_runtime);

/// The index of a numbered module in memscope_modules, plus one; 0 for one that is not listed or stands for none. Of a module
/// that was loaded several times the first one's.
uint32_t memscope_code_module_listed(uint32_t number);

/// What the flags of a new leaf say of who allocates there, by the stack that the calling thread walked last: the number of
/// the module that acts, nothing for runtimes alone, or that it is not known.
uint32_t memscope_code_module_leaf_flags(const struct memscope_thread *thread, bool truncated);

/// The number of the module that acts on the stack that the calling thread walked last, by the rule above.
uint32_t memscope_code_module_of_stack(const struct memscope_thread *thread);

#pragma clang assume_nonnull end
#endif
