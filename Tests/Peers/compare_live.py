#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what kuzet measures live against real cameras and recorders.

Encodes short clips, lays a wire between two network namespaces, lets a camera (GStreamer,
FFmpeg, an HTTP server) send each clip to a recorder (FFmpeg, curl) by each method, and runs

    kuzet analyze --interface nvr0 --duration 12s --format json

beside the recorder. Then compares, stream by stream:

    codec, width, height   with ffprobe on the clip: equal; of a transport stream `codec` is
                           `mp2t` and `ts_video_codec` is what ffprobe says
    frame_rate_fps         with ffprobe on the clip: within 1 %
    bitrate_ip_bps         with the interface's own counters: within 3 %
    packets_lost           with 0, where the method numbers its packets

The counters are read every 0.25 s, less 14 octets of Ethernet header a packet, between the
first and the last packet that kuzet states. They hold a little more than the stream (RTCP,
RTSP, ARP, SAP: below 0.5 %) and end within one frame of kuzet's last packet (a key frame is
about 1 % of 12 s): hence 3 %.

Prints the figures that differ and a verdict; `--report` writes all of them. Needs root, for
namespaces. Exit status: 0 if all agree, 1 if not, 2 if called wrongly, 77 if
skipped because something is missing.
"""

import argparse
import concurrent.futures
import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import clips
import methods
from lab import Lab

FRAME_RATE_TOLERANCE = 0.01
BIT_RATE_TOLERANCE = 0.03
SAMPLE_SECONDS = 0.25
# What a capture takes to begin, before anything is sent.
HEAD_START_SECONDS = 2.0
# What `--quick` runs: each road once, each codec once at least.
QUICK = ("rtsp-udp/h265", "rtsp-tcp/h264", "rtsp-http/mjpeg", "rtp-sap/mpeg4", "ts-udp/h264",
         "http-multipart/mjpeg")
QUICK_SECONDS = 8
# Streams at once: two cores carry four senders, four receivers and four captures.
MOST_AT_ONCE = 4

# program or module: Debian package
PROGRAMS = {
    "ffmpeg": "ffmpeg", "ffprobe": "ffmpeg", "ip": "iproute2", "ss": "iproute2",
    "ethtool": "ethtool", "sysctl": "procps", "curl": "curl", methods.PYTHON: "python3",
}
BINDINGS = ("import gi; gi.require_version('GstRtspServer', '1.0'); "
            "from gi.repository import Gst, GstRtspServer; Gst.init(None); "
            "import sys; sys.exit(','.join(e for e in sys.argv[1:] "
            "if not Gst.ElementFactory.find(e)) or 0)")
ELEMENTS = {
    "appsrc": "gstreamer1.0-plugins-base", "rtph264pay": "gstreamer1.0-plugins-good",
    "rtph265pay": "gstreamer1.0-plugins-good", "rtpmp4vpay": "gstreamer1.0-plugins-good",
    "rtpjpegpay": "gstreamer1.0-plugins-good", "udpsink": "gstreamer1.0-plugins-good",
    "h264parse": "gstreamer1.0-plugins-bad", "h265parse": "gstreamer1.0-plugins-bad",
    "mpeg4videoparse": "gstreamer1.0-plugins-bad",
}


class Check:
    """One figure held against the truth."""

    def __init__(self, figure, measured, truth, agrees, note=""):
        self.figure, self.measured, self.truth = figure, measured, truth
        self.agrees, self.note = agrees, note


class Case:
    """One method with one codec."""

    def __init__(self, method, clip):
        self.method, self.clip = method, clip
        self.name = f"{method.name}/{clip.codec}"
        self.checks = []
        self.samples = []

    def check(self, figure, measured, truth, tolerance=0.0, note=""):
        if isinstance(measured, (int, float)) and isinstance(truth, (int, float)):
            agrees = abs(measured - truth) <= tolerance * abs(truth)
        else:
            agrees = measured == truth
        self.checks.append(Check(figure, measured, truth, agrees, note))

    def fail(self, what):
        self.checks.append(Check("stream", what, "measured", False))

    def observe(self, lab, given):
        """Runs the case in a lab and fills in its checks."""
        try:
            self.method.prepare(lab, self.clip)
            observer, answer = start_observer(self, lab, given)
            time.sleep(HEAD_START_SECONDS)
            self.samples.append(lab.counters())
            self.method.begin(lab, self.clip)
            deadline = time.monotonic() + given.seconds + 15
            while observer.poll() is None and time.monotonic() < deadline:
                time.sleep(SAMPLE_SECONDS)
                self.samples.append(lab.counters())
            if observer.poll() is None:
                self.fail("no answer 15 s after the end")
                return
            self.judge(observer.returncode, answer, lab, given)
        except (RuntimeError, OSError, KeyError, ValueError, subprocess.SubprocessError) as fault:
            self.fail(f"{type(fault).__name__}: {fault}")
        finally:
            lab.stop()

    def judge(self, status, answer, lab, given):
        if given.dry_run:
            self.judge_flow(answer)
            return
        with open(answer, encoding="utf-8") as file:
            text = file.read()
        if status != 0:
            self.fail(f"kuzet ended with status {status}")
            return
        streams = json.loads(text)["streams"]
        found = [s for s in streams if s.get("transport") == self.method.transport
                 and s.get("source", "").startswith(methods.CAMERA + ":")]
        if not found:
            seen = ", ".join(sorted({str(s.get("transport")) for s in streams})) or "none"
            self.fail(f"no {self.method.transport} stream from the camera; seen: {seen}")
            return
        self.judge_stream(max(found, key=lambda s: s.get("bytes_ip") or 0), len(found))

    def judge_stream(self, stream, count):
        clip = self.clip
        self.check("streams", count, 1)
        self.check("kind", stream.get("kind"), "video")
        if self.method.transport.startswith("ts-"):
            self.check("codec", stream.get("codec"), "mp2t")
            self.check("ts_video_codec", stream.get("ts_video_codec"), clip.codec)
        else:
            self.check("codec", stream.get("codec"), clip.codec)
        self.check("width", stream.get("width"), clip.width)
        self.check("height", stream.get("height"), clip.height)
        self.check("frame_rate_fps", stream.get("frame_rate_fps"), clip.frame_rate,
                   self.method.rate_tolerance or FRAME_RATE_TOLERANCE)
        self.check("bitrate_ip_bps", stream.get("bitrate_ip_bps"), self.bit_rate(stream),
                   BIT_RATE_TOLERANCE, f"ffprobe: {clip.bit_rate / 1e6:.2f} Mbit/s of video alone")
        if self.method.has_sequence_numbers:
            self.check("packets_lost", stream.get("packets_lost"), 0)
        if self.method.transport.startswith("ts-"):
            self.check("ts_continuity_errors", stream.get("ts_continuity_errors"), 0)
        part = self.method.url_part(clip)
        if part:
            url = stream.get("url") or ""
            self.checks.append(Check("url", url or None, f"…{part}…", part in url))

    def bit_rate(self, stream):
        """Bits a second by the interface's counters, over the stretch that kuzet measured."""
        first, last = moment(stream.get("first_packet")), moment(stream.get("last_packet"))
        if first is None or last is None or last <= first:
            return None
        # Before the first packet nothing but signalling was sent, so the last reading before it
        # is exact; a line through the burst of the first frame would not be.
        start = max(s[1] for s in self.samples if s[0] <= max(first, self.samples[0][0]))
        return (self.octets(last) - start) * 8 / (last - first)

    def octets(self, when):
        """The counter at a moment, by the straight line between two readings."""
        before = self.samples[0]
        for after in self.samples:
            if after[0] >= when:
                span = after[0] - before[0]
                part = (when - before[0]) / span if span > 0 else 0
                return before[1] + part * (after[1] - before[1])
            before = after
        return before[1]

    def judge_flow(self, capture):
        """Without kuzet: only whether packets flow, and about as many as the clip has."""
        start = next((s for s in self.samples if s[2] - self.samples[0][2] > 20), None)
        if start is None:
            self.fail("no packets")
            return
        end = self.samples[-1]
        rate = (end[1] - start[1]) * 8 / (end[0] - start[0])
        # IP, UDP, RTP and TS headers take 3 to 12 % of packets of 1400 octets.
        self.check("octets by counter, bit/s", rate, self.clip.bit_rate * 1.06, 0.09,
                   f"{end[2]} packets, {os.path.getsize(capture)} octets of capture")


def start_observer(case, lab, given):
    """Starts kuzet, or tcpdump in its place, beside the recorder."""
    base = os.path.join(given.work, "logs", case.name.replace("/", "-"))
    if given.captures or given.dry_run:
        capture = base + ".pcap"
        dump = lab.start("recorder", os.path.basename(base) + "-tcpdump", [
            "timeout", "--signal=INT", str(given.seconds + 1 if given.captures else given.seconds),
            "tcpdump", "-i", lab.recorder_interface, "-n", "-U", "-B", "16384", "-s",
            str(given.snap), "-w", capture])
        if given.dry_run:
            return dump, capture
    answer = base + ".json"
    with open(answer, "wb") as output:
        observer = lab.start("recorder", os.path.basename(base) + "-kuzet", [
            given.kuzet, "analyze", "--interface", lab.recorder_interface,
            "--duration", f"{given.seconds}s", "--format", "json"], output=output)
    return observer, answer


def moment(text):
    """Seconds since 1970 of an RFC 3339 time; None for anything else."""
    try:
        whole, _, fraction = text.rstrip("Z").partition(".")
        seconds = datetime.datetime.fromisoformat(whole + "+00:00").timestamp()
        return seconds + float("0." + (fraction or "0"))
    except (AttributeError, ValueError):
        return None


def missing():
    """Debian packages that are not there, or what else keeps the comparison from running."""
    wanted = {package for program, package in PROGRAMS.items() if not shutil.which(program)}
    if not wanted:
        bindings = subprocess.run([methods.PYTHON, "-c", BINDINGS] + list(ELEMENTS),
                                  capture_output=True, text=True, timeout=60)
        answer = bindings.stderr.strip()
        if bindings.returncode != 0 and "Traceback" in answer:
            wanted |= {"python3-gi", "gir1.2-gst-rtsp-server-1.0", "gstreamer1.0-plugins-base",
                       "gstreamer1.0-plugins-good", "gstreamer1.0-plugins-bad"}
        elif bindings.returncode != 0:
            wanted |= {ELEMENTS[name] for name in answer.split(",") if name in ELEMENTS}
    if wanted:
        return f"these Debian packages are missing: apt-get install {' '.join(sorted(wanted))}"
    if os.geteuid() != 0:
        return "network namespaces need root"
    lab = Lab("try", tempfile.gettempdir())
    try:
        Lab.sweep()
        lab.open()
    except (RuntimeError, OSError) as fault:
        return f"network namespaces cannot be made: {fault}"
    finally:
        lab.close()
    return None


def shown(value):
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3f}"
    return "unknown" if value is None else str(value)


def table(cases, wanted=lambda check: True):
    """The figures as Markdown; empty if none is wanted."""
    lines = ["| method | codec | figure | measured | truth | off by | ok |",
             "|---|---|---|---|---|---|---|"]
    for case in cases:
        for check in filter(wanted, case.checks):
            off = ""
            numbers = (check.measured, check.truth)
            if all(isinstance(n, (int, float)) for n in numbers) and check.truth:
                off = f"{(check.measured / check.truth - 1) * 100:+.2f} %"
            cells = [case.method.title, case.clip.codec, check.figure, shown(check.measured),
                     shown(check.truth), off, "yes" if check.agrees else "**no**"]
            lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return "\n".join(lines if len(lines) > 2 else [])


def summary(cases):
    """One line a case, for the report."""
    lines = ["| method | codec | stream of | size | frames/s | off by | Mbit/s | off by "
             "| packets lost | figures that agree |", "|---|---|---|---|---|---|---|---|---|---|"]
    for case in cases:
        found = {check.figure: check for check in case.checks}

        def measured(figure, scale=1, found=found):
            check = found.get(figure)
            if check is None:
                return "–"
            number = isinstance(check.measured, float)
            return f"{check.measured / scale:.3f}" if number else shown(check.measured)

        def off(figure, found=found):
            check = found.get(figure)
            numbers = (check.measured, check.truth) if check else (None,)
            if not all(isinstance(n, (int, float)) for n in numbers) or not check.truth:
                return "–"
            return f"{(check.measured / check.truth - 1) * 100:+.2f} %"

        agree = sum(check.agrees for check in case.checks)
        wrong = [check.figure for check in case.checks if not check.agrees]
        carried = measured("ts_video_codec")
        lines.append("| " + " | ".join([
            case.method.title, case.clip.codec,
            measured("codec") + (f" of {carried}" if carried != "–" else ""),
            f"{measured('width')}×{measured('height')}", measured("frame_rate_fps"),
            off("frame_rate_fps"), measured("bitrate_ip_bps", 1e6), off("bitrate_ip_bps"),
            measured("packets_lost"),
            f"{agree} of {len(case.checks)}" + (f"; not {', '.join(wrong)}" if wrong else "")])
            + " |")
    return "\n".join(lines)


def version(command):
    """The first line of what a program says of its version."""
    said = subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip()
    return said.splitlines()[0].split(" Copyright")[0] if said else "unknown"


def report(cases, given, verdict):
    gstreamer = version([methods.PYTHON, "-c", "import gi; gi.require_version('Gst', '1.0'); "
                         "from gi.repository import Gst; print(Gst.version_string())"])
    commit = version(["git", "-C", methods.HERE, "describe", "--always", "--tags", "--dirty"])
    kuzet = "" if given.dry_run else f"kuzet {commit}, "
    differing = table(cases, lambda check: not check.agrees)
    differing = f"\n## What differs\n\n{differing}" if differing else ""
    return "\n".join([
        "# Live comparison with real peers", "",
        "What `kuzet analyze --interface` measured of cameras and recorders that are not ours, held "
        "against ffprobe and the interface's counters; written by `Tests/Peers/compare_live.py`.",
        "",
        f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC, {given.seconds} s a "
        f"case, {given.parallel} at once; {kuzet}{version(['ffmpeg', '-version'])}, {gstreamer}.",
        "",
        verdict, "",
        f"Frame rate within {FRAME_RATE_TOLERANCE:.0%} of ffprobe's; bit rate within "
        f"{BIT_RATE_TOLERANCE:.0%} of the interface's counters (see the head of "
        "`Tests/Peers/compare_live.py`); all else equal. `–`: this road has no such figure, or none "
        "that could differ. FFmpeg as a camera (`-re`) sends its first two frames at once: over 10 s "
        "that is a frame rate 0.4 % higher.", "", summary(cases)]
        + ([differing] if differing else []) + [""])


def parse():
    words = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--kuzet", default="kuzet", help="the binary; default: from the path")
    words.add_argument("--only", default="", metavar="SUBSTRING",
                       help="only cases whose METHOD/CODEC holds this; commas for several")
    words.add_argument("--quick", action="store_true",
                       help=f"only {len(QUICK)} cases, of {QUICK_SECONDS} s")
    words.add_argument("--seconds", type=int, help="length of each case; default 12")
    words.add_argument("--parallel", type=int, default=MOST_AT_ONCE,
                       help=f"cases at once, 1 to {MOST_AT_ONCE}; default {MOST_AT_ONCE}")
    words.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "kuzet-peers"),
                       help="folder for clips and logs, kept for the next run")
    words.add_argument("--report", metavar="FILE", help="write the table as Markdown")
    words.add_argument("--dry-run", action="store_true",
                       help="tcpdump in place of kuzet: only whether packets flow")
    words.add_argument("--captures", action="store_true", help="keep a capture of each case")
    words.add_argument("--snap", type=int, default=160,
                       help="octets of each packet that captures keep; default 160")
    words.add_argument("--list", action="store_true", help="name the cases and stop")
    given = words.parse_args()
    given.seconds = given.seconds or (QUICK_SECONDS if given.quick else 12)
    if not 5 <= given.seconds <= 600 or not 1 <= given.parallel <= MOST_AT_ONCE:
        words.error(f"--seconds is 5 to 600, --parallel 1 to {MOST_AT_ONCE}")
    made = {codec: clips.Clip(codec, given.work) for codec in clips.CODECS}
    cases = [Case(method, made[codec]) for method in methods.METHODS for codec in method.codecs]
    parts = given.only.split(",")
    cases = [case for case in cases if any(part in case.name for part in parts)
             and (not given.quick or case.name in QUICK)]
    if given.list:
        print("\n".join(case.name for case in cases))
        sys.exit(0)
    if not cases:
        words.error(f"no case holds {given.only!r}")
    if not given.dry_run:
        given.kuzet = shutil.which(given.kuzet) or words.error(f"{given.kuzet} is no program")
    return given, cases


def main():
    given, cases = parse()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(130))
    reason = missing()
    if reason:
        print(f"skipped, because {reason}")
        return 77
    for clip in {case.clip.codec: case.clip for case in cases}.values():
        clip.make(given.seconds + 20)
    labs = [Lab(number, os.path.join(given.work, "logs"))
            for number in range(min(given.parallel, len(cases)))]
    try:
        for lab in labs:
            lab.open()
        for start in range(0, len(cases), len(labs)):
            batch = cases[start:start + len(labs)]
            with concurrent.futures.ThreadPoolExecutor(len(batch)) as pool:
                try:
                    list(pool.map(lambda pair: pair[0].observe(pair[1], given), zip(batch, labs)))
                except BaseException:
                    # The cases end by themselves once their wires are gone.
                    for lab in labs:
                        lab.close()
                    raise
            for case in batch:
                wrong = [c.figure for c in case.checks if not c.agrees]
                print(f"{case.name}: {'differs: ' + ', '.join(wrong) if wrong else 'agrees'}",
                      file=sys.stderr, flush=True)
    finally:
        for lab in labs:
            lab.close()
    checks = [check for case in cases for check in case.checks]
    wrong = sum(not check.agrees for check in checks)
    verdict = f"{len(cases)} cases, {len(checks)} figures: {len(checks) - wrong} agree, {wrong} differ."
    print("\n".join(filter(None, [table(cases, lambda check: not check.agrees), verdict])))
    if given.report:
        # Made before the file is touched, which may itself be one of the sources.
        text = report(cases, given, verdict)
        with open(given.report, "w", encoding="utf-8") as file:
            file.write(text)
    return 1 if wrong or not checks else 0


if __name__ == "__main__":
    sys.exit(main())
