#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what `kuzet camera check` pulls from real cameras against what they send.

Lays a wire between two network namespaces, starts cameras (gst-rtsp-server, an HTTP server,
`kuzet simulate camera`, nginx) at one end, and at the other runs

    kuzet camera check URL --method METHOD --for 8s --format json

Then compares, method by codec by camera:

    codec, width, height   with ffprobe on the clip: equal
    frame_rate_fps         with ffprobe on the clip: within 2 %
    bitrate_payload_bps    with ffprobe on the clip: within 8 % (RTP's own headers and, in 8 s,
                           up to a key frame more or less)
    packets_lost           with 0; with a camera that loses on purpose, the share within 3 %

and where a camera refuses, the reason with the one that is meant. Needs root, for namespaces.
Exit status: 0 if all agree, 1 if not, 2 if called wrongly, 77 if skipped because something is
missing.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import clips
import methods
from lab import CAMERA, Lab

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = "/usr/bin/python3"
RATE_TOLERANCE, BITS_TOLERANCE, LOSS_TOLERANCE = 0.02, 0.08, 0.03
PLAIN, SECURE, LOCKED, HTTP, SIMULATED, LOSSY, FULL = 8554, 8322, 8556, 8080, 8558, 8560, 8562
ONVIF, GOOD, EXPIRED, OTHER_NAME = 8090, 8443, 8444, 8445
# VLC plays a file as a camera of RTSP, a port a codec.
VLC = {"h264": 8570, "h265": 8572, "mpeg4": 8574}
# How far the clock of the device of ONVIF is ahead, s.
AHEAD = 10_000
GROUP = "239.77.0.9"
CODECS = ("h264", "h265", "mpeg4", "mjpeg")
QUICK = ("udp/h264", "tcp/h265", "multicast/mpeg4", "http/mjpeg", "rtsps-digest/h264",
         "http-multipart/mjpeg", "wrong-password", "no-room", "nobody", "simulated-lossy",
         "certificate-good", "certificate-expired", "certificate-wrong-name", "onvif",
         "vlc-udp/h264", "own-clock")
# chrony keeps a clock in one namespace, and follows it, setting nothing, in the other.
CHRONY = os.path.join(os.path.dirname(os.path.dirname(HERE)), ".build", "peers", "debian", "usr")
PACKAGES = {
    "ffmpeg": "ffmpeg", "ffprobe": "ffmpeg", "ip": "iproute2", "ss": "iproute2",
    "ethtool": "ethtool", "sysctl": "procps", "openssl": "openssl", PYTHON: "python3",
    "nginx": "nginx-light", "cvlc": "vlc-bin",
}


class Case:
    """One question and the answer that is right."""

    def __init__(self, name, url, arguments, clip=None, loss=0.0, reason=None):
        self.name, self.url, self.arguments = name, url, arguments
        self.clip, self.loss, self.reason = clip, loss, reason
        self.problems, self.figures, self.measured = [], {}, None

    def judge(self, answer):
        """Compares; what differs goes to `problems`."""
        if self.name.startswith("certificate-"):
            return self.judge_certificate(answer["certificate"])
        if self.name.startswith("onvif"):
            return self.judge_device(answer["device"][0], answer["echo"])
        if self.name == "own-clock":
            return self.judge_clock(answer["probe_clock"])
        found = answer["methods"][0]
        said = found["result"] + ("/" + found["reason"] if "reason" in found else "")
        if self.reason:
            if said != self.reason:
                self.problems.append(f"result {said}, expected {self.reason}")
            self.figures = {"result": said}
            return
        if found["result"] != "video":
            self.problems.append(f"result {said}, expected video: {found.get('text')}")
            return
        stream, clip = found["stream"], self.clip
        self.figures = {"result": "video", "start_ms": found["start_ms"]}
        self.measured = stream | {"start_ms": found["start_ms"]}
        if clip:
            self.equal("codec", stream, clip.codec)
            self.equal("width", stream, clip.width)
            self.equal("height", stream, clip.height)
            self.near("frame_rate_fps", stream, clip.frame_rate, RATE_TOLERANCE)
            self.near("bitrate_payload_bps", stream, clip.bit_rate, BITS_TOLERANCE)
        if self.loss:
            share = stream["packets_lost"] / stream["packets_expected"]
            self.figures["loss"] = f"{share:.3f}"
            if abs(share - self.loss) > LOSS_TOLERANCE:
                self.problems.append(f"loss {share:.3f}, expected {self.loss}")
        elif stream["transport"] != "http-multipart":
            self.equal("packets_lost", stream, 0)

    def judge_certificate(self, found):
        """Whether it is in order, and when it ends."""
        self.equal("fault", found, self.reason)
        days = found["days_left"]
        self.figures["days_left"] = days
        wanted = {"expired": range(-4000, 0), "self-signed": range(1, 4)}.get(
            self.reason, range(28, 31))
        if days not in wanted:
            self.problems.append(f"days_left {days}, expected {wanted.start} to {wanted.stop - 1}")

    def judge_device(self, found, echo):
        """What the device is, its clock, and what it is set to."""
        if self.reason:
            self.equal("reason", found, self.reason)
            return
        self.equal("model", found, "P-1")
        self.equal("reason", found, None)
        off = abs(found["clock_offset_ms"] - AHEAD * 1000)
        self.figures["clock_offset_ms"] = found["clock_offset_ms"]
        if off > found["clock_uncertainty_ms"] + 1:
            self.problems.append(f"clock off by {off} ms more than its uncertainty")
        self.equal("url", found["profiles"][0], f"rtsp://{CAMERA}:{PLAIN}/h264")
        self.equal("bitrate_limit_bps", found["profiles"][0], 5_500_000)
        self.equal("answered", echo, 10)

    def judge_clock(self, clock):
        """What chrony says of the probe's clock; what the kernel says is the machine's affair."""
        self.equal("chrony_source", clock, CAMERA)
        self.equal("chrony_stratum", clock, 4)
        self.figures["state"] = clock["state"]

    def equal(self, figure, stream, truth):
        self.figures[figure] = stream.get(figure)
        if stream.get(figure) != truth:
            self.problems.append(f"{figure} {stream.get(figure)}, expected {truth}")

    def near(self, figure, stream, truth, tolerance):
        measured = stream.get(figure)
        self.figures[figure] = f"{measured:.2f} of {truth:.2f}" if measured else measured
        if measured is None or abs(measured - truth) > tolerance * truth:
            self.problems.append(f"{figure} {measured}, expected {truth} within {tolerance:.0%}")


def cases(made, password, wrong):
    """All questions."""
    every = []
    for codec in CODECS:
        for method in ("udp", "tcp", "multicast", "http"):
            every.append(Case(f"{method}/{codec}", f"rtsp://{CAMERA}:{PLAIN}/{codec}",
                              ["--method", method], made[codec]))
    for codec, port in VLC.items():
        every.append(Case(f"vlc-udp/{codec}", f"rtsp://{CAMERA}:{port}/{codec}",
                          ["--method", "udp"], made[codec]))
    # VLC knows no frames in RTSP's connection.
    every.append(Case("vlc-tcp/h264", f"rtsp://{CAMERA}:{VLC['h264']}/h264", ["--method", "tcp"],
                      made["h264"], reason="refuses/no-transport"))
    login = ["--user", "admin", "--password-file", password]
    for codec in ("h264", "h265"):
        every.append(Case(f"rtsps-digest/{codec}", f"rtsps://{CAMERA}:{SECURE}/{codec}",
                          ["--method", "tcp"] + login, made[codec]))
    every.append(Case("udp-digest/h264", f"rtsp://{CAMERA}:{LOCKED}/h264",
                      ["--method", "udp"] + login, made["h264"]))
    every.append(Case("http-multipart/mjpeg", f"http://{CAMERA}:{HTTP}/video", [], made["mjpeg"]))
    every.append(Case("simulated-sha256", f"rtsp://{CAMERA}:{SIMULATED}/cam1",
                      ["--method", "tcp"] + login))
    every.append(Case("simulated-lossy", f"rtsp://{CAMERA}:{LOSSY}/cam1", ["--method", "udp"],
                      loss=0.10))
    refusals = (
        ("wrong-password", f"rtsp://{CAMERA}:{LOCKED}/h264",
         ["--method", "udp", "--user", "admin", "--password-file", wrong],
         "authentication/auth-failed"),
        ("no-password", f"rtsp://{CAMERA}:{LOCKED}/h264", ["--method", "udp"],
         "authentication/credentials-missing"),
        ("no-such-path", f"rtsp://{CAMERA}:{PLAIN}/nothing", ["--method", "udp"],
         "no-stream/not-found"),
        ("no-room", f"rtsp://{CAMERA}:{FULL}/h264", ["--method", "tcp"], "busy/busy"),
        ("nobody", "rtsp://192.168.77.99:554/", ["--method", "tcp"], "unreachable/unreachable"),
        ("closed-port", f"rtsp://{CAMERA}:9/", ["--method", "tcp"], "refuses/connection-refused"),
        ("self-signed", f"rtsps://{CAMERA}:{SECURE}/h264", ["--method", "tcp", "--verify"],
         "refuses/certificate"),
        ("not-allowed", f"rtsp://{CAMERA}:{PLAIN}/h264",
         ["--method", "udp", "--allow", "10.0.0.0/8"], "not-allowed/not-allowed"),
    )
    for name, url, arguments, reason in refusals:
        every.append(Case(name, url, arguments, reason=reason))
    for case in every:
        case.arguments.append("--video-only")
    authority = ["--authorities", os.path.join(os.path.dirname(password), "ca.pem"), "--method",
                 "multipart"]
    for name, port, fault in (("good", GOOD, None), ("expired", EXPIRED, "expired"),
                              ("wrong-name", OTHER_NAME, "wrong-name")):
        every.append(Case(f"certificate-{name}", f"https://{CAMERA}:{port}/", authority,
                          reason=fault))
    every.append(Case("certificate-self-signed", f"https://{CAMERA}:{SECURE}/", authority,
                      reason="self-signed"))
    device = [f"rtsp://{CAMERA}:9/", ["--method", "tcp", "--device-port", str(ONVIF)]]
    every.append(Case("own-clock", *device))
    every.append(Case("onvif", device[0], device[1] + login))
    every.append(Case("onvif-wrong-password", device[0], device[1] + [
        "--user", "admin", "--password-file", wrong], reason="auth-failed"))
    return every


def start_cameras(lab, made, work, kuzet, password):
    """Everything that plays at the camera's end."""
    def serve(name, port, codecs, *options):
        media = [f"{codec}={made[codec].units}" for codec in codecs]
        lab.start("camera", name, [PYTHON, os.path.join(HERE, "pull_server.py"), CAMERA,
                                   str(port)] + list(options) + ["--"] + media)

    key, certificate = os.path.join(work, "key.pem"), os.path.join(work, "certificate.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key,
                    "-out", certificate, "-days", "3", "-subj", "/CN=camera"],
                   check=True, capture_output=True)
    serve("plain", PLAIN, CODECS, "--multicast", GROUP)
    serve("secure", SECURE, ("h264", "h265"), "--tls", certificate, key, "--digest", "admin",
          "canary-secret")
    serve("locked", LOCKED, ("h264",), "--digest", "admin", "canary-secret")
    serve("full", FULL, ("h264",), "--sessions", "1")
    lab.start("camera", "multipart", [PYTHON, os.path.join(HERE, "multipart_server.py"), CAMERA,
                                      str(HTTP), made["mjpeg"].units])
    simulate = [kuzet, "simulate", "camera", "--listen", CAMERA, "--size", "1280x720",
                "--bitrate", "2M"]
    lab.start("camera", "simulated", simulate + [
        "--port", str(SIMULATED), "--user", "admin", "--password-file", password, "--digest",
        "sha-256"])
    lab.start("camera", "lossy", simulate + ["--port", str(LOSSY), "--fault", "loss=10%"])
    start_web(lab, work, password)
    for port in (PLAIN, SECURE, LOCKED, FULL, HTTP, SIMULATED, LOSSY, ONVIF, GOOD):
        lab.wait_for_port(port, 20)


def sign(work):
    """Makes an authority, and three certificates that it signed: good, expired, of another name."""
    def openssl(*arguments):
        subprocess.run(["openssl"] + list(arguments), check=True, capture_output=True, cwd=work)

    with open(os.path.join(work, "ca.conf"), "w") as file:
        file.write("[ca]\ndefault_ca=a\n[a]\ndatabase=index\nserial=serial\nnew_certs_dir=.\n"
                   "certificate=ca.pem\nprivate_key=ca.key\ndefault_md=sha256\npolicy=p\n"
                   "copy_extensions=copy\nunique_subject=no\n[p]\ncommonName=supplied\n")
    open(os.path.join(work, "index"), "w").close()
    with open(os.path.join(work, "serial"), "w") as file:
        file.write("01\n")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
            "-days", "60", "-subj", "/CN=authority of the test")
    for name, alternative, dates in (
            ("good", f"IP:{CAMERA}", ["-days", "30"]),
            ("expired", f"IP:{CAMERA}",
             ["-startdate", "20250101000000Z", "-enddate", "20260101000000Z"]),
            ("other", "IP:192.168.77.50", ["-days", "30"])):
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out",
                f"{name}.csr", "-subj", f"/CN={name}", "-addext", f"subjectAltName={alternative}")
        openssl("ca", "-batch", "-config", "ca.conf", "-in", f"{name}.csr", "-out", f"{name}.pem",
                "-notext", *dates)


def start_web(lab, work, password):
    """nginx with three certificates, and a device of ONVIF."""
    sign(work)
    servers = "".join(
        f"server {{ listen {CAMERA}:{port} ssl; ssl_certificate {work}/{name}.pem; "
        f"ssl_certificate_key {work}/{name}.key; return 200 'ok'; }}\n"
        for name, port in (("good", GOOD), ("expired", EXPIRED), ("other", OTHER_NAME)))
    with open(os.path.join(work, "nginx.conf"), "w") as file:
        file.write(f"daemon off;\npid {work}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
                   f"http {{ access_log off;\n{servers}}}\n")
    lab.start("camera", "nginx", ["nginx", "-e", "stderr", "-p", work, "-c",
                                  os.path.join(work, "nginx.conf")])
    with open(password) as file:
        secret = file.read().strip()
    lab.start("camera", "onvif", [PYTHON, os.path.join(HERE, "onvif_server.py"), CAMERA,
                                  str(ONVIF), "admin", secret, str(AHEAD)])


def start_vlc(lab, codec, clip):
    """VLC as a camera."""
    lab.start("camera", f"vlc-{codec}", methods.vlc(
        clip.long(methods.VLC_SECONDS), f"#rtp{{sdp=rtsp://{CAMERA}:{VLC[codec]}/{codec}}}"))
    lab.wait_for_port(VLC[codec], 20)
    time.sleep(1)


def start_chrony(lab, work):
    """A server of time at the camera's end, and who follows it at the recorder's."""
    for where, lines in (("camera", ["local stratum 3", "allow all", "cmdport 0"]),
                         ("recorder", [f"server {CAMERA} iburst minpoll 0 maxpoll 0"])):
        path = os.path.join(work, f"chrony-{where}.conf")
        with open(path, "w") as file:
            file.write("\n".join(lines + [f"pidfile {work}/chrony-{where}.pid",
                                          "bindcmdaddress /dev/null/none"]) + "\n")
        # -x sets no clock, -d stays and says what it does.
        lab.start(where, f"chrony-{where}", [
            os.path.join(CHRONY, "sbin", "chronyd"), "-x", "-d", "-u", "root", "-f", path])
    time.sleep(6)


def take_the_room(lab):
    """Takes the one session of the camera that has room for one."""
    lab.start("recorder", "viewer", [
        "ffmpeg", "-nostdin", "-loglevel", "error", "-rtsp_transport", "tcp", "-i",
        f"rtsp://{CAMERA}:{FULL}/h264", "-c", "copy", "-f", "null", "-"])
    time.sleep(4)


def ask(case, lab, given, logs):
    """Runs one check in the recorder's namespace."""
    command = ["ip", "netns", "exec", lab.recorder_space, given.kuzet, "camera", "check",
               case.url, "--for", f"{given.seconds}s", "--format", "json"] + case.arguments
    path = os.path.join(CHRONY, "bin") + os.pathsep + os.environ["PATH"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=given.seconds + 90,
                          env=os.environ | {"PATH": path})
    with open(os.path.join(logs, case.name.replace("/", "-") + ".json"), "w") as log:
        log.write(done.stdout + done.stderr)
    if "canary" in done.stdout + done.stderr:
        case.problems.append("the password is in the answer")
    try:
        case.judge(json.loads(done.stdout))
    except (ValueError, KeyError, IndexError, TypeError) as error:
        case.problems.append(f"status {done.returncode}, {error!r}: {done.stderr.strip()[-300:]}")


def run(given):
    """Everything; the number of cases that differ."""
    os.makedirs(given.work, exist_ok=True)
    logs = os.path.join(given.work, "logs")
    password, wrong = os.path.join(given.work, "password"), os.path.join(given.work, "wrong")
    for path, text in ((password, "canary-secret\n"), (wrong, "canary-wrong\n")):
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
    made = {codec: clips.Clip(codec, os.path.join(given.work, "clips")) for codec in CODECS}
    for clip in made.values():
        clip.make(given.seconds)
    wanted = [case for case in cases(made, password, wrong) if given.chosen(case.name)]
    if not wanted:
        raise RuntimeError("no case has such a name")
    Lab.sweep()
    lab = Lab(0, logs)
    try:
        lab.open()
        start_cameras(lab, made, given.work, os.path.abspath(given.kuzet), password)
        playing = set()
        for case in wanted:
            if case.name == "no-room":
                take_the_room(lab)
            if case.name == "own-clock":
                start_chrony(lab, given.work)
            if case.name.startswith("vlc-") and case.clip.codec not in playing:
                playing.add(case.clip.codec)
                start_vlc(lab, case.clip.codec, case.clip)
            ask(case, lab, given, logs)
            verdict = "agrees" if not case.problems else "DIFFERS: " + "; ".join(case.problems)
            figures = ", ".join(f"{name} {value}" for name, value in case.figures.items())
            print(f"{case.name:22} {verdict}  [{figures}]", flush=True)
    finally:
        lab.close()
    if given.report:
        report(wanted, given.report)
    return sum(1 for case in wanted if case.problems), len(wanted)


def report(cases, path):
    """Writes what was measured as a table, method by codec, and then the answers that are no video."""
    lines = ["| method / codec | size | frames/s | off by | Mbit/s | off by | packets lost | first"
             " packet, ms | |", "|---|---|---|---|---|---|---|---|---|"]
    rest = ["| case | answer | |", "|---|---|---|"]
    for case in cases:
        verdict = "agrees" if not case.problems else "**" + "; ".join(case.problems) + "**"
        found = case.measured
        if not found:
            figures = ", ".join(f"{name} {value}" for name, value in case.figures.items()
                                if name != "result")
            rest.append(f"| {case.name} | {case.figures.get('result', '')} {figures} | {verdict} |")
            continue

        def off(figure, truth, found=found):
            return f"{(found[figure] / truth - 1) * 100:+.2f} %" if found.get(figure) else "–"
        clip = case.clip
        lost = "–" if found["packets_lost"] is None else found["packets_lost"]
        lines.append(
            f"| {case.name} | {found['width']}×{found['height']} | {found['frame_rate_fps']:.3f}"
            f" | {off('frame_rate_fps', clip.frame_rate) if clip else '–'}"
            f" | {found['bitrate_payload_bps'] / 1e6:.3f}"
            f" | {off('bitrate_payload_bps', clip.bit_rate) if clip else '–'}"
            f" | {lost} | {found['start_ms']:.0f} | {verdict} |")
    with open(path, "w") as file:
        file.write("\n".join(lines + [""] + rest) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kuzet", required=True)
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "kuzet-pull"))
    parser.add_argument("--only", help="names, or beginnings of names, with commas between")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--report", help="file to write the table to, as Markdown")
    given = parser.parse_args()
    missing = [f"{program} ({package})" for program, package in PACKAGES.items()
               if not shutil.which(program)]
    bindings = subprocess.run(
        [PYTHON, "-c", "import gi; gi.require_version('GstRtspServer', '1.0')"],
        capture_output=True)
    if bindings.returncode != 0:
        missing.append("gir1.2-gst-rtsp-server-1.0")
    if not os.path.isdir(CHRONY):
        missing.append(".build/peers (packaging/setup build peers)")
    if os.geteuid() != 0:
        missing.append("root, for network namespaces")
    if missing:
        print("compare_pull: skipped, because these are missing: " + ", ".join(missing))
        return 77
    parts = given.only.split(",") if given.only else None
    given.chosen = lambda name: (
        any(name.startswith(part) for part in parts) if parts
        else name in QUICK if given.quick else True)
    different, count = run(given)
    print(f"compare_pull: {count - different} of {count} cases agree")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
