#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares `kuzet analyze --format json` with the oracle beside every capture.

usage: check_oracles.py [--kuzet PATH] [--jobs N] [CAPTURE ...]        (default: all fixtures)

Prints a line for each figure that disagrees and, last, how many agree; the exit status is 0 only
when all do. What the figures mean stands in docs/measurements.md, where the captures come from in
README.md beside this file.
"""
import argparse
import concurrent.futures
import json
import math
import os
import subprocess
import sys
from collections import Counter

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "captures")
LEAST_PACKETS = 10  # A monitor may leave smaller streams out.
TIMEOUT_S = 300

# Oracle column: (name in the answer, relative tolerance, absolute tolerance).
EXACT = {
    "payload_type": "payload_type", "received": "packets_received", "late": "packets_late",
    "duplicate": "packets_duplicate", "expected": "packets_expected", "lost": "packets_lost",
    "restarts": "sequence_restarts", "ts_packets": "ts_packets",
}
NEAR = {
    # RFC 3550's estimator over times that tshark rounds; both bounds are small beside the values.
    "jitter_mean": ("jitter_mean_ms", 0.02, 0.05), "jitter_max": ("jitter_max_ms", 0.02, 0.05),
    "ip_bps": ("bitrate_ip_bps", 0.002, 0), "payload_bps": ("bitrate_payload_bps", 0.002, 0),
    # The median of sender reports against ours, which takes delay into account.
    "clock_offset": ("clock_offset_ms", 0, 5.0),
}
OF_FRAMES = {
    "frames": ("frames", 0, 0), "fps_arrival": ("frame_rate_fps", 0.005, 0),
    "fps_media": ("frame_rate_media_fps", 0.005, 0),
}
# (capture, column): why the oracle itself is not to be followed there.
REFUSED = {}


def oracle(path):
    """The rows of an oracle, and whether more streams may be found than it lists."""
    with open(path) as file:
        lines = file.read().splitlines()
    is_open = lines[0].startswith("#")
    lines = [line for line in lines if not line.startswith("#")]
    columns = lines[0].split("\t")
    rows = [dict(zip(columns, line.split("\t"))) for line in lines[1:]]
    return [{key: value for key, value in row.items() if value != "-"} for row in rows], is_open


def number(text):
    return float(text) if "." in text or "e" in text.lower() else int(text)


def find(row, streams):
    """The stream of the answer that an oracle's row speaks of."""
    # tshark's columns know no brackets around IPv6.
    ends = [
        s for s in streams
        if all(s[end].replace("[", "").replace("]", "") == row[end].replace("[", "").replace("]", "")
               for end in ("source", "destination"))
    ]
    if "ssrc" not in row:
        return ends[0] if ends else None
    ssrc, vlan = int(row["ssrc"], 16), [int(tag) for tag in row.get("vlan", "").split(",") if tag]
    channel = int(row["channel"]) if "channel" in row else None
    same = [
        s for s in ends
        if s.get("ssrc") and int(s["ssrc"], 16) == ssrc and s.get("interleaved_channel") == channel
    ]
    exact = [s for s in same if (s.get("vlan") or []) == vlan]
    # tshark names a service tag (0x88a8) in another field; its list then holds the inner tags.
    inner = [s for s in same if vlan and (s.get("vlan") or [])[-len(vlan):] == vlan]
    return exact[0] if exact else inner[0] if len(inner) == 1 else None


class Findings:
    def __init__(self, capture):
        self.capture, self.lines, self.tally = capture, [], Counter()

    def check(self, where, figure, got, want, relative=0.0, absolute=0.0):
        if isinstance(want, (int, float)) and not isinstance(want, bool):
            is_number = isinstance(got, (int, float)) and math.isfinite(got)
            agrees = is_number and abs(got - want) <= max(absolute, relative * abs(want))
        else:
            agrees = got == want
        self.tally[(figure, agrees)] += 1
        if not agrees:
            self.lines.append(f"{self.capture} {where}: {figure}: got {got!r}, want {want!r}")


def compare_stream(found, where, row, stream):
    for column, name in EXACT.items():
        if column in row and (found.capture, column) not in REFUSED:
            found.check(where, name, stream.get(name), number(row[column]))
    near = dict(NEAR)
    if stream.get("kind") == "video" or row.get("codec"):
        near |= OF_FRAMES
    for column, (name, relative, absolute) in near.items():
        if column in row and (found.capture, column) not in REFUSED:
            found.check(where, name, stream.get(name), number(row[column]), relative, absolute)
    if "codec" in row:
        found.check(where, "codec", stream.get("codec"), row["codec"])
    if "width" in row:
        size = [stream.get("width"), stream.get("height")]
        found.check(where, "resolution", size, [int(row["width"]), int(row["height"])])
    if "dscp" in row:
        want = dict(pair.split(":") for pair in row["dscp"].split(","))
        got = {str(code): str(count) for code, count in (stream.get("dscp_packets") or {}).items()}
        if row["transport"] == "tcp":
            # Packets of TCP are segments: the oracle counts only those that end an RTP packet.
            got, want = sorted(got), sorted(want)
        found.check(where, "dscp_packets", got, want)


def compare(kuzet, capture):
    name = os.path.basename(capture)
    found = Findings(name.removesuffix(".gz"))
    rows, is_open = oracle(capture.removesuffix(".gz") + ".oracle.tsv")
    run = subprocess.run(
        [kuzet, "analyze", "--format", "json", capture], capture_output=True, text=True,
        timeout=TIMEOUT_S, check=False,
    )
    try:
        streams = json.loads(run.stdout)["streams"]
    except (ValueError, KeyError, TypeError) as fault:
        last = run.stderr.strip().splitlines()[-1:]
        found.check("", "readable answer", f"exit {run.returncode}: {last} ({fault!r})", "streams")
        return found
    matched = []
    for row in rows:
        where = f"{row['source']}>{row['destination']} {row.get('ssrc', '')}".rstrip()
        stream = find(row, streams)
        found.check(where, "found", stream is not None, True)
        if stream is not None:
            matched.append(id(stream))
            compare_stream(found, where, row, stream)
    if not is_open:
        for stream in streams:
            if id(stream) not in matched and (stream.get("packets_received") or 0) >= LEAST_PACKETS:
                where = f"{stream['source']}>{stream['destination']} {stream.get('ssrc')}"
                found.check(where, "nothing that is not there", "a stream", "no stream")
        found.check("", "nothing that is not there", True, True)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kuzet", default="kuzet")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("captures", nargs="*")
    arguments = parser.parse_args()
    captures = arguments.captures or [
        os.path.join(HERE, name) for name in sorted(os.listdir(HERE)) if not name.endswith(".tsv")
    ]
    tally = Counter()
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for found in pool.map(lambda capture: compare(arguments.kuzet, capture), captures):
            print("".join(line + "\n" for line in found.lines), end="", flush=True)
            tally += found.tally
    for figure in sorted({figure for figure, _ in tally}):
        print(f"  {figure}: {tally[figure, True]} agree, {tally[figure, False]} disagree")
    agree = sum(count for (_, agrees), count in tally.items() if agrees)
    disagree = sum(tally.values()) - agree
    print(f"oracles: {len(captures)} captures, {agree} figures agree, {disagree} disagree")
    sys.exit(0 if agree and not disagree else 1)


main()
