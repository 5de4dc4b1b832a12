#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdint.h>

/// How many blocks of memory the calling thread has asked the C library for since it started.
///
/// A program that links this library gets its `malloc`, `calloc`, `realloc`, `aligned_alloc` and `posix_memalign`,
/// which count and hand on to glibc; the allocator's own statistics cannot tell, since its thread caches hide small
/// blocks from them.
uint64_t allocation_count(void);

#endif
