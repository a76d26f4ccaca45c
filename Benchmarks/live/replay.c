// SPDX-License-Identifier: Apache-2.0
//
// Sends the frames of a capture at a steady rate:
//
//     replay FILE INTERFACE PACKETS-A-SECOND SECONDS [cut]
//
// The file (classic pcap, this machine's byte order, Ethernet) is mapped into memory and sent
// from its begin, over again if it ends too early, through a packet socket in bursts of at most
// 64 frames. Frames that the capture cut short are filled up with zeros to the length they had;
// with `cut` they are sent as short as they are. Prints JSON:
//
//     sent       frames that the interface took
//     octets     their length
//     seconds    from the first burst to the last
//     behind_ms  how late the latest burst was: small if the rate was held
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BURST = 64, FILE_HEAD = 24, RECORD_HEAD = 16, LONGEST = 65535 };

static const uint8_t zeros[LONGEST];

static void fail(const char *what, int code) {
    fprintf(stderr, "replay: %s: %s\n", what, strerror(code));
    exit(2);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

struct file {
    const uint8_t *bytes;
    size_t length;
};

static struct file map(const char *path) {
    struct stat status;
    int descriptor = open(path, O_RDONLY);
    if (descriptor < 0 || fstat(descriptor, &status)) fail(path, errno);
    struct file file = {NULL, (size_t)status.st_size};
    if (file.length < FILE_HEAD + RECORD_HEAD) fail(path, ENODATA);
    file.bytes = mmap(NULL, file.length, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
    if (file.bytes == MAP_FAILED) fail(path, errno);
    uint32_t magic;
    memcpy(&magic, file.bytes, sizeof magic);
    if (magic != 0xa1b2c3d4 && magic != 0xa1b23c4d) fail(path, EINVAL);
    return file;
}

// The place of the record behind the one at `place`; the first one's if there is none.
static size_t following(struct file file, size_t place, uint32_t *held, uint32_t *length) {
    uint32_t record[4];
    memcpy(record, file.bytes + place, sizeof record);
    *held = record[2];
    *length = record[3] < *held ? *held : record[3];
    size_t next = place + RECORD_HEAD + *held;
    if (*length > LONGEST || next > file.length) fail("record", EINVAL);
    return next + RECORD_HEAD > file.length ? FILE_HEAD : next;
}

static int open_interface(const char *name) {
    int descriptor = socket(AF_PACKET, SOCK_RAW, 0), yes = 1, room = 8 << 20;
    if (descriptor < 0) fail("socket", errno);
    struct sockaddr_ll there = {
        .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(name), .sll_halen = 6};
    if (!there.sll_ifindex) fail(name, errno);
    // No queue in between: a wire has none.
    if (setsockopt(descriptor, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes)
        || setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room)
        || bind(descriptor, (struct sockaddr *)&there, sizeof there)) fail(name, errno);
    return descriptor;
}

int main(int count, char **words) {
    if (count < 5) {
        fprintf(stderr, "replay FILE INTERFACE PACKETS-A-SECOND SECONDS [cut]\n");
        return 64;
    }
    struct file file = map(words[1]);
    int descriptor = open_interface(words[2]);
    double rate = atof(words[3]);
    uint64_t wanted = (uint64_t)(rate * atof(words[4])), sent = 0, octets = 0;
    int is_cut = count > 5 && !strcmp(words[5], "cut");

    struct mmsghdr messages[BURST];
    struct iovec pieces[BURST][2];
    memset(messages, 0, sizeof messages);
    size_t place = FILE_HEAD, behind_place[BURST + 1];
    int64_t start = now(), latest = 0;
    while (sent < wanted) {
        int64_t passed = now() - start;
        uint64_t due = (uint64_t)(passed * 1e-9 * rate);
        if (due > wanted) due = wanted;
        if (due <= sent) continue;
        int64_t behind = passed - (int64_t)(sent * 1e9 / rate);
        if (behind > latest) latest = behind;
        int burst = due - sent < BURST ? (int)(due - sent) : BURST;
        behind_place[0] = place;
        for (int i = 0; i < burst; i++) {
            uint32_t held, length;
            const uint8_t *bytes = file.bytes + behind_place[i] + RECORD_HEAD;
            behind_place[i + 1] = following(file, behind_place[i], &held, &length);
            pieces[i][0] = (struct iovec){(void *)bytes, held};
            pieces[i][1] = (struct iovec){(void *)zeros, length - held};
            messages[i].msg_hdr.msg_iov = pieces[i];
            messages[i].msg_hdr.msg_iovlen = is_cut || length == held ? 1 : 2;
        }
        int taken = sendmmsg(descriptor, messages, (unsigned)burst, 0);
        if (taken < 0 && errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
            fail("send", errno);
        if (taken <= 0) continue;
        for (int i = 0; i < taken; i++) octets += messages[i].msg_len;
        sent += (unsigned)taken;
        place = behind_place[taken];
    }
    printf("{\"sent\": %llu, \"octets\": %llu, \"seconds\": %.3f, \"behind_ms\": %.3f}\n",
        (unsigned long long)sent, (unsigned long long)octets, (now() - start) * 1e-9,
        latest * 1e-6);
    return 0;
}
