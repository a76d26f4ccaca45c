# SPDX-License-Identifier: Apache-2.0
"""The demonstration: a small network that goes wrong, and a node that says how.

Two namespaces are made. The cameras live in one, a recorder that pulls them in the other, and the
node watches the recorder's side of the link between them, as at a mirror port. Two cameras lie
behind a second link of their own, which is cut after two minutes.

    demo.py KUZET FOLDER [--once]
"""

import os
import shutil
import signal
import subprocess
import sys
import time

SECONDS = 210
FIRST_PORT = 8554
CAMERAS = [
    # id, faults, what it shows
    ("gate", [], "in order"),
    ("yard", [], "in order"),
    ("hall", [], "in order"),
    ("lossy", ["loss=8%"], "8 % of its packets are lost: allowed up to 20 %"),
    ("broken-line", ["loss=25%"], "25 % of its packets are lost"),
    ("slow", ["fps=12"], "12 frames/s"),
    ("small", ["size=1280x720"], "1280x720"),
    ("late", ["clock=3.2s"], "its clock is 3.2 s ahead"),
    ("open", [], "its channel is wireless and not encrypted"),
    ("mortal", ["die@60s"], "dies after a minute"),
    ("far-1", [], "behind the channel that is cut after two minutes"),
    ("far-2", [], "behind the channel that is cut after two minutes"),
]


class Demonstration:
    def __init__(self, kuzet, folder, once):
        self.kuzet = kuzet
        self.folder = folder
        self.once = once
        self.tag = f"kzd{os.getpid() % 10000}"
        self.processes = []
        self.started = time.monotonic()

    # Parts of the network

    def ip(self, words, may_fail=False):
        result = subprocess.run(["ip", *words.split()], capture_output=True, text=True)
        if result.returncode and not may_fail:
            raise SystemExit(f"demo: ip {words}: {result.stderr.strip()}")

    def within(self, namespace, *command):
        return ["ip", "netns", "exec", namespace, *command]

    def make_network(self):
        tag = self.tag
        self.cameras, self.far, self.recorder = f"{tag}c", f"{tag}f", f"{tag}r"
        for namespace in (self.cameras, self.far, self.recorder):
            self.ip(f"netns add {namespace}")
            self.ip(f"-n {namespace} link set lo up")
        for namespace, number in ((self.cameras, 1), (self.far, 2)):
            near, there = f"{tag}{number}r", f"{tag}{number}c"
            self.ip(f"link add {near} netns {self.recorder} type veth peer name {there} "
                    f"netns {namespace}")
            self.ip(f"-n {self.recorder} addr add 10.77.{number}.1/24 dev {near}")
            self.ip(f"-n {namespace} addr add 10.77.{number}.2/24 dev {there}")
            self.ip(f"-n {self.recorder} link set {near} up")
            self.ip(f"-n {namespace} link set {there} up")
        self.links = [f"{tag}1r", f"{tag}2r"]

    def drop_network(self):
        for namespace in (self.cameras, self.far, self.recorder):
            self.ip(f"netns del {namespace}", may_fail=True)

    # Processes

    def start(self, command, log):
        with open(os.path.join(self.folder, "log", log), "w") as output:
            # In a session of its own: Ctrl-C at the terminal is for this script alone.
            process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                start_new_session=True)
        self.processes.append(process)
        return process

    def place(self, index):
        """Namespace, address and port of a camera."""
        far = CAMERAS[index][0].startswith("far-")
        return ((self.far, "10.77.2.2") if far else (self.cameras, "10.77.1.2")) + (
            FIRST_PORT + index,)

    def start_cameras(self):
        for index, (name, faults, _) in enumerate(CAMERAS):
            namespace, address, port = self.place(index)
            command = [
                self.kuzet, "simulate", "camera", "--listen", address, "--port", str(port),
                "--name", name, "--seed", str(index + 1)]
            if "loss=8%" in faults:
                # What arrives is still the 5000 kbit/s that are agreed.
                command += ["--bitrate", "5700k"]
            for fault in faults:
                command += ["--fault", fault]
            self.start(self.within(namespace, *command), f"camera-{name}")

    def start_recorder(self):
        for index, (name, _, _) in enumerate(CAMERAS):
            _, address, port = self.place(index)
            self.start(
                self.within(
                    self.recorder, "ffmpeg", "-nostdin", "-loglevel", "error",
                    "-rtsp_transport", "udp", "-i", f"rtsp://{address}:{port}/{name}1",
                    "-c", "copy", "-f", "null", "-"), f"recorder-{name}")

    # Settings

    def write_settings(self):
        folder = self.folder
        os.makedirs(os.path.join(folder, "registry"), exist_ok=True)

        def write(name, text):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)

        write("registry/parties.yaml", """\
parties:
  - {id: coordinator, name: Coordinator, role: coordinator, language: en}
  - {id: operator, name: Network operator, role: network-operator, language: en}
  - {id: owner, name: Owner of the sites, role: subscriber, language: en}
""")
        write("registry/sites.yaml", """\
sites:
  - {id: town, name: Town, subscriber: owner, object_class: crowded-place}
  - {id: far, name: Far end, subscriber: owner, object_class: road-safety}
""")
        write("registry/channels.yaml", """\
channels:
  - {id: ring, name: Ring, operator: operator, medium: fibre, role: main, encrypted: true,
     sites: [town]}
  - {id: radio, name: Radio link, operator: operator, medium: wireless, role: reserve,
     encrypted: false, sites: [town]}
  - {id: branch, name: Branch line, operator: operator, medium: fibre, role: main,
     encrypted: true, sites: [far]}
""")
        rows = ["id,name,site,channel,kind,stream"]
        for index, (name, _, what) in enumerate(CAMERAS):
            _, address, port = self.place(index)
            site, channel = ("far", "branch") if name.startswith("far-") else ("town", "ring")
            if name == "open":
                channel = "radio"
            rows.append(f'{name},"{what}",{site},{channel},outdoor-overview,'
                        f"rtsp://{address}:{port}/{name}1")
        write("registry/cameras.csv", "\n".join(rows) + "\n")
        captures = "".join(
            f"  - {{interface: {link}, vantage: demo/{number}}}\n"
            for number, link in enumerate(self.links, 1))
        write("kuzet.yaml", f"""\
system:
  name: Demonstration
node:
  name: demo
  # Cameras and node share this machine's clock, so that they are in step whoever keeps it.
  clock: trusted
registry:
  parties: registry/parties.yaml
  sites: registry/sites.yaml
  channels: registry/channels.yaml
  cameras: registry/cameras.csv
ledger:
  path: demo.ledger
capture:
{captures}""")

    # The run

    def run(self):
        os.makedirs(os.path.join(self.folder, "log"), exist_ok=True)
        self.make_network()
        self.write_settings()
        settings = os.path.join(self.folder, "kuzet.yaml")
        check = subprocess.run(
            [self.kuzet, "check-config", settings], capture_output=True, text=True)
        if check.returncode:
            raise SystemExit("demo: " + check.stdout + check.stderr)
        node = self.start(
            self.within(self.recorder, self.kuzet, "run", settings), "node")
        self.start_cameras()
        time.sleep(1)
        self.start_recorder()
        self.started = time.monotonic()
        is_cut = False
        while True:
            elapsed = time.monotonic() - self.started
            if not is_cut and elapsed >= 120:
                # The far end of the second link goes dark, as when a fibre is dug up; the probe's
                # own port stays up.
                self.ip(f"-n {self.far} addr flush dev {self.tag}2c")
                is_cut = True
            self.show(settings, elapsed, is_cut)
            if node.poll() is not None:
                with open(os.path.join(self.folder, "log", "node")) as log:
                    raise SystemExit("demo: the node ended:\n" + log.read())
            if self.once and elapsed >= SECONDS:
                return
            time.sleep(2)

    def show(self, settings, elapsed, is_cut):
        status = subprocess.run(
            [self.kuzet, "status", "--settings", settings], capture_output=True, text=True)
        text = status.stdout or status.stderr
        minutes = f"{int(elapsed) // 60}:{int(elapsed) % 60:02}"
        head = (
            f"kuzet demonstration, {minutes}. Twelve cameras, seven of which go wrong: `mortal` "
            f"dies after 1:00,\nthe line to `far-1` and `far-2` is cut after 2:00. "
            f"Bad states are confirmed after 30 s.\n"
            f"Look closer:  {self.kuzet} top --settings {settings}\n"
            f"              {self.kuzet} account --settings {settings} --period {today()}\n"
            f"End with Ctrl-C.\n")
        if sys.stdout.isatty():
            sys.stdout.write("\x1b[H\x1b[2J" + head + "\n" + text)
        elif int(elapsed) % 30 < 2:
            sys.stdout.write(f"--- {minutes}\n{text}\n")
        sys.stdout.flush()

    def finish(self):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        # The node first and in order, so that nobody's end looks like a failure.
        for process in self.processes[:1]:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                pass
        for process in self.processes:
            process.kill()
            process.wait()
        self.drop_network()
        self.report()

    def report(self):
        settings = os.path.join(self.folder, "kuzet.yaml")
        if not os.path.exists(os.path.join(self.folder, "demo.ledger")):
            return
        day = today()
        formats = "html,csv,json" + (",pdf" if shutil.which("weasyprint") else "")
        out = os.path.join(self.folder, "report")
        made = subprocess.run(
            [self.kuzet, "report", "--settings", settings, "--period", day, "--for",
             "coordinator", "--language", "en", "--format", formats, "--out", out],
            capture_output=True, text=True)
        if made.returncode:
            print("demo: no report: " + (made.stderr or made.stdout).strip())
            return
        print(f"\nThe report of these minutes, and the ledger they are kept in:\n  {out}")
        for name in sorted(os.listdir(out)):
            print(f"    {name}")
        print(f"  {self.folder}/demo.ledger")


def today():
    """The day in the zone of the settings, which name none: Almaty's."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 5 * 3600))


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    demonstration = Demonstration(sys.argv[1], sys.argv[2], "--once" in sys.argv[3:])

    def end(_signal, _frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    try:
        demonstration.run()
    except KeyboardInterrupt:
        pass
    finally:
        demonstration.finish()


if __name__ == "__main__":
    main()
