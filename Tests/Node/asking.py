# SPDX-License-Identifier: Apache-2.0
"""Runs a node that asks cameras itself, and does to it and to them what happens.

Real cameras (`kuzet simulate camera`) and servers that never give video (fake_rtsp.py) in one
network namespace, the node in another; nothing is captured. Whatever says nothing of a camera's
video must leave its time unknown, and no camera may hold up another.

    asking.py --kuzet BINARY [--quick] [--only NAME]... [--keep]
"""

import datetime
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import faults  # noqa: E402
from faults import expect  # noqa: E402
import lab  # noqa: E402
from node import Failure  # noqa: E402

FAKE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fake_rtsp.py")


def address(port):
    """The address of the server that listens on a port."""
    return f"192.168.77.{port - 8990}"


class AskingScene(faults.Scene):
    """Cameras, and a node that pulls them."""

    extra = ""
    rows = ()
    fakes = ()

    def start_recorder(self, index):
        """Nobody else watches."""

    def write_settings(self, streams, capture=""):
        super().write_settings(list(streams) + list(self.rows), capture)
        self.write("password", "wrong\n")
        os.chmod(os.path.join(self.folder, "password"), 0o600)
        with open(self.settings, encoding="utf-8") as file:
            text = file.read().split("capture:")[0]
        self.write("kuzet.yaml", text + f"""\
credentials:
  wrong: {{user: viewer, password_file: password}}
checks:
  allow: [192.168.77.0/26]
  pull: continuous
  delivery: [tcp, udp]
  sessions: 256
{self.extra}""")
        with open(os.path.join(self.folder, "cameras.csv"), encoding="utf-8") as file:
            head, *lines = file.read().splitlines()
        self.write("cameras.csv", f"{head},credentials\n" + "".join(
            f"{line},{'wrong' if line.startswith('login,') else ''}\n" for line in lines))

    def __enter__(self):
        self.lab.open()
        for port, mode in self.fakes:
            # A device of its own: logins are counted by address.
            lab.ip("-n", self.lab.camera_space, "address", "add", address(port) + "/24",
                   "dev", self.lab.camera_interface)
            self.lab.start("camera", f"fake-{port}", [
                sys.executable, FAKE, address(port), str(port), mode,
                os.path.join(self.folder, f"requests-{port}")])
        for port, _ in self.fakes:
            self.lab.wait_for_port(port)
        self.write_settings(self.streams())
        self.cameras_running = {}
        for index, (name, wrong) in enumerate(self.cameras):
            self.cameras_running[name] = self.start_camera(index, name, wrong)
        for index in range(len(self.cameras)):
            self.lab.wait_for_port(faults.PORT + index)
        self.prepare()
        self.start()
        return self

    def prepare(self):
        """What is done before the node starts."""

    def requests(self, port):
        try:
            with open(os.path.join(self.folder, f"requests-{port}"), encoding="ascii") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []

    def camera(self, name):
        for camera in self.status()["cameras"]:
            if camera["id"] == name:
                return camera
        raise Failure(f"{name} is not in the status")

    def check(self, name, check="pull"):
        for found in self.camera(name)["checks"]:
            if found["name"] == check:
                return found
        raise Failure(f"{name}: no {check} among {self.camera(name)['checks']}")

    def states(self, name):
        """What became of a camera since the node was started, or nothing."""
        try:
            return [words for _, _, words in self.account(name)]
        except Failure:
            return []


def row(name, port, host=lab.CAMERA):
    """A camera that is none."""
    return name, f"rtsp://{host}:{port}/x"


class Fakes(AskingScene):
    fakes = ((9001, "slow"), (9002, "redirect"), (9003, "busy"), (9004, "login"))
    rows = (row("slow", 9001, host=address(9001)),
            row("redirect", 9002, host=address(9002)), row("busy", 9003, host=address(9003)),
            row("login", 9004, host=address(9004)),
            row("elsewhere", 554, host="192.168.77.99"),
            row("nameless", 554, host="no-such.invalid"))


def servers_without_video(scene):
    """Servers that are slow, redirect, are busy, refuse the login; a camera beside them plays."""
    scene.wait(75)
    expected = {"slow": ("refuses", "too-slow"), "redirect": ("refuses", "redirected"),
                "busy": ("busy", "busy"), "login": ("authentication", "auth-failed"),
                "elsewhere": ("not-allowed", "not-allowed"),
                "nameless": ("unreachable", "unknown-name")}
    for name, reason in expected.items():
        found = scene.check(name)
        expect((found["result"], found.get("reason")) == reason,
               f"{name}: {reason} was expected: {found}")
    logins = sum(line.endswith("login") for line in scene.requests(9004))
    expect(logins == 2, f"{logins} logins were tried; two, and none until told")
    expect(scene.check("one")["result"] == "ok", f"one: {scene.check('one')}")
    answer = subprocess.run([scene.kuzet, "camera", "retry", "--settings", scene.settings,
                             "login"], capture_output=True, text=True, timeout=20)
    expect(answer.returncode == 0, answer.stderr)
    scene.wait(8)
    logins = sum(line.endswith("login") for line in scene.requests(9004))
    expect(logins == 4, f"{logins} logins were tried after `camera retry`; two more")
    scene.stop()
    for name in ("redirect", "busy", "login", "elsewhere", "nameless"):
        expect(not scene.states(name), f"{name}: nobody saw its video: {scene.states(name)}")
    slow = scene.states("slow")
    expect(slow and all("DOWN" in words or words.startswith("unknown") for words in slow),
           f"slow gave no video: {slow}")
    expect(scene.states("one") == ["up"], f"one: {scene.account('one')}")
    return "each reason named; 2 logins, 2 more when told; down only the one that gave no video"


class Refusing(AskingScene):
    rows = tuple(row(f"none-{number:04}", 20_000 + number) for number in range(1_000))


def thousand_refuse(scene):
    """A thousand cameras refuse at once; those that work are none the worse."""
    scene.wait(110)
    status = scene.status()
    playing = status["pulls"]["playing"]
    expect(playing == 2, f"{playing} of the two cameras that work play")
    with open(f"/proc/{status['process']}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    used = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    down = status["states"].get("down", 0)
    expect(down >= 950, f"{down} of 1,000 are down after 110 s: {status['states']}")
    descriptors = len(os.listdir(f"/proc/{status['process']}/fd"))
    expect(descriptors < 1_100, f"{descriptors} descriptors are open")
    scene.stop()
    for name in ("one", "two"):
        expect(scene.states(name) == ["up"], f"{name}: {scene.account(name)}")
    return (f"{down} down after 110 s, the two that work up throughout; {used:.1f} s of CPU, "
            f"{descriptors} descriptors")


class ByName(AskingScene):
    """A camera known by its name alone."""

    def streams(self):
        return [(name, stream.replace(lab.CAMERA, "gate.lab") if name == "one" else stream)
                for name, stream in super().streams()]

    def prepare(self):
        self.names = f"/etc/netns/{self.lab.recorder_space}"
        os.makedirs(self.names, exist_ok=True)
        self.name(f"{lab.CAMERA} gate.lab\n")
        with open(os.path.join(self.names, "resolv.conf"), "w", encoding="ascii") as file:
            file.write("nameserver 192.168.77.98\noptions timeout:1 attempts:1\n")

    def name(self, line):
        # The file is bound into the namespace: it is written, never replaced.
        with open(os.path.join(self.names, "hosts"), "w", encoding="ascii") as file:
            file.write("127.0.0.1 localhost\n" + line)

    def __exit__(self, *rest):
        super().__exit__(*rest)
        shutil.rmtree(self.names, ignore_errors=True)


def dns_gone(scene):
    """Names cannot be looked up for a while: sessions go on, and what ends meanwhile is unknown."""
    scene.wait(25)
    scene.name("")
    scene.wait(15)
    expect(scene.check("one")["result"] == "ok", "the session ended with the name")
    scene.lab.stop(scene.cameras_running["one"])
    again = scene.start_camera(0, "one", [])
    scene.cameras_running["one"] = again
    scene.wait(50)
    found = scene.check("one")
    expect((found["result"], found["reason"]) == ("unreachable", "unknown-name"), str(found))
    scene.name(f"{lab.CAMERA} gate.lab\n")
    scene.wait(60)
    expect(scene.check("one")["result"] == "ok", f"not pulled again: {scene.check('one')}")
    scene.stop()
    states = scene.states("one")
    # When the camera went away its connection ended: that much was seen, and no more.
    expect(states[0] == "up" and states[-1] == "up", f"{scene.account('one')}")
    expect(not any("DOWN" in words for words in states),
           f"the camera was held to account for the names: {scene.account('one')}")
    return f"unknown {scene.unknown('one'):.0f} s, no downtime, pulled again by itself"


def camera_dies(scene):
    """A pulled camera falls silent: an event within two seconds of the frame that was due."""
    scene.wait(85)
    events = [event for event in scene.status()["events"] if event["camera"] == "two"]
    expect(len(events) == 1 and events[0]["kind"] == "silent", f"{events}")
    at, noticed = (datetime.datetime.fromisoformat(events[0][key]).timestamp()
                   for key in ("at", "noticed"))
    delay = noticed - at - 0.04
    expect(0 < delay <= 2, f"noticed {delay:.2f} s after the frame that was due")
    scene.wait(25)
    scene.stop()
    down = [stretch for stretch in scene.account("two") if "DOWN" in stretch[2]]
    expect(down and abs(down[0][0] - at) < 0.01, f"the outage should begin at {at}: {down}")
    expect(scene.states("one") == ["up"], f"one: {scene.account('one')}")
    return f"noticed {delay:.2f} s after the frame that was due; outage dated to the frame"


def stopped(scene):
    """SIGSTOP for half a minute: unknown, and no camera is down for it."""
    scene.wait(30)
    pid = scene.status()["process"]
    os.kill(pid, 19)
    time.sleep(30)
    os.kill(pid, 18)
    scene.wait(40)
    scene.stop()
    stretches = scene.expect_no_downtime("one")
    gap = scene.unknown("one")
    expect(29 <= gap <= 50, f"{gap:.1f} s are unknown: {stretches}")
    return f"unknown {gap:.1f} s for 30 s, no downtime"


class Sampled(AskingScene):
    extra = "  rules:\n    - {cameras: [one], pull: sampled, every: 60s, for: 15s}\n"


def sampled(scene):
    """Looked at for 15 s of each minute: up between samples too, with that evidence."""
    scene.wait(200)
    scene.stop()
    expect(scene.states("one") == ["up"], f"one: {scene.account('one')}")
    (_, length, _), = scene.account("one")
    expect(length >= 100, f"known for {length:.0f} s of 200")
    return f"up for {length:.0f} s of 200 from samples of 15 s in 60"


TWO = [("one", []), ("two", [])]
FAULTS = {
    "servers-without-video": (servers_without_video, Fakes, TWO, True),
    "camera-dies": (camera_dies, AskingScene, [("one", []), ("two", ["die@40s"])], False),
    "thousand-refuse": (thousand_refuse, Refusing, TWO, False),
    "dns-gone": (dns_gone, ByName, TWO, False),
    "stopped": (stopped, AskingScene, TWO, False),
    "sampled": (sampled, Sampled, TWO, False),
}


def run(kuzet, name, number, folder):
    body, scene, cameras, _ = FAULTS[name]
    with scene(kuzet, folder, number, cameras) as running:
        try:
            return body(running)
        except Failure as failure:
            raise Failure(f"{failure}\nlog of the node:\n{running.log()}") from failure


if __name__ == "__main__":
    sys.exit(faults.main(FAULTS, run, __doc__, lambda fault: fault[3]))
