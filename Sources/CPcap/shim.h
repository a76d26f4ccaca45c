#pragma once
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <stdint.h>

/// Reads a word that another owner sets when all before it is written.
static inline uint32_t kuzet_load_acquiring(const uint32_t *word) {
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/// Asks the processor to fetch the cache line at `address`, to be read soon; never faults.
static inline void kuzet_prefetch_to_read(const void *address) {
    __builtin_prefetch(address, 0, 3);
}

/// Sets a word that gives what was read until now to another owner.
static inline void kuzet_store_releasing(uint32_t *word, uint32_t value) {
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}
