// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Asks the processor to fetch the cache line at `address`, to be read and written soon.
/// Swift has no word for it. Never faults, whatever the address.
static inline void kuzet_prefetch(const void *_Nonnull address) { __builtin_prefetch(address, 1, 3); }

/// The same of an address that may be anywhere, such as behind the end of what is being read; for
/// reading.
static inline void kuzet_prefetch_near(const void *_Nonnull address, long distance) {
    __builtin_prefetch((const void *)((unsigned long)address + (unsigned long)distance), 0, 3);
}

/// Memory of zeros, of which the system gives a page when it is first written; never NULL.
/// Swift's own allocation does not promise zeros, and writing them would take all pages.
void *_Nonnull kuzet_zeroed(long count, long size);

/// Gives back what `kuzet_zeroed` gave.
void kuzet_give_back(void *_Nonnull memory);

/// Asks for pages of 2 MiB for memory that begins at `memory`, a multiple of that, and has not been
/// written yet; the system may refuse. Pages of 4 KiB of many streams are more than the processor
/// remembers the places of.
void kuzet_prefer_large_pages(void *_Nonnull memory, long size);
