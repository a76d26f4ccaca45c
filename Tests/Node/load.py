# SPDX-License-Identifier: Apache-2.0
"""What a node says and takes under a full load of real streams.

    load.py hour  --kuzet BINARY [--streams 50] [--minutes 60] [--deaths 20] [--seed 1]
    load.py cpu   --kuzet BINARY [--streams 100] [--seconds 120]
    load.py flood --kuzet BINARY [--cameras 1000] [--rate 500000] [--seconds 20]

`hour`: cameras of 5 Mbit/s, each an FFmpeg at an address of its own, behind a switch with a
mirror port (yard.py). One camera at a time falls silent for 40 to 60 s, at random: its sender is
killed and started anew, or halted and let go, or its cable is pulled. Afterwards the account is
compared with what was done. `cpu`: what so many streams cost. `flood`: a capture of a thousand
cameras, sent as fast as one core can receive.

Prints a table; `--out FILE` has all of it as JSON. Ends with 1 if a limit was missed or a state is
false, with 77 if it could not run. Senders and node run ahead of other programs (nice -10).
"""

import argparse
import collections
import importlib.util
import json
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "Peers"))
import lab  # noqa: E402
import node  # noqa: E402
import yard  # noqa: E402
from node import Failure  # noqa: E402

SKIPPED = 77
FRAME = 0.04
# How far an outage of the account may lie from what was done, s: a frame, a start of FFmpeg.
BEFORE, AFTER = 0.25, 2.5
# What is still let pass: seconds from the frame that was due to the line that says so.
DETECTION = 2.0
SAMPLED = 10
GROWTH = 0.05
CORE_SHARE = 0.15
FLOOD_OCTETS = 200e6


# What a process takes

def processor_seconds(process):
    """Of all its threads, to the nanosecond as the scheduler counts."""
    total = 0
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def sample(process):
    with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
        sizes = dict(re.findall(r"^(\w+):\s+(\d+) kB$", file.read(), re.MULTILINE))
    return {
        "at": time.time(), "processor_s": processor_seconds(process),
        "rss": int(sizes["Rss"]) * 1024, "pss": int(sizes["Pss"]) * 1024,
        "descriptors": len(os.listdir(f"/proc/{process}/fd")),
        "threads": len(os.listdir(f"/proc/{process}/task")), "load": os.getloadavg()[0],
    }


def core_share(samples):
    first, last = samples[0], samples[-1]
    return (last["processor_s"] - first["processor_s"]) / (last["at"] - first["at"])


class LogReader(threading.Thread):
    """Reads a log as it is written; remembers when each line could be read."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.lines = []
        self._path = path

    def run(self):
        with open(self._path, encoding="utf-8") as file:
            rest = ""
            while True:
                piece = file.readline()
                if not piece:
                    time.sleep(0.02)
                    continue
                rest += piece
                if rest.endswith("\n"):
                    self.lines.append((time.time(), rest))
                    rest = ""

    def events(self, what):
        """Instants and cameras of the lines that say so."""
        found = ((at, re.search(rf" ([\w-]+): {what}", line)) for at, line in self.lines)
        return [(at, match.group(1)) for at, match in found if match]


def of_streams(status):
    """What the streams look like to the node: pictures, and the least and most of two rates."""
    cameras = status["cameras"]
    found = {"pictures": sorted({f"{each.get('codec')} {each.get('width')}x{each.get('height')}"
                                 for each in cameras})}
    for name in ("kilobitsPerSecond", "framesPerSecond"):
        values = [each.get(name) or 0 for each in cameras]
        found[name] = [min(values), max(values)]
    bits, frames = found["kilobitsPerSecond"], found["framesPerSecond"]
    found["text"] = (f"{', '.join(found['pictures'])}, {bits[0]:,.0f} to {bits[1]:,.0f} kbit/s,"
                     f" {frames[0]:.1f} to {frames[1]:.1f} frames/s")
    return found


# An hour

class Death:
    """One camera falls silent and comes back."""

    MANNERS = ("killed", "halted", "unplugged")

    def __init__(self, begin, seconds, index, manner):
        self.begin, self.seconds, self.index, self.manner = begin, seconds, index, manner
        self.camera = yard.Yard.name(index)
        self.last = self.back = None

    def kill(self, place):
        # A frame may just have been sent, or 40 ms ago.
        self.last = time.time() - FRAME
        if self.manner == "killed":
            place.kill_sender(self.index)
        elif self.manner == "halted":
            place.signal_sender(self.index, signal.SIGSTOP)
        else:
            place.unplug(self.index)

    def revive(self, place):
        if self.manner == "killed":
            place.start_sender(self.index)
        elif self.manner == "halted":
            place.signal_sender(self.index, signal.SIGCONT)
        else:
            place.plug(self.index)
        self.back = time.time()


def plan(given):
    """The deaths, in the order of time: one in each of as many equal stretches."""
    chance = random.Random(given.seed)
    whole = given.minutes * 60
    begin, end = min(120, whole / 6), whole - 30
    length = (end - begin) / given.deaths if given.deaths else 0
    found = []
    for number in range(given.deaths):
        seconds = chance.uniform(40, 60)
        at = begin + number * length + chance.uniform(0, max(0, length - seconds - 20))
        # An outage ends with 30 s in order: not the same camera twice running.
        others = [index for index in range(given.streams)
                  if not found or index != found[-1].index]
        found.append(Death(at, seconds, chance.choice(others),
                           Death.MANNERS[number % len(Death.MANNERS)]))
    return found


def run_hour(place, watched, deaths, given):
    """Does what was planned; the samples, and what the node said."""
    reader = LogReader(os.path.join(given.work, "log", "node-1.log"))
    reader.start()
    todo = sorted([(death.begin, death.kill) for death in deaths]
                  + [(death.begin + death.seconds, death.revive) for death in deaths],
                  key=lambda action: action[0])
    begin = time.monotonic()
    samples, statuses = [], []
    while (passed := time.monotonic() - begin) < given.minutes * 60:
        if todo and passed >= todo[0][0]:
            todo.pop(0)[1](place)
        if passed >= len(samples) * SAMPLED:
            samples.append(sample(watched.process.pid))
            if place.dead_senders():
                raise Failure(f"senders ended by themselves: {place.dead_senders()}")
        if passed >= 5 + len(statuses) * 60:
            status = watched.status()
            statuses.append({key: status[key] for key in ("now", "states", "vantages", "ledger")})
            print(f"{passed:5.0f} s: {status['states']}, {samples[-1]['rss'] / 1e6:.1f} MB,"
                  f" {core_share(samples[-7:] if len(samples) > 1 else samples * 2) * 100:.1f} %"
                  f" of a core, load {samples[-1]['load']:.1f}"
                  if len(samples) > 1 else f"{passed:5.0f} s: {status['states']}", flush=True)
        watched.wait(0.02)
    return samples, statuses, reader


def compare(watched, deaths, begin, end, given):
    """Holds the account against what was done; false states, outages, unknown time."""
    false, outages, unknown = [], [], collections.Counter()
    for index in range(given.streams):
        camera = yard.Yard.name(index)
        mine = [death for death in deaths if death.index == index]
        stretches = watched.account(camera, begin)
        unknown["before the first measurement"] += max(0, stretches[0][0] - begin)
        unknown["after the last measurement"] += max(0, end - sum(stretches[-1][:2]))
        for start, length, words in stretches:
            if words == "up":
                continue
            if words.startswith("unknown"):
                unknown[words.removeprefix("unknown: ")] += length
                continue
            death = next((death for death in mine if start >= death.last - BEFORE
                          and start + length <= death.back + AFTER), None)
            text = f"{camera}: {words}, {length:.3f} s"
            if not death or not words.startswith("DOWN"):
                false.append(text + (f" ({death.manner})" if death else ""))
            else:
                outages.append({"camera": camera, "manner": death.manner,
                                "early_s": death.last + FRAME - start,
                                "late_s": start + length - death.back, "length_s": length})
                death.outages = getattr(death, "outages", 0) + 1
    for death in deaths:
        if getattr(death, "outages", 0) != 1:
            false.append(f"{death.camera}: {death.manner} for {death.back - death.last:.1f} s,"
                         f" {getattr(death, 'outages', 0)} outages in the account")
    return false, outages, dict(unknown)


def detection(deaths, reader):
    """Seconds from the last frame to the line that says so; and lines that nobody caused."""
    false = []
    silent = reader.events("fell silent")
    for death in deaths:
        said = [at for at, camera in silent if camera == death.camera
                and death.last <= at <= death.back]
        death.delay = said[0] - death.last if said else None
        if not said:
            false.append(f"{death.camera}: {death.manner}, and nothing was said")
    for at, camera in silent:
        if not any(camera == death.camera and death.last <= at <= death.back + AFTER
                   for death in deaths):
            false.append(f"{camera}: said to have fallen silent at {at:.1f}, and had not")
    return false


def hour(given):
    deaths = plan(given)
    with watching(given) as (place, watched):
        begin = time.time()
        samples, statuses, reader = run_hour(place, watched, deaths, given)
        status = watched.status()
        end = time.time()
        stopped = watched.stop()
    false_events = detection(deaths, reader)
    false_states, outages, unknown = compare(watched, deaths, begin, end, given)
    # Memory is compared with what it was when everything had been met once.
    settled = [each for each in samples if each["at"] - begin >= min(600, given.minutes * 20)]
    settled = settled or samples[-2:]
    early = statistics.median(each["rss"] for each in settled[:6])
    late = statistics.median(each["rss"] for each in settled[-6:])
    delays = [death.delay for death in deaths if death.delay is not None]
    vantage = status["vantages"][0]
    found = {
        "streams": given.streams, "minutes": given.minutes,
        "seen": of_streams(status),
        "packets": vantage["packets"], "drops": vantage["drops"],
        "core_share": core_share(settled), "rss_begin": early, "rss_end": late,
        "pss_end": samples[-1]["pss"],
        "descriptors": sorted({each["descriptors"] for each in settled}),
        "threads": sorted({each["threads"] for each in settled}),
        "deaths": len(deaths), "delay_median_s": statistics.median(delays) if delays else None,
        "delay_worst_s": max(delays, default=None),
        "false_states": false_states, "false_events": false_events,
        "unknown_s": unknown, "stopped_s": stopped,
        "load": {"median": statistics.median(each["load"] for each in samples),
                 "most": max(each["load"] for each in samples)},
        "outages": outages, "samples": samples, "statuses": statuses,
        "deaths_list": [{"camera": death.camera, "manner": death.manner, "last": death.last,
                         "back": death.back, "delay_s": death.delay} for death in deaths],
    }
    return found, hour_rows(found), hour_wrong(found)


def hour_wrong(found):
    wrong = found["false_states"] + found["false_events"]
    early, late, worst = found["rss_begin"], found["rss_end"], found["delay_worst_s"]
    if found["drops"]:
        wrong.append(f"{found['drops']} packets were dropped")
    if late > early * (1 + GROWTH):
        wrong.append(f"memory grew from {early / 1e6:.1f} to {late / 1e6:.1f} MB")
    if len(found["descriptors"]) > 1:
        wrong.append(f"descriptors: {found['descriptors']}")
    if worst is not None and worst > DETECTION + FRAME:
        wrong.append(f"said {worst:.2f} s after the last frame")
    return wrong


def hour_rows(found):
    watched = found["streams"] * found["minutes"] * 60
    return [
        ("streams, minutes", f"{found['streams']}, {found['minutes']:g}"),
        ("seen at the end", found["seen"]["text"]),
        ("packets, dropped", f"{found['packets']:,}, {found['drops']}"),
        ("processor", f"{found['core_share'] * 100:.2f} % of a core"),
        ("memory (RSS), from and to",
         f"{found['rss_begin'] / 1e6:.1f} MB, {found['rss_end'] / 1e6:.1f} MB"),
        ("descriptors, threads", f"{found['descriptors']}, {found['threads']}"),
        ("said after the last frame", f"median {found['delay_median_s']:.2f} s, worst"
         f" {found['delay_worst_s']:.2f} s of {found['deaths']}"
         if found["delay_worst_s"] else "nobody died"),
        ("outages: begin and end of the account", text_of_errors(found["outages"])),
        ("false states, false events",
         f"{len(found['false_states'])}, {len(found['false_events'])}"),
        (f"unknown, camera-seconds of {watched:,.0f}", "; ".join(
            f"{words} {seconds:.1f}" for words, seconds in sorted(found["unknown_s"].items()))),
        ("SIGTERM took", f"{found['stopped_s']:.2f} s"),
        ("load of the machine", f"median {found['load']['median']:.1f},"
         f" most {found['load']['most']:.1f}"),
    ]


def text_of_errors(outages):
    if not outages:
        return "none"
    return (f"{max(abs(each['early_s']) for each in outages):.2f} s and"
            f" {max(abs(each['late_s']) for each in outages):.2f} s off at most")


# What streams cost

def cpu(given):
    with watching(given) as (_, watched):
        # The first seconds look for parameter sets and guess formats.
        watched.wait(20)
        before, samples = watched.status(), [sample(watched.process.pid)]
        for _ in range(max(1, given.seconds // SAMPLED)):
            watched.wait(SAMPLED)
            samples.append(sample(watched.process.pid))
        after = watched.status()
        seconds = samples[-1]["at"] - samples[0]["at"]
        watched.stop()
    packets = after["vantages"][0]["packets"] - before["vantages"][0]["packets"]
    drops = after["vantages"][0]["drops"]
    share = core_share(samples)
    found = {"streams": given.streams, "seconds": seconds, "seen": of_streams(after),
             "packets": packets, "drops": drops, "core_share": share,
             "ns_a_packet": share * seconds * 1e9 / max(1, packets), "rss": samples[-1]["rss"],
             "states": after["states"], "samples": samples}
    wrong = []
    if share > CORE_SHARE:
        wrong.append(f"{share * 100:.1f} % of a core, not {CORE_SHARE * 100:.0f} % at most")
    if drops:
        wrong.append(f"{drops} packets were dropped")
    if after["states"] != {"up": given.streams}:
        wrong.append(f"states: {after['states']}")
    rows = [
        ("streams, seconds", f"{given.streams}, {seconds:.0f}"),
        ("seen", found["seen"]["text"]),
        ("packets a second, dropped", f"{packets / seconds:,.0f}, {drops}"),
        ("processor", f"{share * 100:.2f} % of a core, {found['ns_a_packet']:.0f} ns a packet"),
        ("memory (RSS)", f"{found['rss'] / 1e6:.1f} MB"),
        ("load of the machine", f"{samples[-1]['load']:.1f}"),
    ]
    return found, rows, wrong


# A flood

def live_bench():
    """Benchmarks/live/run.py, whose wire and sender these are."""
    path = os.path.join(HERE, "..", "..", "Benchmarks", "live", "run.py")
    spec = importlib.util.spec_from_file_location("live", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def flood(given):
    live = live_bench()
    live.build(given.work)
    capture = os.path.join(given.work, "flood.pcap")
    lab.run([given.kuzet, "simulate", "pcap", "--cameras", str(given.cameras), "--packets",
             str(given.cameras * 20), "--snaplen", "96", capture])
    answer = json.loads(lab.run([given.kuzet, "analyze", capture, "--format", "json"]))
    sources = sorted({stream["source"] for stream in answer["streams"]})
    subprocess.run([
        given.kuzet, "simulate", "pcap", "--cameras", str(given.cameras), "--packets",
        str(given.rate * given.seconds), "--snaplen", "96", capture],
        check=True, capture_output=True)
    with live.Wire() as wire:
        def start(name, command):
            with open(os.path.join(given.work, "log", name + ".log"), "wb") as log:
                return subprocess.Popen(
                    ["ip", "netns", "exec", wire.spaces[1], "nice", "-n", "-10", "taskset", "-c",
                     "1"] + command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

        watched = node.Node(given.kuzet, given.work, "veth1", start)
        watched.write_settings([(f"cam-{index:04}", source.rsplit(":", 1)[0].strip("[]"))
                                for index, source in enumerate(sources)])
        try:
            watched.start()
            time.sleep(2)
            samples = [sample(watched.process.pid)]
            sender = wire.start(0, 0, [
                os.path.join(given.work, "replay"), capture, "veth0", str(given.rate),
                str(given.seconds)], subprocess.PIPE)
            while sender.poll() is None:
                watched.wait(1)
                samples.append(sample(watched.process.pid))
            sent = json.loads(sender.stdout.read())
            watched.wait(3)
            status = watched.status()
            watched.stop()
        finally:
            if watched.process and watched.process.poll() is None:
                watched.process.kill()
    os.remove(capture)
    vantage = status["vantages"][0]
    rate = sent["sent"] / sent["seconds"]
    most = max(each["rss"] for each in samples)
    busy = samples[-1]["processor_s"] - samples[0]["processor_s"]
    found = {"cameras": len(sources), "sent": sent, "packets": vantage["packets"],
             "drops": vantage["drops"], "core_share": busy / sent["seconds"],
             "ns_a_packet": busy * 1e9 / max(1, vantage["packets"]), "rss": most,
             "streams": vantage["streams"], "samples": samples}
    wrong = []
    if rate < 0.98 * given.rate:
        wrong.append(f"the sender held {rate:,.0f} packets a second only")
    if vantage["drops"]:
        wrong.append(f"{vantage['drops']:,} packets were dropped")
    if most > FLOOD_OCTETS:
        wrong.append(f"{most / 1e6:.0f} MB of memory")
    rows = [
        ("cameras, streams", f"{len(sources):,}, {vantage['streams']:,}"),
        ("packets a second", f"{rate:,.0f} ({sent['octets'] * 8e-9 / sent['seconds']:.2f}"
         f" Gbit/s) for {sent['seconds']:.0f} s"),
        ("sent, seen, dropped",
         f"{sent['sent']:,}, {vantage['packets']:,}, {vantage['drops']:,}"),
        ("processor", f"{found['core_share'] * 100:.1f} % of a core,"
         f" {found['ns_a_packet']:.0f} ns a packet"),
        ("memory (RSS), most", f"{most / 1e6:.1f} MB"),
        ("load of the machine", f"{samples[-1]['load']:.1f}"),
    ]
    return found, rows, wrong


# All of them

class watching:
    """A yard whose cameras send, and a node that watches it."""

    def __init__(self, given):
        recording = os.path.join(given.cache, f"1080p25-{yard.KILOBITS}k-{yard.SECONDS}s.ts")
        os.makedirs(given.cache, exist_ok=True)
        yard.record(recording)
        self._place = yard.Yard(0, os.path.join(given.work, "log"), given.streams, recording)
        self._node = node.Node(
            given.kuzet, given.work, self._place.recorder_interface,
            lambda name, command: self._place.start("recorder", name, command))

    def __enter__(self):
        try:
            self._place.open()
            self._node.write_settings(self._place.streams())
            for index in range(self._place.count):
                self._place.start_sender(index)
            time.sleep(2)
            self._node.start()
        except BaseException:
            self._place.close()
            raise
        return self._place, self._node

    def __exit__(self, *_):
        self._place.close()


def arguments():
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = words.add_subparsers(dest="kind", required=True)
    for name in ("hour", "cpu", "flood"):
        kind = kinds.add_parser(name)
        kind.add_argument("--kuzet", required=True, help="the binary")
        kind.add_argument("--out", help="write all figures there, as JSON")
        kind.add_argument("--keep", help="work in this new folder and keep it")
        kind.add_argument("--cache", default=os.path.join(tempfile.gettempdir(), "kuzet-load"),
                          help="where the recording is kept for the next run")
        if name == "hour":
            kind.add_argument("--streams", type=int, default=50)
            kind.add_argument("--minutes", type=float, default=60)
            kind.add_argument("--deaths", type=int, help="default: one in two minutes, 20 at most")
            kind.add_argument("--seed", type=int, default=1)
        elif name == "cpu":
            kind.add_argument("--streams", type=int, default=100)
            kind.add_argument("--seconds", type=int, default=120)
        else:
            kind.add_argument("--cameras", type=int, default=1000)
            kind.add_argument("--rate", type=int, default=500_000, help="packets a second")
            kind.add_argument("--seconds", type=int, default=20)
    given = words.parse_args()
    if given.kind == "hour" and given.deaths is None:
        given.deaths = min(20, int(given.minutes // 2) or 1)
    return given


def missing(kind):
    """Why it cannot run; None if it can."""
    if kind == "flood":
        return live_bench().missing()
    if os.geteuid() != 0:
        return "network namespaces need root"
    wanted = [name for name in ("ffmpeg", "ip", "bridge", "sysctl") if not shutil.which(name)]
    return f"these programs are missing: {', '.join(wanted)}" if wanted else None


def main():
    given = arguments()
    reason = missing(given.kind)
    if reason:
        print(f"node load, {given.kind}: skipped, because {reason}")
        return SKIPPED
    given.kuzet = os.path.abspath(given.kuzet)
    lab.Lab.sweep()
    given.work = given.keep or tempfile.mkdtemp(prefix="kuzet-load-")
    os.makedirs(os.path.join(given.work, "log"), exist_ok=True)
    try:
        found, rows, wrong = {"hour": hour, "cpu": cpu, "flood": flood}[given.kind](given)
    except (Failure, RuntimeError, subprocess.SubprocessError) as failure:
        print(f"node load, {given.kind}: FAILED: {failure}")
        return 1
    finally:
        if not given.keep:
            shutil.rmtree(given.work, ignore_errors=True)
    for name, value in rows:
        print(f"{name:40} {value}")
    if given.out:
        with open(given.out, "w", encoding="utf-8") as file:
            json.dump(found | {"wrong": wrong}, file, indent=1)
    for what in wrong[:40]:
        print(f"WRONG: {what}")
    print(f"node load, {given.kind}: {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
