// SPDX-License-Identifier: Apache-2.0
//
// The least that a capture by libpcap can do: empty INTERFACE SECONDS RING-MEBIBYTES
//
// Takes packets with the options of Sources/Capture/LiveCapture.swift (ring, 100 ms to gather,
// nanoseconds, not blocking, 256 a call, poll of 50 ms) and does nothing but count them. What
// kuzet takes beyond this is the price of measuring. Prints JSON like kuzet's `input`.
#include <pcap/pcap.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t packets, octets;

static void take(u_char *none, const struct pcap_pkthdr *header, const u_char *bytes) {
    (void)none;
    (void)bytes;
    packets++;
    octets += header->len;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_BOOTTIME, &time);
    return (double)time.tv_sec + time.tv_nsec * 1e-9;
}

int main(int count, char **words) {
    char message[PCAP_ERRBUF_SIZE];
    pcap_t *capture;
    if (count < 4 || !(capture = pcap_create(words[1], message))) {
        fprintf(stderr, "empty INTERFACE SECONDS RING-MEBIBYTES\n");
        return 64;
    }
    pcap_set_snaplen(capture, 262144);
    pcap_set_buffer_size(capture, atoi(words[3]) << 20);
    pcap_set_timeout(capture, 100);
    pcap_set_promisc(capture, 1);
    pcap_set_tstamp_precision(capture, PCAP_TSTAMP_PRECISION_NANO);
    if (pcap_activate(capture) < 0 || pcap_setnonblock(capture, 1, message) < 0) {
        fprintf(stderr, "empty: %s: %s\n", words[1], pcap_geterr(capture));
        return 2;
    }
    int descriptor = pcap_get_selectable_fd(capture);
    double end = now() + atof(words[2]);
    while (now() < end) {
        int taken = pcap_dispatch(capture, 256, take, NULL);
        if (taken < 0) break;
        if (taken == 0) {
            struct pollfd request = {.fd = descriptor, .events = POLLIN};
            poll(&request, 1, 50);
        }
    }
    struct pcap_stat statistics = {0};
    pcap_stats(capture, &statistics);
    printf("{\"input\": {\"packets_read\": %llu, \"bytes\": %llu, \"kernel_drops\": %u}}\n",
        (unsigned long long)packets, (unsigned long long)octets, statistics.ps_drop);
    return 0;
}
