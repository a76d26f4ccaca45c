#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A recorder that throws away: udp_sink.py ADDRESS PORT [GROUP]

Receives datagrams, so that the sender hears no "port unreachable", and joins GROUP if given.
"""

import select
import socket
import sys


def bound(address, port, group):
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    receiver.bind((group or address, port))
    if group:
        membership = socket.inet_aton(group) + socket.inet_aton(address)
        receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    return receiver


def main():
    address, port = sys.argv[1], int(sys.argv[2])
    group = sys.argv[3] if len(sys.argv) > 3 else None
    # The port above is RTCP's.
    receivers = [bound(address, port, group), bound(address, port + 1, group)]
    while True:
        for receiver in select.select(receivers, [], [])[0]:
            receiver.recv(65536)


main()
