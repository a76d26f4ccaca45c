# SPDX-License-Identifier: Apache-2.0
"""Many cameras on a switch with a mirror port, as network namespaces.

```
camera 0 ─ eth0 ══ port0 ─┐
camera 1 ─ eth0 ══ port1 ─┤ bridge ─ mirror ══ nvr0 ─ node
...                       ┘
```

Every camera is a namespace with an address, and an FFmpeg that plays one recording over and over
as RTP, at the recording's own pace. It is sent to a recorder that is not there: a frame comes to
the node's interface, is for nobody, and is seen by the node alone, as at a mirror port.
"""

import os
import signal
import subprocess

import lab

RECORDER = "10.79.255.1"
RECORDER_MAC = "02:00:5e:00:00:01"
PORT = 5004
SECONDS = 20
# Of 25 frames a second; a stream of them has 5,000 kbit/s and more at any ten seconds.
KILOBITS = 5_200


class Yard(lab.Lab):
    """Cameras that send; the node's place is `recorder`."""

    def __init__(self, number, logs, count, recording):
        super().__init__(number, logs)
        self.count = count
        self._recording = recording
        tag = f"{os.getpid()}-{number}"
        self.spaces = {"switch": f"kuzet-cam-{tag}x", "recorder": f"kuzet-nvr-{tag}"}
        for index in range(count):
            self.spaces[self.name(index)] = f"kuzet-cam-{tag}x{index}"
        self._senders = {}

    @staticmethod
    def name(index):
        return f"cam-{index + 1:03}"

    @staticmethod
    def address(index):
        return f"10.79.{index // 200 + 1}.{index % 200 + 1}"

    def streams(self):
        """Names of cameras and where their video comes from, as a registry has them."""
        return [(self.name(index), self.address(index)) for index in range(self.count)]

    def open(self):
        """Lays the wires; nothing crosses them yet."""
        for space in self.spaces.values():
            lab.ip("netns", "add", space)
            # Nothing on the wires but what is sent.
            lab.run(["ip", "netns", "exec", space, "sysctl", "-q", "-w",
                     "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"])
        self._at("switch", "link add bridge type bridge", "link set bridge up")
        self._plug("mirror", "recorder", self.recorder_interface)
        self._at("recorder", f"link set {self.recorder_interface} up arp off")
        lab.run(["bridge", "-n", self.spaces["switch"], "fdb", "add", RECORDER_MAC, "dev",
                 "mirror", "master", "static"])
        for index in range(self.count):
            self._plug(f"port{index}", self.name(index), "eth0")
            self._at(self.name(index), f"addr add {self.address(index)}/16 dev eth0",
                     "link set eth0 up",
                     f"neigh add {RECORDER} lladdr {RECORDER_MAC} nud permanent dev eth0")

    def _plug(self, port, where, interface):
        self._at("switch", f"link add {port} type veth peer name {interface} netns"
                 f" {self.spaces[where]}", f"link set {port} master bridge up")

    def _at(self, where, *commands):
        for command in commands:
            lab.ip("-n", self.spaces[where], *command.split())

    def start(self, where, name, command, output=None):
        """As in a lab, ahead of other programs of the machine."""
        process = super().start(where, name, ["nice", "-n", "-10"] + command, output)
        try:
            # Where the kernel shares time between sessions, niceness counts only within one.
            with open(f"/proc/{process.pid}/autogroup", "w", encoding="ascii") as file:
                file.write("-10")
        except OSError:
            pass
        return process

    # Senders

    def start_sender(self, index):
        name = self.name(index)
        self._senders[index] = self.start(name, name, [
            "ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-stream_loop", "-1", "-i",
            self._recording, "-c", "copy", "-f", "rtp", f"rtp://{RECORDER}:{PORT}"])

    def kill_sender(self, index):
        """As when the power goes: nothing is said any more."""
        process = self._senders.pop(index)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._processes.remove(process)

    def signal_sender(self, index, number):
        os.killpg(self._senders[index].pid, number)

    def unplug(self, index):
        """Takes the camera's cable out of the switch."""
        self._at("switch", f"link set port{index} nomaster")

    def plug(self, index):
        self._at("switch", f"link set port{index} master bridge")

    def dead_senders(self):
        """Names of cameras whose sender ended by itself."""
        return [self.name(index) for index, process in self._senders.items()
                if process.poll() is not None]


def record(path):
    """Encodes the recording once: 1080p, 25 frames/s, constant bit rate, a key frame a second.

    As a transport stream, in which parameter sets stand before each key frame, as cameras send
    them.
    """
    if os.path.exists(path):
        return
    bits = f"{KILOBITS}k"
    subprocess.run([
        "ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i",
        "testsrc2=size=1920x1080:rate=25,noise=alls=12:allf=t", "-t", str(SECONDS), "-pix_fmt",
        "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-b:v", bits, "-minrate", bits,
        "-maxrate", bits, "-bufsize", f"{KILOBITS // 2}k", "-g", "25", "-x264-params",
        "nal-hrd=cbr:scenecut=0", "-an", "-f", "mpegts", path + ".partial"], check=True)
    os.replace(path + ".partial", path)
