#ifndef CMALLOCCOUNTER_H
#define CMALLOCCOUNTER_H

#include <stdint.h>

/// Allocations that the calling thread has made since it began.
uint64_t malloc_count(void);

/// The bytes that it asked for with them.
uint64_t malloc_bytes(void);

/// Whether allocations are counted: a sanitizer brings an allocator of its own.
int malloc_count_works(void);

#endif
