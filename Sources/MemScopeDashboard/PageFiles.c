// The page's files are kept as files and embedded by the compiler: no build step, nothing to install beside the binary.

#include "MemScopeDashboard.h"

// One line for each file: its name as an identifier, and its name in the Page folder.
#define PAGE_FILES(FILE)                 \
  FILE(page, "page.html")                \
  FILE(colours_style, "colours.css")     \
  FILE(style, "style.css")               \
  FILE(views_style, "views.css")         \
  FILE(print_style, "print.css")         \
  FILE(address, "address.js")            \
  FILE(calltree, "calltree.js")          \
  FILE(changes, "changes.js")            \
  FILE(columns, "columns.js")            \
  FILE(compare, "compare.js")            \
  FILE(concluded, "concluded.js")        \
  FILE(cyclepicture, "cyclepicture.js")  \
  FILE(data, "data.js")                  \
  FILE(details, "details.js")            \
  FILE(elements, "elements.js")          \
  FILE(events, "events.js")              \
  FILE(figures, "figures.js")            \
  FILE(findings, "findings.js")          \
  FILE(flame, "flame.js")                \
  FILE(honesty, "honesty.js")            \
  FILE(icicle, "icicle.js")              \
  FILE(keys, "keys.js")                  \
  FILE(leaks, "leaks.js")                \
  FILE(ledger, "ledger.js")              \
  FILE(entry, "main.js")                 \
  FILE(memory, "memory.js")              \
  FILE(outline, "outline.js")            \
  FILE(owners, "owners.js")              \
  FILE(ownership, "ownership.js")        \
  FILE(palette, "palette.js")            \
  FILE(retained, "retained.js")          \
  FILE(scopes, "scopes.js")              \
  FILE(shape, "shape.js")                \
  FILE(sites, "sites.js")                \
  FILE(stretch, "stretch.js")            \
  FILE(stretched, "stretched.js")        \
  FILE(table, "table.js")                \
  FILE(tasks, "tasks.js")                \
  FILE(threads, "threads.js")            \
  FILE(timeline, "timeline.js")          \
  FILE(timescale, "timescale.js")        \
  FILE(types, "types.js")                \
  FILE(verdict, "verdict.js")            \
  FILE(window, "window.js")

static const unsigned char page[] = {
#embed "Page/page.html"
};
static const unsigned char colours_style[] = {
#embed "Page/colours.css"
};
static const unsigned char style[] = {
#embed "Page/style.css"
};
static const unsigned char views_style[] = {
#embed "Page/views.css"
};
static const unsigned char print_style[] = {
#embed "Page/print.css"
};
static const unsigned char address[] = {
#embed "Page/address.js"
};
static const unsigned char calltree[] = {
#embed "Page/calltree.js"
};
static const unsigned char changes[] = {
#embed "Page/changes.js"
};
static const unsigned char columns[] = {
#embed "Page/columns.js"
};
static const unsigned char compare[] = {
#embed "Page/compare.js"
};
static const unsigned char concluded[] = {
#embed "Page/concluded.js"
};
static const unsigned char cyclepicture[] = {
#embed "Page/cyclepicture.js"
};
static const unsigned char data[] = {
#embed "Page/data.js"
};
static const unsigned char details[] = {
#embed "Page/details.js"
};
static const unsigned char elements[] = {
#embed "Page/elements.js"
};
static const unsigned char events[] = {
#embed "Page/events.js"
};
static const unsigned char figures[] = {
#embed "Page/figures.js"
};
static const unsigned char findings[] = {
#embed "Page/findings.js"
};
static const unsigned char flame[] = {
#embed "Page/flame.js"
};
static const unsigned char honesty[] = {
#embed "Page/honesty.js"
};
static const unsigned char icicle[] = {
#embed "Page/icicle.js"
};
static const unsigned char keys[] = {
#embed "Page/keys.js"
};
static const unsigned char leaks[] = {
#embed "Page/leaks.js"
};
static const unsigned char ledger[] = {
#embed "Page/ledger.js"
};
static const unsigned char entry[] = {
#embed "Page/main.js"
};
static const unsigned char memory[] = {
#embed "Page/memory.js"
};
static const unsigned char outline[] = {
#embed "Page/outline.js"
};
static const unsigned char owners[] = {
#embed "Page/owners.js"
};
static const unsigned char ownership[] = {
#embed "Page/ownership.js"
};
static const unsigned char palette[] = {
#embed "Page/palette.js"
};
static const unsigned char retained[] = {
#embed "Page/retained.js"
};
static const unsigned char scopes[] = {
#embed "Page/scopes.js"
};
static const unsigned char shape[] = {
#embed "Page/shape.js"
};
static const unsigned char sites[] = {
#embed "Page/sites.js"
};
static const unsigned char stretch[] = {
#embed "Page/stretch.js"
};
static const unsigned char stretched[] = {
#embed "Page/stretched.js"
};
static const unsigned char table[] = {
#embed "Page/table.js"
};
static const unsigned char tasks[] = {
#embed "Page/tasks.js"
};
static const unsigned char threads[] = {
#embed "Page/threads.js"
};
static const unsigned char timeline[] = {
#embed "Page/timeline.js"
};
static const unsigned char timescale[] = {
#embed "Page/timescale.js"
};
static const unsigned char types[] = {
#embed "Page/types.js"
};
static const unsigned char verdict[] = {
#embed "Page/verdict.js"
};
static const unsigned char window[] = {
#embed "Page/window.js"
};

#define ENTRY(identifier, file) {file, identifier, sizeof identifier},
static const memscope_page_file files[] = {PAGE_FILES(ENTRY)};

size_t memscope_page_file_count(void) { return sizeof files / sizeof files[0]; }

const memscope_page_file *_Nullable memscope_page_file_at(size_t index) {
  return index < memscope_page_file_count() ? &files[index] : NULL;
}
