// SPDX-License-Identifier: Apache-2.0
#include "CPrefetch.h"
#include <stdlib.h>

void *kuzet_zeroed(long count, long size) {
    void *memory = calloc((size_t)count, (size_t)size);
    // As Swift does where no memory is left: there is nothing to go on with.
    if (!memory) abort();
    return memory;
}

void kuzet_give_back(void *memory) { free(memory); }
