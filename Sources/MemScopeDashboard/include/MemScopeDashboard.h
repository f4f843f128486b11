#ifndef MEMSCOPE_DASHBOARD_H
#define MEMSCOPE_DASHBOARD_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A file of the report's page, as it lies in the Page folder. Constant for the life of the process.
typedef struct memscope_page_file {
  /// The file's name without the folder, NUL-terminated.
  const char *_Nonnull name;
  /// The file's content; not NUL-terminated.
  const unsigned char *_Nonnull bytes;
  /// Number of bytes.
  size_t count;
} memscope_page_file;

/// How many files the page has.
/// @return The number of files; never 0.
size_t memscope_page_file_count(void);

/// One file of the page. May be called from any thread.
/// @param index Which one, below memscope_page_file_count().
/// @return The file, or NULL if there are not as many.
const memscope_page_file *_Nullable memscope_page_file_at(size_t index);

/// How much room memscope_gzip() needs.
/// @param count The size of the text.
/// @return A number of bytes that is always enough.
size_t memscope_gzip_bound(size_t count);

/// Compresses a text in the gzip format, which browsers decompress by themselves. May be called from any thread.
/// @param bytes The text.
/// @param count Its size.
/// @param output Room for memscope_gzip_bound() bytes.
/// @return How many bytes were written; 0 if there was no memory for it. Equal texts give equal bytes.
size_t memscope_gzip(const void *_Nonnull bytes, size_t count, void *_Nonnull output);

#ifdef __cplusplus
}
#endif

#endif
