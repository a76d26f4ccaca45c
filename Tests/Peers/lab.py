# SPDX-License-Identifier: Apache-2.0
"""Two hosts on one wire, as network namespaces: a camera and a recorder.

A lab holds no state outside its namespaces and processes, and takes all of them away at the
end, whatever happened. Names carry this process's number, so that two runs do not meet, and
so that the next run can take away what a run left that was killed.
"""

import json
import os
import signal
import subprocess
import time

CAMERA, RECORDER = "192.168.77.1", "192.168.77.2"
# Octets of Ethernet header in the counters of an interface.
ETHERNET_HEADER = 14


class Lab:
    """One camera and one recorder."""

    def __init__(self, number, logs):
        self.camera_space = f"kuzet-cam-{os.getpid()}-{number}"
        self.recorder_space = f"kuzet-nvr-{os.getpid()}-{number}"
        self.spaces = {"camera": self.camera_space, "recorder": self.recorder_space}
        self.camera_interface, self.recorder_interface = "cam0", "nvr0"
        self._logs = logs
        self._processes = []
        os.makedirs(logs, exist_ok=True)

    @staticmethod
    def sweep():
        """Takes away the wires of runs that are no more."""
        for line in ip("netns", "list").splitlines():
            name = line.split()[0]
            parts = name.split("-")
            if (len(parts) == 4 and parts[0] == "kuzet" and parts[1] in ("cam", "nvr")
                    and parts[2].isdigit() and not os.path.exists(f"/proc/{parts[2]}")):
                for process in run(["ip", "netns", "pids", name]).split():
                    os.kill(int(process), signal.SIGKILL)
                subprocess.run(["ip", "netns", "delete", name], capture_output=True)

    def open(self):
        """Lays the wire; nothing crosses it yet but what is sent."""
        for space in (self.camera_space, self.recorder_space):
            ip("netns", "add", space)
            # No router solicitations and neighbour discovery of IPv6 among the octets counted.
            run(["ip", "netns", "exec", space, "sysctl", "-q", "-w",
                 "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"])
            ip("-n", space, "link", "set", "lo", "up")
        ip("-n", self.camera_space, "link", "add", self.camera_interface, "type", "veth",
           "peer", "name", self.recorder_interface, "netns", self.recorder_space)
        for space, interface, address in (
                (self.camera_space, self.camera_interface, CAMERA),
                (self.recorder_space, self.recorder_interface, RECORDER)):
            ip("-n", space, "address", "add", address + "/24", "dev", interface)
            ip("-n", space, "link", "set", interface, "up")
            ip("-n", space, "route", "add", "224.0.0.0/4", "dev", interface)
            # A real wire carries no segments of 64 KiB, and whole check sums.
            run(["ip", "netns", "exec", space, "ethtool", "-K", interface,
                 "tso", "off", "gso", "off", "gro", "off", "tx", "off"])

    def add(self, name, address):
        """Another host on the camera's end of the wire."""
        space = f"kuzet-cam-{os.getpid()}-{len(self.spaces) + 100}"
        self.spaces[name] = space
        ip("netns", "add", space)
        run(["ip", "netns", "exec", space, "sysctl", "-q", "-w",
             "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"])
        ip("-n", space, "link", "set", "lo", "up")
        ip("-n", self.camera_space, "link", "add", "link", self.camera_interface, "name", name,
           "type", "macvlan", "mode", "bridge")
        ip("-n", self.camera_space, "link", "set", name, "netns", space)
        ip("-n", space, "address", "add", address + "/24", "dev", name)
        ip("-n", space, "link", "set", name, "up")
        ip("-n", space, "route", "add", "224.0.0.0/4", "dev", name)

    def close(self):
        """Ends every process and takes the wire away; never fails."""
        self.stop()
        for space in self.spaces.values():
            subprocess.run(["ip", "netns", "delete", space], capture_output=True)

    def start(self, where, name, command, output=None):
        """Starts a process at one of `spaces`, in a session of its own."""
        with open(os.path.join(self._logs, name + ".log"), "wb") as log:
            process = subprocess.Popen(
                ["ip", "netns", "exec", self.spaces[where]] + command, stdin=subprocess.DEVNULL,
                stdout=output or log, stderr=log, start_new_session=True)
        self._processes.append(process)
        return process

    def stop(self, process=None):
        """Ends one process, or all: asked first, made to after 2 s."""
        ending = [process] if process else self._processes
        for each in ending:
            if each.poll() is None:
                _signal(each, signal.SIGTERM)
        deadline = time.monotonic() + 2
        for each in ending:
            try:
                each.wait(max(0.05, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(each, signal.SIGKILL)
                each.wait()
        self._processes = [each for each in self._processes if each not in ending]

    def wait_for_port(self, port, seconds=10, where="camera"):
        """Waits until a host listens on a TCP port."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            listening = run(["ip", "netns", "exec", self.spaces[where], "ss", "-Hltn",
                             "sport", "=", f":{port}"])
            if listening.strip():
                return
            time.sleep(0.1)
        raise RuntimeError(f"nothing listens on port {port} of {where} after {seconds} s")

    def counters(self):
        """Wall time, IP octets and packets that the recorder's interface has received."""
        before = time.time()
        answer = run(["ip", "-n", self.recorder_space, "-s", "-j", "link", "show", "dev",
                      self.recorder_interface])
        moment = (before + time.time()) / 2
        received = json.loads(answer)[0]["stats64"]["rx"]
        octets = received["bytes"] - ETHERNET_HEADER * received["packets"]
        return moment, octets, received["packets"]


def run(command):
    """Runs a short command and returns what it said."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def ip(*arguments):
    """Runs ip(8)."""
    return run(["ip"] + list(arguments))


def _signal(process, number):
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass
