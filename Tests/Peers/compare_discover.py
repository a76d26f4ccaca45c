#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what `kuzet discover` finds against what there is.

Lays a wire between two network namespaces. At one end answer: a device of ONVIF announced by the
package WSDiscovery, a camera of the package ipycam, and a camera of RTSP (gst-rtsp-server) that
FFmpeg plays at the other end, where

    kuzet discover --interface nvr0 --format json

asks. Its rows go through `kuzet registry check`. Needs root, for namespaces, and what
packaging/setup puts into .build/peers. Exit status: 0 if all agree, 1 if not, 77 if skipped because
something is missing.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import clips
from lab import CAMERA, Lab

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(os.path.dirname(os.path.dirname(HERE)), ".build", "peers", "python", "bin",
                     "python")
PYTHON = "/usr/bin/python3"
DEVICE, OTHER, RTSP = 8090, 80, 8554
SECOND = "192.168.77.11"
SCOPES = ("onvif://www.onvif.org/name/North%20gate", "onvif://www.onvif.org/hardware/P-1")
AHEAD = 10_000


class Checks:
    """What was expected and what came."""

    def __init__(self):
        self.count, self.wrong = 0, 0

    def equal(self, what, found, expected):
        self.count += 1
        if found == expected:
            print(f"{what:52} agrees  [{found}]", flush=True)
        else:
            self.wrong += 1
            print(f"{what:52} DIFFERS: {found!r}, expected {expected!r}", flush=True)


class Asking:
    """`kuzet discover` at the recorder's end."""

    def __init__(self, lab, kuzet, logs):
        self.lab, self.kuzet, self.logs, self.number = lab, kuzet, logs, 0

    def run(self, *arguments, status=0, user=()):
        """Runs it once and gives what it said on both outputs."""
        command = ["ip", "netns", "exec", self.lab.recorder_space, *user, self.kuzet, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90)
        self.number += 1
        with open(os.path.join(self.logs, f"discover-{self.number}.log"), "w") as log:
            log.write(" ".join(command) + "\n" + done.stdout + done.stderr)
        if done.returncode != status:
            raise RuntimeError(f"{' '.join(arguments)}: status {done.returncode}: {done.stderr}")
        if "canary" in done.stdout + done.stderr:
            raise RuntimeError("the password is in the answer")
        return done.stdout, done.stderr

    def discover(self, *arguments, **options):
        """The cameras of the answer."""
        out, _ = self.run("discover", "--format", "json", *arguments, **options)
        return json.loads(out)["cameras"]


def start(lab, clip, password):
    """Everything that answers."""
    lab.start("camera", "device", [PYTHON, os.path.join(HERE, "onvif_server.py"), CAMERA,
                                   str(DEVICE), "admin", password, str(AHEAD)])
    lab.start("camera", "wsdiscovery", [PEERS, os.path.join(HERE, "wsd_device.py"),
                                        f"http://{CAMERA}:{DEVICE}/onvif/device_service", *SCOPES])
    lab.add("second", SECOND)
    lab.start("second", "ipycam", [PEERS, os.path.join(HERE, "ipycam_device.py"), SECOND,
                                   str(OTHER), "admin", password])
    lab.start("camera", "rtsp", [PYTHON, os.path.join(HERE, "pull_server.py"), CAMERA, str(RTSP),
                                 "--", f"h264={clip.units}"])
    for port, where in ((DEVICE, "camera"), (OTHER, "second"), (RTSP, "camera")):
        lab.wait_for_port(port, 20, where)
    # WSDiscovery says hello before it listens.
    time.sleep(2)


def by_maker(cameras, maker):
    return next((camera for camera in cameras if (camera["device"] or {}).get("maker") == maker),
                None)


def searched(checks, asking, login):
    """What WS-Discovery finds, and what devices say."""
    cameras = asking.discover("--interface", "nvr0", *login)
    checks.equal("cameras of both devices", len(cameras), 2)
    device = by_maker(cameras, "Peer") or {}
    checks.equal("WSDiscovery: how it was found", device.get("found_by"), ["onvif"])
    checks.equal("WSDiscovery: where it is managed", device.get("address"), f"{CAMERA}:{DEVICE}")
    checks.equal("WSDiscovery: the stream", device.get("stream"), f"rtsp://{CAMERA}:{RTSP}/h264")
    checks.equal("WSDiscovery: the name", device.get("name"),
                 f"{CAMERA}, Peer P-1, 1920x1080 h264")
    checks.equal("WSDiscovery: an address elsewhere is remarked",
                 device.get("device", {}).get("oddities"),
                 ["names its media service at another host, 10.1.2.3"])
    camera = by_maker(cameras, "PythonCam") or {}
    checks.equal("ipycam: where it is managed", camera.get("address"), SECOND)
    checks.equal("ipycam: the stream", camera.get("stream"), f"rtsp://{SECOND}:{RTSP}/h264")
    checks.equal("ipycam: both profiles are one camera",
                 [profile["token"] for profile in camera.get("profiles", [])],
                 ["Profile_Main", "Profile_Sub"])
    checks.equal("ipycam: sizes", [profile["width"] for profile in camera.get("profiles", [])],
                 [1920, 640])


def refused(checks, asking, wrong):
    """Without a login, with a wrong one, and where nobody may be asked."""
    cameras = asking.discover("--interface", "nvr0")
    checks.equal("no login: both are found", len(cameras), 2)
    checks.equal("no login: the reason", {camera["device"]["reason"] for camera in cameras},
                 {"credentials-missing"})
    checks.equal("no login: what the search said is kept",
                 sorted(camera["name"] for camera in cameras),
                 [f"{CAMERA}, P-1", f"{SECOND}, Gate"])
    cameras = asking.discover("--interface", "nvr0", *wrong)
    checks.equal("wrong login: the reason", {camera["device"]["reason"] for camera in cameras},
                 {"auth-failed"})
    cameras = asking.discover("--interface", "nvr0", "--allow", "10.0.0.0/8")
    checks.equal("not allowed: found and not asked",
                 {camera["device"]["reason"] for camera in cameras}, {"not-allowed"})
    # Nobody's rights are enough to search.
    cameras = asking.discover("--search", "2s", user=("setpriv", "--reuid", "65534", "--regid",
                                                      "65534", "--clear-groups"))
    checks.equal("without rights, from all interfaces", len(cameras), 2)


def heard(checks, asking, lab, login):
    """What is played is heard, and is the camera that the device tells of."""
    viewer = lab.start("recorder", "viewer", [
        "ffmpeg", "-nostdin", "-loglevel", "error", "-rtsp_transport",
        "udp", "-i", f"rtsp://{CAMERA}:{RTSP}/h264", "-c", "copy", "-f", "null", "-"])
    time.sleep(2)
    cameras = asking.discover("--interface", "nvr0", "--for", "4s", "--passive")
    checks.equal("heard from the middle: an address",
                 [(camera["stream"], camera["found_by"]) for camera in cameras],
                 [(CAMERA, ["wire"])])
    lab.stop(viewer)
    listening = subprocess.Popen(
        ["ip", "netns", "exec", lab.recorder_space, asking.kuzet, "discover", "--interface", "nvr0",
         "--for", "8s", "--format", "json", *login], stdout=subprocess.PIPE, text=True)
    time.sleep(2)
    viewer = lab.start("recorder", "viewer2", [
        "ffmpeg", "-nostdin", "-loglevel", "error", "-rtsp_transport", "udp", "-i",
        f"rtsp://{CAMERA}:{RTSP}/h264", "-c", "copy", "-f", "null", "-"])
    cameras = json.loads(listening.communicate(timeout=60)[0])["cameras"]
    lab.stop(viewer)
    device = by_maker(cameras, "Peer") or {}
    checks.equal("heard from the beginning: the device's own", device.get("found_by"),
                 ["onvif", "wire"])
    checks.equal("heard from the beginning: no camera twice", len(cameras), 2)


def registered(checks, asking, folder, login):
    """Rows are what a registry takes, and what it has is left out."""
    out, _ = asking.run("init", folder, "--yes", "--interface", "nvr0")
    cameras = os.path.join(folder, "registry", "cameras.csv")
    out, _ = asking.run("discover", "--interface", "nvr0", *login)
    with open(cameras, "w") as file:
        file.write(out)
    asking.run("registry", "check", os.path.join(folder, "registry"))
    checks.equal("rows pass the registry's check", out.count("\n"), 3)
    place = ["--registry", os.path.join(folder, "registry")]
    out, _ = asking.run("discover", "--interface", "nvr0", *place, *login)
    rows = [line for line in out.splitlines() if not line.startswith("#")]
    checks.equal("what is registered is a comment", (rows, out.count("# registered as cam-")),
                 ([], 2))
    with open(cameras) as file:
        lines = file.readlines()
    with open(cameras, "w") as file:
        file.writelines(lines[:2])
    out, said = asking.run("discover", "--interface", "nvr0", "--new", *place, *login)
    with open(cameras, "a") as file:
        file.write(out)
    asking.run("registry", "check", os.path.join(folder, "registry"))
    checks.equal("new rows can be added", out.count("\n") - out.count("#"), 1)
    checks.equal("the sum", said.splitlines()[-1], "1 camera found")
    cameras = asking.discover("--settings", os.path.join(folder, "kuzet.yaml"), *login)
    checks.equal("all are registered then",
                 sorted(camera["registered"][0] for camera in cameras),
                 ["cam-192-168-77-1", "cam-192-168-77-11"])


def run(given):
    """Everything; whether all agrees."""
    os.makedirs(given.work, exist_ok=True)
    logs = os.path.join(given.work, "logs")
    secret = os.path.join(given.work, "password")
    wrong = os.path.join(given.work, "wrong")
    for path, text in ((secret, "canary-secret\n"), (wrong, "canary-wrong\n")):
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
    clip = clips.Clip("h264", os.path.join(given.work, "clips"))
    clip.make(8)
    checks = Checks()
    Lab.sweep()
    lab = Lab(0, logs)
    try:
        lab.open()
        start(lab, clip, "canary-secret")
        asking = Asking(lab, os.path.abspath(given.kuzet), logs)
        login = ["--user", "admin", "--password-file", secret]
        searched(checks, asking, login)
        refused(checks, asking, ["--user", "admin", "--password-file", wrong])
        with tempfile.TemporaryDirectory() as folder:
            registered(checks, asking, os.path.join(folder, "site"), login)
        if not given.quick:
            heard(checks, asking, lab, login)
    finally:
        lab.close()
    print(f"compare_discover: {checks.count - checks.wrong} of {checks.count} checks agree")
    return checks.wrong == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kuzet", required=True)
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "kuzet-discover"))
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    missing = [] if os.path.exists(PEERS) else [".build/peers (packaging/setup build peers)"]
    if os.geteuid() != 0:
        missing.append("root, for network namespaces")
    if missing:
        print("compare_discover: skipped, because these are missing: " + ", ".join(missing))
        return 77
    return 0 if run(given) else 1


if __name__ == "__main__":
    sys.exit(main())
