// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Asks the processor to fetch the cache line at `address`, to be read and written soon.
/// Swift has no word for it. Never faults, whatever the address.
static inline void kuzet_prefetch(const void *_Nonnull address) { __builtin_prefetch(address, 1, 3); }

/// Memory of zeros, of which the system gives a page when it is first written; never NULL.
/// Swift's own allocation does not promise zeros, and writing them would take all pages.
void *_Nonnull kuzet_zeroed(long count, long size);

/// Gives back what `kuzet_zeroed` gave.
void kuzet_give_back(void *_Nonnull memory);
