#include "roots.h"

#include "../Interpose/next_allocator.h"
#include "added_roots.h"
#include "kept_memory.h"

void memscope_roots_complain(struct memscope_roots *roots, const char *sentence) {
    if (roots->complaint_count < sizeof roots->complaints / sizeof *roots->complaints)
        roots->complaints[roots->complaint_count++] = sentence;
}

// Threads come first: what a stack or a variable holds as well is best said to be held there.
bool memscope_roots_mark(struct memscope_roots *roots) {
    // The sooner the better: the program may run on.
    memscope_kernel_words_complete();
    roots->is_glibc = memscope_next_allocator_is_glibc();
    if (!memscope_range_list_start(&roots->excluded, 1 << 20) || !memscope_roots_find_threads(roots)) return false;
    if (!memscope_roots_exclude_ours(roots)) roots->excluded.is_full = true;
    if (roots->is_glibc && !memscope_glibc_heap_find(&roots->heap, roots->map, &roots->excluded)) return false;
    if (!memscope_ignored_roots_drop(roots->map, &roots->excluded, roots->is_copy))
        memscope_roots_complain(roots, "Regions that the program said are no roots were searched where they are parts of blocks: leaks may be hidden.");
    memscope_range_list_sort(&roots->excluded);
    if (roots->excluded.is_full) memscope_roots_complain(roots, "There are too many mappings to tell MemScope's from the program's.");
    memscope_roots_mark_threads(roots);
    memscope_added_roots_mark(roots->mark);
    if (roots->is_copy) memscope_kept_memory_mark(roots);
    memscope_roots_mark_mappings(roots);
    memscope_roots_mark_blocks(roots);
    memscope_roots_mark_kernel(roots);
    memscope_mark_drain(roots->mark);
    return true;
}
