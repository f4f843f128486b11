// What a program may define for LeakSanitizer, which reads it as we do: __lsan_default_suppressions and __lsan_default_options.
#ifndef MEMSCOPE_LSAN_DEFINITIONS_H
#define MEMSCOPE_LSAN_DEFINITIONS_H

#pragma clang assume_nonnull begin

/// Looks for the two functions in the program, also among the symbols that the dynamic linker does not know, and calls them; options on
/// roots go into the configuration unless the environment says something of them. Once.
void memscope_lsan_definitions_learn(void);

/// The suppressions that the program defines, lines leak:PATTERN; null if it defines none.
const char *_Nullable memscope_lsan_definitions_suppressions(void);

#pragma clang assume_nonnull end
#endif
