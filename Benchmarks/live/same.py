#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether a live capture says what a file says: same.py --kuzet BINARY

Makes a synthetic capture with VLAN tags, two tags, IPv6, four codecs and RTSP, sends it from one
network namespace to another, and compares what `kuzet analyze` says of the interface with what
it says of the file: every stream, and of each stream every figure that does not depend on the
time of arrival. Then once more with filters and with a snap length. Needs what `run.py` needs.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import run

IDENTITY = ("source", "destination", "ssrc", "transport", "vlan", "interleaved_channel")
SAME = ("packets_received", "packets_unique", "packets_lost", "sequence_restarts", "bytes_ip",
        "bytes_payload", "kind", "codec", "width", "height", "resolution_changes", "frames",
        "key_frames", "url", "cname", "dscp_packets", "ttl_min", "ttl_max", "sender_reports",
        "packets_cut")
PACKETS, RATE = 200_000, 50_000


def live(given, capture, *options):
    """What kuzet says of the capture as it is sent."""
    seconds = PACKETS // RATE
    answer = os.path.join(given.work, "same.json")
    with run.Wire() as wire, open(answer, "wb") as output:
        probe = wire.start(1, 1, [
            given.kuzet, "analyze", "--interface", "veth1", "--duration", f"{seconds + 4}s",
            "--format", "json", *options], output)
        try:
            time.sleep(run.HEAD_START_SECONDS)
            sender = wire.start(0, 0, [
                os.path.join(given.work, "replay"), capture, "veth0", str(RATE), str(seconds)],
                subprocess.PIPE)
            sender.communicate(timeout=60)
            probe.wait(timeout=60)
        finally:
            if probe.returncode is None:
                probe.kill()
                probe.wait()
    with open(answer, encoding="utf-8") as file:
        return json.load(file)


def by_identity(answer):
    return {json.dumps([stream[name] for name in IDENTITY]): stream for stream in answer["streams"]}


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--kuzet", default="kuzet", help="the binary; default: from the path")
    words.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "kuzet-live"))
    given = words.parse_args()
    reason = run.missing()
    if reason:
        print(f"skipped, because {reason}")
        return 77
    given.kuzet = shutil.which(given.kuzet) or words.error(f"{given.kuzet} is no program")
    run.build(given.work)
    capture = os.path.join(given.work, "same.pcap")
    run.run([given.kuzet, "simulate", "pcap", "--cameras", "60", "--packets", str(PACKETS),
             "--vlan-share", "50%", "--qinq-share", "20%", "--ipv6-share", "30%",
             "--signalling", "rtsp", "--codec", "h264", "--codec", "h265", "--codec", "mpeg4",
             "--codec", "mjpeg", capture])
    truth = json.loads(run.run([given.kuzet, "analyze", capture, "--format", "json"]))
    wrong = []

    def expect(what, found, wanted):
        if found != wanted:
            wrong.append(f"{what}: {found}, not {wanted}")

    expected, found = by_identity(truth), by_identity(live(given, capture))
    expect("streams", sorted(found), sorted(expected))
    for key in expected.keys() & found.keys():
        for name in SAME:
            expect(f"{key} {name}", found[key][name], expected[key][name])
    tagged = sorted(key for key, stream in expected.items() if stream["vlan"])
    expect("filter vlan", sorted(by_identity(live(given, capture, "--filter", "vlan"))), tagged)
    others = sorted(expected.keys() - set(tagged))
    expect("filter not vlan", sorted(by_identity(live(given, capture, "--filter", "not vlan"))),
           others)
    cut = live(given, capture, "--snaplen", "128")
    expect("octets with a snap length", cut["input"]["bytes"], truth["input"]["bytes"])
    expect("streams with a snap length", sorted(by_identity(cut)), sorted(expected))
    print("\n".join(wrong) or f"{len(expected)} streams: live and file agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
