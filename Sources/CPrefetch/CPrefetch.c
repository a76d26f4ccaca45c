// SPDX-License-Identifier: Apache-2.0
#define _DEFAULT_SOURCE
#include "CPrefetch.h"
#include <sys/mman.h>
#include <stdlib.h>

void *kuzet_zeroed(long count, long size) {
    void *memory = calloc((size_t)count, (size_t)size);
    // As Swift does where no memory is left: there is nothing to go on with.
    if (!memory) abort();
    return memory;
}

void kuzet_give_back(void *memory) { free(memory); }

void kuzet_prefer_large_pages(void *memory, long size) {
    if (size > 0) madvise(memory, (size_t)size, MADV_HUGEPAGE);
}
