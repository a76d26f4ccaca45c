# SPDX-License-Identifier: Apache-2.0
"""Runs a node on a small network, does to it what happens to nodes, and reads its account.

Real cameras (`kuzet simulate camera`, a process each) and a real recorder (ffmpeg) in two network
namespaces; the node watches the recorder's interface. After each fault the states must be right
to the interval: unknown where nobody watched, and never down for what was the node's own fault.

    faults.py --kuzet BINARY [--quick] [--only NAME]... [--keep]
"""

import argparse
import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Peers"))
import lab  # noqa: E402
import node  # noqa: E402
from node import Failure  # noqa: E402

PORT = 8554
INTERVAL = 10
SKIPPED = 77


class Scene(node.Node):
    """A lab with cameras, a recorder and a node."""

    def __init__(self, kuzet, folder, number, cameras, ledger=None):
        self.lab = lab.Lab(number, os.path.join(folder, "log"))
        super().__init__(kuzet, folder, self.lab.recorder_interface, self._start_node, ledger)
        self.cameras = cameras

    def __enter__(self):
        self.lab.open()
        self.write_settings(self.streams())
        for index, (name, faults) in enumerate(self.cameras):
            self.start_camera(index, name, faults)
        for index in range(len(self.cameras)):
            self.lab.wait_for_port(PORT + index)
        self.start()
        for index in range(len(self.cameras)):
            self.start_recorder(index)
        return self

    def __exit__(self, *_):
        self.lab.close()

    def streams(self):
        """Names of cameras and where their video is."""
        return [(name, f"rtsp://{lab.CAMERA}:{PORT + index}/{name}1")
                for index, (name, _) in enumerate(self.cameras)]

    def _start_node(self, name, command):
        return self.lab.start("recorder", name, command)

    def start_camera(self, index, name, faults):
        command = [self.kuzet, "simulate", "camera", "--listen", lab.CAMERA, "--port",
                   str(PORT + index), "--name", name, "--bitrate", "5200k"]
        for fault in faults:
            command += ["--fault", fault]
        return self.lab.start("camera", f"camera-{name}", command)

    def start_recorder(self, index):
        name = self.cameras[index][0]
        return self.lab.start("recorder", f"recorder-{name}", [
            "ffmpeg", "-nostdin", "-loglevel", "error", "-rtsp_transport", "udp", "-i",
            f"rtsp://{lab.CAMERA}:{PORT + index}/{name}1", "-c", "copy", "-f", "null", "-"])

    def expect_no_downtime(self, camera):
        stretches = self.account(camera)
        for start, length, words in stretches:
            if "DOWN" in words:
                raise Failure(f"{camera}: {words} for {length:.3f} s, which was the node's fault")
        return stretches

    def unknown(self, camera):
        """Seconds of unknown time between what was watched."""
        return sum(length for _, length, words in self.account(camera)
                   if words.startswith("unknown"))


def expect(condition, what):
    if not condition:
        raise Failure(what)


# The faults; each says what it found.

def killed_and_restarted(scene):
    """kill -9, ten seconds of nothing, a start: unknown for that time and one open interval."""
    scene.wait(35)
    killed = time.time()
    scene.process.send_signal(signal.SIGKILL)
    scene.process.wait()
    time.sleep(10)
    scene.start()
    started = time.time()
    scene.wait(42)
    took = scene.stop()
    expect(took < 5, f"SIGTERM took {took:.1f} s")
    scene.expect_no_downtime("one")
    gap = scene.unknown("one")
    least = started - killed - 1
    expect(least <= gap <= least + INTERVAL + 3,
           f"{gap:.1f} s are unknown; nobody watched for {started - killed:.1f} s and the open "
           f"interval was lost: {scene.account('one')}")
    return f"unknown {gap:.1f} s for {started - killed:.1f} s away; SIGTERM took {took:.2f} s"


def camera_dies(scene):
    """A camera falls silent: an event within two seconds of the frame that was due, and an
    outage that begins with its last frame."""
    scene.wait(75)
    events = [event for event in scene.status()["events"] if event["camera"] == "two"]
    expect(len(events) == 1 and events[0]["kind"] == "silent",
           f"events of the camera that died: {events}")
    at, noticed = (datetime.datetime.fromisoformat(events[0][key]).timestamp()
                   for key in ("at", "noticed"))
    delay = noticed - at - 0.04
    expect(0 < delay <= 2, f"noticed {delay:.2f} s after the frame that was due")
    scene.stop()
    down = [stretch for stretch in scene.account("two") if "DOWN" in stretch[2]]
    expect(len(down) == 1 and abs(down[0][0] - at) < 0.01,
           f"the outage should begin at {at}: {down}")
    expect(not any("DOWN" in words for _, _, words in scene.account("one")),
           "the other camera was said to be down")
    return f"noticed {delay:.2f} s after the frame that was due; outage dated to the frame"


def wrong_reload(scene):
    """Files that are wrong are named and change nothing; right ones are taken."""
    scene.wait(12)
    good = open(os.path.join(scene.folder, "cameras.csv")).read()
    scene.write("cameras.csv", good + "three,Three,yrad,line,indoor-overview,10.0.0.9\n")
    answer = scene.ask("reload", check=False)
    expect(answer.returncode == 2, f"a wrong registry was taken: {answer.stderr}")
    expect("cameras.csv:4:" in answer.stderr and "yard" in answer.stderr,
           f"the fault is not named: {answer.stderr}")
    expect(scene.status()["registered"] == 2, "the old registry is not in force")
    scene.write("cameras.csv", good + "three,Three,yard,line,indoor-overview,10.0.0.9\n")
    answer = scene.ask("reload")
    expect("3 cameras" in answer.stderr, answer.stderr)
    expect(scene.status()["registered"] == 3, "the new registry is not in force")
    scene.process.send_signal(signal.SIGHUP)
    scene.wait(30)
    expect(scene.log().count("reloaded") >= 1, "SIGHUP was not heard")
    scene.stop()
    scene.expect_no_downtime("one")
    gap = scene.unknown("one")
    expect(gap < 1, f"{gap:.1f} s are unknown although the node watched")
    return f"named, refused, then taken; {gap:.2f} s unknown"


def interface_flaps(scene):
    """The interface goes down for 15 s and comes back."""
    scene.wait(25)
    interface = scene.lab.recorder_interface
    # The far end's packets find the way back by themselves; the recorder has to keep its sockets.
    lab.ip("-n", scene.lab.recorder_space, "link", "set", interface, "down")
    scene.wait(15)
    lab.ip("-n", scene.lab.recorder_space, "link", "set", interface, "up")
    scene.wait(45)
    scene.stop()
    log = scene.log()
    expect("nothing is seen there until it is back" in log and log.count("watching") >= 2,
           "the flap was not said:\n" + log)
    scene.expect_no_downtime("one")
    gap = scene.unknown("one")
    expect(13 <= gap <= 15 + INTERVAL + 5, f"{gap:.1f} s are unknown")
    return f"unknown {gap:.1f} s for 15 s down"


def interface_vanishes(scene):
    """The interface is renamed and later has its name again."""
    scene.wait(25)
    interface, space = scene.lab.recorder_interface, scene.lab.recorder_space
    for old, new in ((interface, "other0"), ("other0", interface)):
        lab.ip("-n", space, "link", "set", old, "down")
        lab.ip("-n", space, "link", "set", old, "name", new)
        lab.ip("-n", space, "link", "set", new, "up")
        lab.ip("-n", space, "address", "replace", lab.RECORDER + "/24", "dev", new)
        scene.wait(15)
    scene.wait(20)
    scene.stop()
    expect("renamed to other0" in scene.log(), "the other name was not said:\n" + scene.log())
    scene.expect_no_downtime("one")
    return f"unknown {scene.unknown('one'):.1f} s for two renamings"


def stopped_for_half_a_minute(scene):
    """SIGSTOP for 30 s: what the ring held is measured, the rest was the node's own loss."""
    scene.wait(25)
    scene.process.send_signal(signal.SIGSTOP)
    time.sleep(30)
    scene.process.send_signal(signal.SIGCONT)
    scene.wait(40)
    events = scene.status()["events"]
    scene.stop()
    expect(not events, f"events of cameras that never stopped: {events}")
    scene.expect_no_downtime("one")
    return f"unknown {scene.unknown('one'):.1f} s, no event of a camera"


def disk_full(scene):
    """The ledger's disk is full for 40 s: it is said, and nothing that was measured is lost."""
    scene.wait(25)
    folder = os.path.dirname(scene.ledger)
    filler = os.path.join(folder, "filler")
    with open(filler, "wb", buffering=0) as file:
        # To the last octet.
        for size in (65_536, 4_096, 1):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                pass
    scene.wait(40)
    fault = scene.status()["ledger"].get("fault") or ""
    os.remove(filler)
    scene.wait(30)
    expect(fault, "the node did not say that the disk is full")
    expect(not scene.status()["ledger"].get("fault"), "the fault is still said")
    scene.stop()
    scene.expect_no_downtime("one")
    gap = scene.unknown("one")
    expect(gap < 1, f"{gap:.1f} s are unknown although the node watched")
    return f"said `{fault[:60]}`; {gap:.2f} s unknown"


def camera_restarts(scene):
    """A camera reboots: 8 s of silence are an outage once confirmed, and shorter than 30 s are
    none; another SSRC and other numbers are no loss."""
    scene.wait(70)
    scene.stop()
    stretches = scene.account("two")
    expect(not any("DOWN" in words for _, _, words in stretches), f"{stretches}")
    return "; ".join(f"{length:.1f} s {words}" for _, length, words in stretches)


def entries_beside(scene):
    """Report, journal, account, backup and a planned work beside a node that writes; then a node
    that does not answer."""
    scene.wait(25)
    out = os.path.join(scene.folder, "out")
    day = f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}"
    words = ["report", "--period", day, "--for", "coordinator", "--language", "kk",
             "--format", "html,csv,json", "--out", out]
    began = time.monotonic()
    answer = scene.ask(*words).stdout
    took = time.monotonic() - began
    expect("revision 1, new" in answer, answer)
    expect(took < 10, f"the report took {took:.1f} s")
    expect("work-1" in scene.ask(
        "maintenance add", "--scope", "camera:one", "--what", "cleaning",
        "--from", "2030-01-01T00:00:00+05:00", "--to", "2030-01-01T01:00:00+05:00").stdout, "no work")
    entries = [json.loads(line) for line in scene.ask("journal list").stdout.splitlines()]
    issued = [entry for entry in entries if entry["event"] == "report-issued"]
    expect(len(issued) == 1 and issued[0]["details"]["number"] == "1"
           and "request" in issued[0]["details"], f"the journal says {issued}")
    expect("are sound" in scene.ask("journal verify").stdout, "the journal is not sound")
    backup = os.path.join(scene.folder, "backup")
    expect("verified copy" in scene.ask("backup", backup).stdout, "no backup")
    scene.account("one")
    scene.process.send_signal(signal.SIGSTOP)
    late = scene.ask(*(word if word != "kk" else "ru" for word in words), check=False)
    scene.process.send_signal(signal.SIGCONT)
    expect(late.returncode == 2 and "does not answer" in late.stderr,
           f"a node that stood still: {late.returncode} {late.stdout}{late.stderr}")
    scene.wait(15)
    expect(scene.ask("journal list").stdout.count("report-issued") == 1,
           "what was said not to be issued was entered later")
    scene.stop()
    scene.expect_no_downtime("one")
    return f"a report in {took:.1f} s, numbered by the node; one refused by a node that stood still"


FAULTS = {
    "killed-and-restarted": (killed_and_restarted, [("one", []), ("two", [])], True),
    "camera-dies": (camera_dies, [("one", []), ("two", ["die@25s"])], True),
    "wrong-reload": (wrong_reload, [("one", []), ("two", [])], False),
    "interface-flaps": (interface_flaps, [("one", []), ("two", [])], False),
    "interface-vanishes": (interface_vanishes, [("one", []), ("two", [])], False),
    "stopped": (stopped_for_half_a_minute, [("one", []), ("two", [])], False),
    "disk-full": (disk_full, [("one", []), ("two", [])], False),
    "entries-beside": (entries_beside, [("one", []), ("two", [])], False),
    "camera-restarts": (camera_restarts, [("one", []), ("two", ["restart@30s"])], False),
}


def run(kuzet, name, number, folder):
    body, cameras, _ = FAULTS[name]
    ledger = None
    mounted = None
    if name == "disk-full":
        mounted = os.path.join(folder, "disk")
        os.makedirs(mounted)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "kuzet", mounted], check=True)
        ledger = os.path.join(mounted, "ledger")
    try:
        with Scene(kuzet, folder, number, cameras, ledger) as scene:
            try:
                return body(scene)
            except Failure as failure:
                raise Failure(f"{failure}\nlog of the node:\n{scene.log()}") from failure
    finally:
        if mounted:
            subprocess.run(["umount", "-l", mounted], check=False)


def main(tried, run_one, about, is_quick):
    """Tries the faults of a table, and says what came of each."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--kuzet", required=True)
    parser.add_argument("--quick", action="store_true", help="those that take least")
    parser.add_argument("--only", action="append", choices=sorted(tried))
    parser.add_argument("--keep", action="store_true", help="keep folders of what failed")
    arguments = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("ffmpeg"):
        print("node faults: skipped, because they need root and ffmpeg")
        return SKIPPED
    lab.Lab.sweep()
    names = arguments.only or [
        name for name, fault in tried.items() if is_quick(fault) or not arguments.quick]
    failed = 0
    for number, name in enumerate(names):
        folder = tempfile.mkdtemp(prefix="kuzet-node-")
        try:
            print(f"{name}: {run_one(os.path.abspath(arguments.kuzet), name, number, folder)}",
                  flush=True)
        except (Failure, RuntimeError, subprocess.SubprocessError) as failure:
            failed += 1
            print(f"{name}: FAILED: {failure}", flush=True)
        if not (failed and arguments.keep):
            shutil.rmtree(folder, ignore_errors=True)
    print(f"node faults: {len(names)} tried, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(FAULTS, run, __doc__, lambda fault: fault[2]))
