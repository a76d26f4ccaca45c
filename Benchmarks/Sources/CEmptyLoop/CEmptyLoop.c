// SPDX-License-Identifier: Apache-2.0
#include "CEmptyLoop.h"
#include <pcap/pcap.h>

static void nothing(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes) {
    (void)header;
    (void)bytes;
    ++*(long *)user;
}

long kuzet_empty_loop(const char *path) {
    char message[PCAP_ERRBUF_SIZE];
    pcap_t *capture = pcap_open_offline(path, message);
    if (!capture) return -1;
    long packets = 0;
    while (pcap_dispatch(capture, -1, nothing, (u_char *)&packets) > 0) {}
    pcap_close(capture);
    return packets;
}
