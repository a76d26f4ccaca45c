#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a live capture costs: kuzet beside an empty libpcap loop, at one steady rate.

Lays a wire (veth) between two network namespaces. A sender on core 0 replays a synthetic
capture of many cameras at a steady rate; on core 1 runs, in turn, `kuzet analyze --interface`
and `empty`, a loop that takes packets by libpcap with the same options and only counts them.
Prints for each run what was sent, seen and dropped, processor time and memory, and last the
best run of each and their ratio: a shared machine can only make a run worse. A run counts if
the sender held the rate within 2 % and every packet was seen; there are up to three times
`--rounds` tries at each.

The kernel's part of a capture (time stamp, copy into the ring) is done by whoever brings the
packet, here the sender's core. Sender and probe run before other programs (nice -15): whoever
shares the machine waits meanwhile. Needs root, cc, libpcap-dev, iproute2 and two cores; ends with
status 77 if something is missing, with 1 if packets were dropped.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
RING_MEBIBYTES = 32
# What a capture takes to begin, and how long it goes on after the last packet.
HEAD_START_SECONDS, TAIL_SECONDS = 1.0, 2


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


class Wire:
    """Two namespaces and the wire between them; taken away at the end, whatever happens."""

    def __init__(self):
        self.spaces = [f"kuzet-live-{os.getpid()}-{end}" for end in ("sender", "probe")]

    def __enter__(self):
        try:
            sender, probe = self.spaces
            for space in self.spaces:
                run(["ip", "netns", "add", space])
                # Nothing on the wire but what is sent.
                run(["ip", "netns", "exec", space, "sysctl", "-q", "-w",
                     "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"])
            run(["ip", "-n", sender, "link", "add", "veth0", "type", "veth",
                 "peer", "name", "veth1", "netns", probe])
            run(["ip", "-n", sender, "link", "set", "veth0", "up", "arp", "off"])
            run(["ip", "-n", probe, "link", "set", "veth1", "up", "arp", "off"])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for space in self.spaces:
            subprocess.run(["ip", "netns", "delete", space], capture_output=True)

    def start(self, end, core, command, output):
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.spaces[end], "nice", "-n", "-15", "taskset", "-c",
             str(core)] + command,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL,
            start_new_session=True)
        try:
            # Where the kernel shares time between sessions, niceness counts only within one.
            with open(f"/proc/{process.pid}/autogroup", "w", encoding="ascii") as file:
                file.write("-15")
        except OSError:
            pass
        return process


def measure(given, name, command, capture):
    """One run of a probe beside the sender."""
    answer = os.path.join(given.work, name + ".json")
    with Wire() as wire, open(answer, "wb") as output:
        probe = wire.start(1, 1, command, output)
        try:
            time.sleep(HEAD_START_SECONDS)
            sender = wire.start(0, 0, [
                os.path.join(given.work, "replay"), capture, "veth0", str(given.rate),
                str(given.seconds)] + (["cut"] if given.cut else []), subprocess.PIPE)
            sent = json.loads(sender.communicate(timeout=given.seconds * 3 + 60)[0])
            _, status, used = os.wait4(probe.pid, 0)
            probe.returncode = os.waitstatus_to_exitcode(status)
        finally:
            if probe.returncode is None:
                probe.kill()
                probe.wait()
    with open(answer, encoding="utf-8") as file:
        seen = json.load(file)
    return {
        "probe": name, "sent": sent["sent"], "rate": sent["sent"] / sent["seconds"],
        "gbits": sent["octets"] * 8e-9 / sent["seconds"],
        "behind_ms": sent["behind_ms"], "seen": seen["input"]["packets_read"],
        "drops": seen["input"]["kernel_drops"], "streams": len(seen.get("streams", [])),
        "lost": sum(s["packets_lost"] or 0 for s in seen.get("streams", [])),
        "user_s": used.ru_utime, "system_s": used.ru_stime,
        "processor_s": used.ru_utime + used.ru_stime, "memory_mib": used.ru_maxrss / 1024,
    }


def line(run):
    return (f"{run['probe']:6} {run['sent']:>10,} sent at {run['rate']:,.0f}/s"
            f" ({run['gbits']:.2f} Gbit/s, latest {run['behind_ms']:.1f} ms behind),"
            f" {run['seen']:,} seen, {run['drops']:,} dropped,"
            f" {run['user_s']:.2f} s user + {run['system_s']:.2f} s system"
            f" = {run['processor_s'] * 1e9 / max(1, run['seen']):.0f} ns a packet,"
            f" {run['memory_mib']:.0f} MiB")


def missing():
    programs = {"cc": "gcc", "ip": "iproute2", "taskset": "util-linux", "sysctl": "procps"}
    wanted = sorted({package for name, package in programs.items() if not shutil.which(name)})
    if wanted:
        return f"these Debian packages are missing: apt-get install {' '.join(wanted)}"
    if os.geteuid() != 0:
        return "network namespaces need root"
    if (os.cpu_count() or 1) < 2:
        return "sender and probe need a core each"
    return None


def build(folder):
    """Compiles the sender and the empty loop."""
    os.makedirs(folder, exist_ok=True)
    for program, libraries in (("replay", []), ("empty", ["-lpcap"])):
        run(["cc", "-O2", "-Wall", "-Wextra", "-o", os.path.join(folder, program),
             os.path.join(HERE, program + ".c")] + libraries)


def main():
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--kuzet", default="kuzet", help="the binary; default: from the path")
    words.add_argument("--cameras", type=int, default=1000)
    words.add_argument("--rate", type=int, default=500_000, help="packets a second")
    words.add_argument("--seconds", type=int, default=20)
    words.add_argument("--rounds", type=int, default=3, help="runs of each probe")
    words.add_argument("--cut", action="store_true", help="send 96 octets of each packet, not all")
    words.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "kuzet-live"),
                       help="folder for programs and the capture, kept for the next run")
    given = words.parse_args()
    reason = missing()
    if reason:
        print(f"skipped, because {reason}")
        return 77
    kuzet = shutil.which(given.kuzet) or words.error(f"{given.kuzet} is no program")
    build(given.work)
    packets = given.rate * given.seconds
    capture = os.path.join(given.work, f"{given.cameras}-{packets}.pcap")
    if not os.path.exists(capture):
        run([kuzet, "simulate", "pcap", "--cameras", str(given.cameras), "--packets", str(packets),
             "--snaplen", "96", capture + ".partial"])
        os.replace(capture + ".partial", capture)
    length = given.seconds + HEAD_START_SECONDS + TAIL_SECONDS
    probes = {
        "empty": [os.path.join(given.work, "empty"), "veth1", str(length), str(RING_MEBIBYTES)],
        "kuzet": [kuzet, "analyze", "--interface", "veth1", "--duration", f"{length:.0f}s",
                  "--ring", f"{RING_MEBIBYTES}MiB", "--format", "json"],
    }
    runs = {name: [] for name in probes}
    for _ in range(3 * given.rounds):
        for name, command in probes.items():
            if len(runs[name]) < given.rounds:
                result = measure(given, name, command, capture)
                counts = (result["rate"] > 0.98 * given.rate
                          and result["seen"] + result["drops"] == result["sent"])
                print(line(result) + ("" if counts else "; not counted"), flush=True)
                runs[name] += [result] if counts else []
    if not all(runs.values()):
        print("nothing to compare: the sender did not hold the rate beside each probe")
        return 1
    best = {name: min(some, key=lambda run: run["processor_s"]) for name, some in runs.items()}
    ratio = best["kuzet"]["processor_s"] / best["empty"]["processor_s"]
    print("best of each:")
    for result in best.values():
        print(line(result))
    print(f"kuzet takes {ratio:.2f} times the processor time of an empty loop;"
          f" {best['kuzet']['streams']:,} streams, {best['kuzet']['lost']:,} packets lost")
    return 1 if any(run["drops"] for run in runs["kuzet"]) else 0


if __name__ == "__main__":
    sys.exit(main())
