// Blocks that hold each other, and pointers of all kinds.
#define _GNU_SOURCE
#include "leak_cases.h"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct node { struct node *next; char rest[40]; };

static struct node *new_node(struct node *next) {
    struct node *node = malloc(sizeof *node);
    node->next = next;
    return node;
}

static void lost(int n) {
    for (int i = 0; i < n; i++) new_node(NULL);
}

static void cycle(int n) {
    for (int i = 0; i < n; i++) {
        struct node *first = new_node(NULL);
        first->next = new_node(first);
    }
}

static void chain(int n) {
    struct node *last = NULL;
    for (int i = 0; i < n; i++) last = new_node(last);
}

static struct node *global;
static void held_by_global(int n) {
    for (int i = 0; i < n; i++) global = new_node(global);
}

static char **inside;
static void held_by_inner_pointer(int n) {
    inside = calloc((size_t)n, sizeof *inside);
    for (int i = 0; i < n; i++) inside[i] = (char *)malloc(100) + 50;
}

// A pointer just behind a block holds nothing.
static void pointer_behind(int n) {
    inside = calloc((size_t)n, sizeof *inside);
    for (int i = 0; i < n; i++) inside[i] = (char *)malloc(104) + 104;
}

static uintptr_t *tagged;
static void held_by_top_byte(int n) {
    tagged = calloc((size_t)n, sizeof *tagged);
    for (int i = 0; i < n; i++) tagged[i] = (uintptr_t)malloc(64) | (uintptr_t)(0x98 + i % 8) << 56;
}

static void held_by_low_bits(int n) {
    tagged = calloc((size_t)n, sizeof *tagged);
    for (int i = 0; i < n; i++) tagged[i] = (uintptr_t)malloc(64) | (uintptr_t)(1 + i % 7);
}

// As operator new[] for no elements of a class with a destructor: a cookie of 8 bytes, and a pointer behind it.
static void held_behind_cookie(int n) {
    inside = calloc((size_t)n, sizeof *inside);
    for (int i = 0; i < n; i++) inside[i] = (char *)malloc(8) + 8;
}

static void held_empty(int n) {
    inside = calloc((size_t)n, sizeof *inside);
    for (int i = 0; i < n; i++) inside[i] = malloc(0);
}

static void held_by_mapping(int n) {
    char **page = mmap(NULL, (size_t)n * sizeof *page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < n; i++) page[i] = malloc(64);
}

// Reserved far beyond what is used: searched where it was touched.
static void held_by_sparse_mapping(int n) {
    size_t bytes = (size_t)64 << 30;
    char *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    for (int i = 0; i < n; i++) *(void **)(start + bytes / (size_t)n * (size_t)i / 8 * 8) = malloc(64);
}

// A page of a block that cannot be read; what the block holds behind it counts.
static char *guarded;
static void held_behind_unreadable_page(int n) {
    size_t bytes = 4096 * 4 + (size_t)n * sizeof(void *);
    guarded = malloc(bytes);
    memset(guarded, 0, bytes);
    void **behind = (void **)(guarded + 4096 * 4);
    for (int i = 0; i < n; i++) behind[i] = malloc(64);
    char *page = (char *)(((uintptr_t)guarded + 8191) & ~(uintptr_t)4095);
    mprotect(page, 4096, PROT_NONE);
}

// The same in a block that is a mapping of its own.
static void held_behind_unreadable_page_of_mapping(int n) {
    guarded = malloc(1 << 20);
    memset(guarded, 0, 1 << 20);
    void **behind = (void **)(guarded + 4096 * 64);
    for (int i = 0; i < n; i++) behind[i] = malloc(64);
    mprotect((char *)(((uintptr_t)guarded + 8191) & ~(uintptr_t)4095), 4096 * 16, PROT_NONE);
}

// What was written once, and then protected.
static void held_by_protected_block(int n) {
    void **block = aligned_alloc(4096, 8192);
    for (int i = 0; i < n; i++) block[i] = malloc(64);
    mprotect(block, 4096, PROT_READ);
    global = (struct node *)block;
}

static void held_by_protected_mapping(int n) {
    size_t bytes = (size_t)n * sizeof(void *);
    char **page = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < n; i++) page[i] = malloc(64);
    mprotect(page, bytes, PROT_READ);
}

// What was written once, and may not be read any more.
static void held_by_unreadable_mapping(int n) {
    size_t bytes = (size_t)n * sizeof(void *);
    char **page = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < n; i++) page[i] = malloc(64);
    mprotect(page, bytes, PROT_NONE);
}

static void held_by_unreadable_block(int n) {
    void **block = aligned_alloc(4096, 8192);
    for (int i = 0; i < n; i++) block[i] = malloc(64);
    mprotect(block, 4096, PROT_NONE);
    global = (struct node *)block;
}

// Memory that copies of the process do not get, or get empty; says where it is.
static char **kept_from_copies(size_t bytes, int advice) {
    char **start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED || madvise(start, bytes, advice) != 0) abort();
    dprintf(1, "%p\n", (void *)start);
    return start;
}

static void held_by_memory_without_copies(int n) {
    char **page = kept_from_copies(1 << 16, MADV_DONTFORK);
    for (int i = 0; i < n; i++) page[i * 16] = malloc(64);
}

static void held_by_memory_wiped_in_copies(int n) {
    char **page = kept_from_copies(1 << 16, MADV_WIPEONFORK);
    for (int i = 0; i < n; i++) page[i * 16] = malloc(64);
}

static void lost_in_memory_without_copies(int n) {
    char **page = kept_from_copies(1 << 16, MADV_DONTFORK);
    for (int i = 0; i < n; i++) page[0] = malloc(64);
    page[0] = NULL;
}

// What the first of it holds is seen; the rest is too much.
static void held_by_much_memory_without_copies(int n) {
    char **page = kept_from_copies(64 << 20, MADV_DONTFORK);
    for (int i = 0; i < n; i++) page[i * 16] = malloc(64);
}

// Memory that children share, larger than what is read without asking which of its pages are there.
static void held_by_shared_mapping(int n) {
    char **page = mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < n; i++) page[(i * 4096 + 512) / 8] = malloc(64);
}

static void held_by_memory_file(int n) {
    int file = memfd_create("held", MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, 1 << 20) != 0) abort();
    char **page = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    for (int i = 0; i < n; i++) page[i] = malloc(64);
}

// A file of the disk, of which each process has its own pages once it writes to them.
static int mapped_file;
static void *map_file(int how) {
    char path[] = "/var/tmp/leak-case-XXXXXX";
    int file = mkstemp(path);
    if (file < 0 || unlink(path) != 0 || ftruncate(file, 1 << 20) != 0) abort();
    mapped_file = file;
    return mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, how, file, 0);
}

static void *held_by_private_file_at(int n) {
    char **page = map_file(MAP_PRIVATE);
    for (int i = 0; i < n; i++) page[i] = malloc(64);
    return page;
}

static void held_by_private_file(int n) { held_by_private_file_at(n); }

static void held_by_protected_private_file(int n) {
    mprotect(held_by_private_file_at(n), 1 << 20, PROT_READ);
}

// The pages that were not written to have what the file has: that is no pointer of the process's, whoever wrote it.
static void lost_in_protected_private_file(int n) {
    char **page = map_file(MAP_SHARED);
    for (int i = 0; i < n; i++) page[i] = malloc(64);
    char **copy = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE, mapped_file, 0);
    munmap(page, 1 << 20);
    copy[(1 << 19) / sizeof *copy] = (char *)copy;
    for (size_t i = 0; i < 1 << 20; i += 4096) (void)*(volatile char *)((char *)copy + i);
    mprotect(copy, 1 << 20, PROT_READ);
}

// What a file keeps longer than the process lives is no pointer of it.
static void lost_in_shared_file(int n) {
    char **page = map_file(MAP_SHARED);
    for (int i = 0; i < n; i++) page[i] = malloc(64);
}

// Among many small blocks, so that it lies in the heap that grows by brk.
static void lost_beside_unreadable_page(int n) {
    held_behind_unreadable_page(n);
    lost(n);
}

// One of 1 MiB has a mapping of its own, and leads to others.
static void held_by_large_block(int n) {
    void **large = malloc(1 << 20);
    memset(large, 0, 1 << 20);
    for (int i = 0; i < n; i++) large[i] = malloc(64);
    global = (struct node *)large;
}

static void lost_large(int n) {
    for (int i = 0; i < n; i++) memset(malloc(1 << 18), 0, 1 << 18);
}

static void lost_with_large_block(int n) {
    void **large = malloc(1 << 20);
    memset(large, 0, 1 << 20);
    for (int i = 0; i < n; i++) large[i] = malloc(64);
}

static void freed(int n) {
    char **blocks = malloc((size_t)n * sizeof *blocks);
    for (int i = 0; i < n; i++) blocks[i] = malloc(64);
    for (int i = 0; i < n; i++) free(blocks[i]);
    free(blocks);
}

// What is free still has the pointers that it had; they hold nothing.
static void lost_in_free_block(int n) {
    for (int i = 0; i < n; i++) {
        void **holder = malloc(200);
        for (int word = 0; word < 25; word++) holder[word] = NULL;
        holder[10] = malloc(64);
        free(holder);
    }
}

// A Swift side table: its first word is the object, the object's second word the table, shifted.
struct object { uint64_t isa, counts, field; };
struct side_table { struct object *object; uint64_t zero, counts, weak; };
static struct object *new_object_with_side_table(struct side_table **table) {
    struct object *object = calloc(1, sizeof *object);
    *table = calloc(1, sizeof **table);
    (*table)->object = object;
    object->counts = (uint64_t)3 << 62 | (uintptr_t)*table >> 3;
    return object;
}

// Objects are held; the table is only by the object's counts.
static void held_side_table(int n) {
    inside = calloc((size_t)n, sizeof *inside);
    struct side_table *table;
    for (int i = 0; i < n; i++) inside[i] = (char *)new_object_with_side_table(&table);
}

// Only the kernel has the pointer, until something happens.
static void held_by_epoll(int n) {
    int queue = epoll_create1(0);
    for (int i = 0; i < n; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = malloc(64)};
        if (epoll_ctl(queue, EPOLL_CTL_ADD, eventfd(0, 0), &event) != 0) abort();
    }
}

static void held_by_timer(int n) {
    for (int i = 0; i < n; i++) {
        struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_ptr = malloc(64)};
        timer_t timer;
        if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) abort();
    }
}

static const struct leak_case cases[] = {
    {"lost", lost}, {"cycle", cycle}, {"chain", chain}, {"held_by_global", held_by_global},
    {"held_by_inner_pointer", held_by_inner_pointer}, {"pointer_behind", pointer_behind},
    {"held_by_top_byte", held_by_top_byte}, {"held_by_low_bits", held_by_low_bits},
    {"held_behind_cookie", held_behind_cookie}, {"held_empty", held_empty}, {"held_by_mapping", held_by_mapping},
    {"held_by_sparse_mapping", held_by_sparse_mapping}, {"held_behind_unreadable_page", held_behind_unreadable_page},
    {"held_behind_unreadable_page_of_mapping", held_behind_unreadable_page_of_mapping},
    {"held_by_protected_block", held_by_protected_block}, {"held_by_protected_mapping", held_by_protected_mapping},
    {"held_by_unreadable_mapping", held_by_unreadable_mapping},
    {"held_by_unreadable_block", held_by_unreadable_block},
    {"held_by_memory_without_copies", held_by_memory_without_copies},
    {"held_by_memory_wiped_in_copies", held_by_memory_wiped_in_copies},
    {"lost_in_memory_without_copies", lost_in_memory_without_copies},
    {"held_by_much_memory_without_copies", held_by_much_memory_without_copies},
    {"held_by_shared_mapping", held_by_shared_mapping}, {"held_by_memory_file", held_by_memory_file},
    {"held_by_private_file", held_by_private_file}, {"held_by_protected_private_file", held_by_protected_private_file},
    {"lost_in_protected_private_file", lost_in_protected_private_file}, {"lost_in_shared_file", lost_in_shared_file},
    {"lost_beside_unreadable_page", lost_beside_unreadable_page}, {"held_by_large_block", held_by_large_block},
    {"lost_large", lost_large}, {"lost_with_large_block", lost_with_large_block}, {"freed", freed},
    {"lost_in_free_block", lost_in_free_block}, {"held_side_table", held_side_table},
    {"held_by_epoll", held_by_epoll}, {"held_by_timer", held_by_timer},
};

int main(int argc, char **argv) { return run_case(cases, sizeof cases / sizeof *cases, argc, argv); }
