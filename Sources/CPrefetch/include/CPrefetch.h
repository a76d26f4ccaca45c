// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Asks the processor to fetch the cache line at `address`, to be read and written soon.
/// Swift has no word for it. Never faults, whatever the address.
static inline void kuzet_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }
