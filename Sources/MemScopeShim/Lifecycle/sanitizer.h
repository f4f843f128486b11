// Whether this file is compiled for a program with a sanitizer that brings its own allocator.
#ifndef MEMSCOPE_SANITIZER_H
#define MEMSCOPE_SANITIZER_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer) ||         \
    __has_feature(hwaddress_sanitizer) || __has_feature(leak_sanitizer)
#define MEMSCOPE_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#undef MEMSCOPE_SANITIZED
#define MEMSCOPE_SANITIZED 1
#endif
#ifndef MEMSCOPE_SANITIZED
#define MEMSCOPE_SANITIZED 0
#endif

#endif
