// The drain thread publishes the heap's figures each round; any thread reads them without a lock.
#ifndef MEMSCOPE_FIGURES_H
#define MEMSCOPE_FIGURES_H

/// Makes the engine's totals the ones that `memscope_read_figures` returns. The drain thread's alone.
void memscope_figures_publish(void);

#endif
