// A library that is loaded while the program runs; too large for the storage that the C library keeps for such.
static __thread void *place[8192];
void *leak_library_place(void) { return &place[5000]; }
