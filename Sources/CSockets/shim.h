// SPDX-License-Identifier: Apache-2.0
//
// Calls of Linux that the C library's module for Swift leaves out.
#ifndef KUZET_CSOCKETS_SHIM_H
#define KUZET_CSOCKETS_SHIM_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

// struct mmsghdr, which the C library shows only to those who ask for all of GNU.
struct kuzet_message {
    struct msghdr header;
    unsigned int length;
};

static inline int kuzet_receive_many(
    int descriptor, struct kuzet_message *messages, unsigned int count, int flags) {
    return (int)syscall(SYS_recvmmsg, descriptor, messages, count, flags, (void *)0);
}

static inline int kuzet_poller(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int kuzet_poller_set(
    int poller, int operation, int descriptor, unsigned int events, unsigned long long token) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = token;
    return epoll_ctl(poller, operation, descriptor, &event);
}

// What a descriptor is ready for, without the union.
struct kuzet_readiness {
    unsigned long long token;
    unsigned int events;
};

static inline int kuzet_poller_wait(
    int poller, struct kuzet_readiness *ready, int count, int milliseconds) {
    struct epoll_event events[256];
    if (count > 256) count = 256;
    int found = epoll_wait(poller, events, count, milliseconds);
    for (int index = 0; index < found; index += 1) {
        ready[index].token = events[index].data.u64;
        ready[index].events = events[index].events;
    }
    return found;
}

static const int kuzet_poller_add = EPOLL_CTL_ADD;
static const int kuzet_poller_change = EPOLL_CTL_MOD;
static const int kuzet_poller_remove = EPOLL_CTL_DEL;
static const unsigned int kuzet_can_read = EPOLLIN;
static const unsigned int kuzet_can_write = EPOLLOUT;
static const unsigned int kuzet_is_broken = EPOLLERR | EPOLLHUP;

static inline int kuzet_wake(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

#endif
