// The page's files are kept as files and embedded by the compiler: no build step, nothing to install beside the binary.

#include "MemScopeDashboard.h"

// One line for each file: its name as an identifier, and its name in the Page folder.
#define PAGE_FILES(FILE)           \
  FILE(page, "page.html")          \
  FILE(style, "style.css")         \
  FILE(entry, "main.js")           \
  FILE(data, "data.js")            \
  FILE(elements, "elements.js")    \
  FILE(figures, "figures.js")      \
  FILE(overview, "overview.js")    \
  FILE(timeline, "timeline.js")    \
  FILE(sites, "sites.js")          \
  FILE(calltree, "calltree.js")    \
  FILE(tables, "tables.js")        \
  FILE(owners, "owners.js")        \
  FILE(leaks, "leaks.js")

static const unsigned char page[] = {
#embed "Page/page.html"
};
static const unsigned char style[] = {
#embed "Page/style.css"
};
static const unsigned char entry[] = {
#embed "Page/main.js"
};
static const unsigned char data[] = {
#embed "Page/data.js"
};
static const unsigned char elements[] = {
#embed "Page/elements.js"
};
static const unsigned char figures[] = {
#embed "Page/figures.js"
};
static const unsigned char overview[] = {
#embed "Page/overview.js"
};
static const unsigned char timeline[] = {
#embed "Page/timeline.js"
};
static const unsigned char sites[] = {
#embed "Page/sites.js"
};
static const unsigned char calltree[] = {
#embed "Page/calltree.js"
};
static const unsigned char tables[] = {
#embed "Page/tables.js"
};
static const unsigned char owners[] = {
#embed "Page/owners.js"
};
static const unsigned char leaks[] = {
#embed "Page/leaks.js"
};

#define ENTRY(identifier, file) {file, identifier, sizeof identifier},
static const memscope_page_file files[] = {PAGE_FILES(ENTRY)};

size_t memscope_page_file_count(void) { return sizeof files / sizeof files[0]; }

const memscope_page_file *_Nullable memscope_page_file_at(size_t index) {
  return index < memscope_page_file_count() ? &files[index] : NULL;
}
