#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes captures/not_rtp.pcap.gz: traffic that looks like RTP to the hasty, and is none.

Packets are made from the formats' public descriptions with a fixed seed; no line of anybody's
capture is in them. A monitor must report no stream at all.
"""
import gzip
import os
import random
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
seeded = random.Random(20261122)
PACKETS_EACH = 120


def octets(count):
    return seeded.randbytes(count)


def wireguard(n):
    """Transport data: type 4, receiver, a counter from zero, ciphertext."""
    return struct.pack("<IIQ", 4, 0xB2A1C0D3, n) + octets(16 * seeded.randint(2, 80))


def wireguard_with_high_bits(n):
    """As above behind a proxy that sets the reserved octets."""
    return struct.pack("<BBHIQ", 0x84, 0x60, n, 0xB2A1C0D3, n) + octets(64)


def utp(n):
    """BitTorrent's uTP: type and version 0x01, connection, times, window, sequence, ack."""
    times = struct.pack(">II", (n * 7919) & 0xFFFFFFFF, 4000 + seeded.randint(0, 900))
    return struct.pack(">BBH", 0x01, 0, 0x5A17) + times + struct.pack(">IHH", 65536, n, 9) + octets(1300)


def raknet(n):
    """RakNet frame set: the first octet is 0x80 to 0x8d, then 24 bits of little-endian number."""
    number = struct.pack("<I", n)[:3]
    return bytes([0x84]) + number + bytes([0x60]) + struct.pack(">H", 8 * 90) + octets(96)


def dtls(n):
    """DTLS 1.2 application data with epoch 1 and a counter."""
    body = octets(seeded.randint(40, 400))
    return struct.pack(">BHHHIH", 23, 0xFEFD, 1, 0, n, len(body)) + body


def quic_short(n):
    """QUIC short header: fixed bit, connection, protected number."""
    return bytes([0x40 | seeded.randint(0, 63)]) + b"\x11" * 8 + octets(seeded.randint(30, 1200))


def quic_long(n):
    """QUIC Initial: the two upper bits set."""
    return bytes([0xC3]) + b"\x00\x00\x00\x01\x08" + b"\x22" * 8 + b"\x00\x00\x44\xd0" + octets(1232)


def dns(n):
    """Queries whose number has the bits of RTP's version."""
    return struct.pack(">HHHHHH", 0x8000 | n, 0x0100, 1, 0, 0, 0) + b"\x03cam\x07example\x00\x00\x01\x00\x01"


def stun(n):
    """STUN binding requests of a keepalive."""
    return struct.pack(">HHI", 1, 0, 0x2112A442) + octets(12)


def noise(n):
    """Ciphertext from the first octet on: a quarter of it has the version bits of RTP."""
    return octets(seeded.randint(40, 1400))


def noise_version_two(n):
    """Ciphertext of which the first octet is always 0x80: number, time and source are random."""
    return b"\x80" + octets(seeded.randint(40, 1400))


def fixed_head(n):
    """A game's frames: constant head of sixteen octets, 0x80 first, then state."""
    return b"\x80\x60\x00\x07" + b"\x00" * 12 + octets(100)


def frozen_number(n):
    """Version, type and source hold still and times rise, but the number never moves."""
    return struct.pack(">BBHII", 0x80, 0x62, 4660, 1000 * n, 0x51AB51AB) + octets(200)


KINDS = [
    wireguard, wireguard_with_high_bits, utp, raknet, dtls, quic_short, quic_long, dns, stun, noise,
    noise_version_two, fixed_head, frozen_number,
]


def checksum(header):
    total = sum(struct.unpack(f">{len(header) // 2}H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(kind, payload):
    udp = struct.pack(">HHHH", 40_000 + kind, 50_000 + kind, 8 + len(payload), 0) + payload
    head = struct.pack(
        ">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0x4000, 64, 17, 0, bytes([192, 0, 2, 10 + kind]),
        bytes([198, 51, 100, 7]),
    )
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    return b"\x02\x00\x00\x00\x00\x01\x02\x00\x00\x00\x00\x02\x08\x00" + head + udp


def main():
    records = []
    for n in range(PACKETS_EACH):
        for kind, make in enumerate(KINDS):
            # Thirty packets a second each, a millisecond apart from kind to kind.
            time = 1_795_000_000_000_000 + n * 33_333 + kind * 1000
            data = frame(kind, make(n))
            keep = data[:160]
            records.append(
                struct.pack("<IIII", time // 1_000_000, time % 1_000_000, len(keep), len(data)) + keep
            )
    head = struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 160, 1)
    with open(os.path.join(HERE, "captures", "not_rtp.pcap.gz"), "wb") as out:
        out.write(gzip.compress(head + b"".join(records), 9, mtime=0))


main()
