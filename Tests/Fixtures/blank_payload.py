#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Blanks what no figure depends on, so that captures compress to a tenth.

usage: blank_payload.py CAPTURE OUTPUT.gz

Lengths, headers, times, text and the first octets of every payload (where codecs keep what Kuzet
reads) stay as they are; the rest of each picture becomes zeros. Checksums are not repaired.

  UDP and fragments  packets above 300 octets: all beyond the first 256; inside MPEG-TS only the
                     tails of transport packets that start no unit
  TCP                inside interleaved frames: all beyond the first 96 octets of each
"""
import gzip
import struct
import sys

KEEP_PACKET = 256  # link, IP, UDP, RTP and RTP/JPEG headers with both quantization tables
KEEP_FRAME = 96  # RTP header and the payload's headers; parameter sets come in smaller frames
KEEP_TS = 64  # transport header, adaptation field with its clock, PES header
SMALL = 300  # parameter sets, RTCP and signalling in UDP are smaller


def records(data):
    """Offset, captured length and link type of every packet."""
    magic = struct.unpack_from("<I", data)[0]
    if magic == 0x0A0D0D0A:
        yield from pcapng_records(data)
        return
    order = "<" if magic in (0xA1B2C3D4, 0xA1B23C4D) else ">"
    link = struct.unpack_from(order + "I", data, 20)[0]
    at = 24
    while at + 16 <= len(data):
        length = struct.unpack_from(order + "I", data, at + 8)[0]
        if at + 16 + length > len(data):
            return
        yield at + 16, length, link
        at += 16 + length


def pcapng_records(data):
    at, order, links = 0, "<", []
    while at + 12 <= len(data):
        if data[at : at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[at + 8 : at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            links = []
        kind, total = struct.unpack_from(order + "II", data, at)
        if total < 12 or at + total > len(data):
            return
        if kind == 1:
            links.append(struct.unpack_from(order + "H", data, at + 8)[0])
        if kind == 6:
            interface, _, _, length = struct.unpack_from(order + "IIII", data, at + 8)
            yield at + 28, length, links[interface]
        at += total


def ip_offset(data, at, link):
    """Where the IP header begins, or None."""
    if link in (12, 101):
        return at
    if link in (0, 108):
        return at + 4
    if link == 113:
        return at + 16
    if link == 276:
        return at + 20
    if link != 1:
        return None
    at += 12
    while data[at : at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    return at + 2 if data[at : at + 2] in (b"\x08\x00", b"\x86\xdd") else None


def transport(data, ip):
    """Protocol, addresses, where the transport header begins, and whether this is a fragment."""
    if data[ip] >> 4 == 4:
        fragment = struct.unpack_from(">H", data, ip + 6)[0] & 0x3FFF
        return data[ip + 9], bytes(data[ip + 12 : ip + 20]), ip + (data[ip] & 15) * 4, fragment
    return data[ip + 6], bytes(data[ip + 8 : ip + 40]), ip + 40, data[ip + 6] == 44


def zero(data, start, end):
    if end > start:
        data[start:end] = bytes(end - start)


def blank_udp(data, at, start, end):
    body = start + 8
    for ts in (body, body + 12):
        if end - ts >= 376 and data[ts] == 0x47 and data[ts + 188] == 0x47:
            for packet in range(ts, end - 187, 188):
                if not data[packet + 1] & 0x40:
                    zero(data, packet + KEEP_TS, packet + 188)
            return
    zero(data, at + KEEP_PACKET, end - 1)  # the last octet may be RTP's count of padding


def blank_frames(octets):
    """Ranges of a reassembled stream that may be zeros."""
    at, ranges = 0, []
    while at + 4 <= len(octets):
        if octets[at] == 0x24:
            length = struct.unpack_from(">H", octets, at + 2)[0]
            if length > KEEP_FRAME:
                ranges.append((at + 4 + KEEP_FRAME, at + 4 + length))
            at += 4 + length
            continue
        head = octets.find(b"\r\n\r\n", at)
        if head < 0:
            break
        length = 0
        for line in bytes(octets[at:head]).split(b"\r\n"):
            if line.lower().startswith(b"content-length:") and b"/x-rtsp-tunnelled" not in bytes(
                octets[at:head]
            ):
                length = int(line.split(b":")[1])
        at = head + 4 + length
    return ranges


def main():
    source, target = sys.argv[1:]
    data = bytearray(open(source, "rb").read())
    flows = {}
    for at, length, link in records(data):
        end = at + length
        ip = ip_offset(data, at, link)
        if ip is None or end < ip + 28:
            continue
        protocol, addresses, start, fragment = transport(data, ip)
        if protocol == 17 or fragment:
            if length > SMALL:
                blank_udp(data, at, start, end)
        elif protocol == 6:
            sequence = struct.unpack_from(">I", data, start + 4)[0]
            body = start + (data[start + 12] >> 4) * 4
            if data[ip] >> 4 == 4:
                end = min(end, ip + struct.unpack_from(">H", data, ip + 2)[0])
            key = addresses + bytes(data[start : start + 4])
            if data[start + 13] & 2:
                sequence = (sequence + 1) & 0xFFFFFFFF
            flows.setdefault(key, []).append((sequence, body, end))
    for segments in flows.values():
        first = segments[0][0]
        octets = bytearray()
        placed = [((s - first) & 0xFFFFFFFF, b, e) for s, b, e in segments if e > b]
        for position, body, end in sorted(placed):
            if position <= len(octets) < position + end - body:
                octets += data[body + len(octets) - position : end]
        for start, stop in blank_frames(octets):
            for position, body, end in placed:
                low, high = max(start, position), min(stop, position + end - body)
                if low < high:
                    zero(data, body + low - position, body + high - position)
    with open(target, "wb") as out:
        out.write(gzip.compress(bytes(data), 9, mtime=0))


main()
