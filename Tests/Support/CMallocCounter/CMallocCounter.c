// Stands between the program and glibc's allocator, in the test executable only, and counts.

#include "CMallocCounter.h"

#include <errno.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_OTHER_ALLOCATOR 1
#endif
#endif

#if defined(HAS_OTHER_ALLOCATOR) || !defined(__GLIBC__)

uint64_t malloc_count(void) { return 0; }
uint64_t malloc_bytes(void) { return 0; }
int malloc_count_works(void) { return 0; }

#else

// Initial-exec: reading it must not allocate.
static _Thread_local uint64_t count __attribute__((tls_model("initial-exec")));
static _Thread_local uint64_t bytes __attribute__((tls_model("initial-exec")));

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static void add(size_t size) {
    count += 1;
    bytes += size;
}

void *malloc(size_t size) {
    add(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    add(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    add(size);
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    add(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    add(size);
    void *memory = __libc_memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *result = memory;
    return 0;
}

uint64_t malloc_count(void) { return count; }
uint64_t malloc_bytes(void) { return bytes; }
int malloc_count_works(void) { return 1; }

#endif
