# SPDX-License-Identifier: Apache-2.0
"""A node under test: its settings, its process, and what it answers."""

import datetime
import json
import os
import re
import signal
import subprocess
import time


# Of a node's log, the last ones are shown with a failure.
LOG_LINES = 60


class Failure(Exception):
    pass


class Node:
    """Files in `folder`; the process is started by `start`, a function of name and command."""

    def __init__(self, kuzet, folder, interface, start, ledger=None):
        self.kuzet = kuzet
        self.folder = folder
        self.interface = interface
        self.ledger = ledger or os.path.join(folder, "ledger")
        self.settings = os.path.join(folder, "kuzet.yaml")
        self.process = None
        self._start = start
        self._runs = 0

    # Files

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def write_settings(self, streams, capture=""):
        """One site, one channel, and `streams`: names of cameras and where their video is."""
        self.write("parties.yaml", "parties:\n"
                   "  - {id: operator, name: Operator, role: network-operator, language: en}\n"
                   "  - {id: owner, name: Owner, role: subscriber, language: en}\n")
        self.write("sites.yaml", "sites:\n"
                   "  - {id: yard, name: Yard, subscriber: owner, object_class: other}\n")
        self.write("channels.yaml", "channels:\n"
                   "  - {id: line, name: Line, operator: operator, medium: fibre, role: main,\n"
                   "     encrypted: true, sites: [yard]}\n")
        self.write("cameras.csv", "id,name,site,channel,kind,stream\n" + "".join(
            f"{name},{name},yard,line,indoor-overview,{stream}\n"
            for name, stream in streams))
        self.write("kuzet.yaml", f"""\
node: {{name: test}}
registry:
  parties: parties.yaml
  sites: sites.yaml
  channels: channels.yaml
  cameras: cameras.csv
ledger: {{path: {self.ledger}}}
capture:
  - {{interface: {self.interface}, vantage: nvr0{capture}}}
""")

    # Process

    def start(self):
        """Starts it and waits until it answers."""
        self._runs += 1
        self.process = self._start(f"node-{self._runs}", [self.kuzet, "run", self.settings])
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if self.ask("status", "--format", "json", check=False).returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise Failure("the node did not start:\n" + self.log())

    def stop(self):
        """Asks it to end; how long that took."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired as late:
            raise Failure("the node did not end within 20 s of SIGTERM") from late
        if self.process.returncode != 0:
            raise Failure(f"the node ended with {self.process.returncode}:\n" + self.log())
        return time.monotonic() - start

    def log(self):
        texts = []
        for run in range(1, self._runs + 1):
            with open(os.path.join(self.folder, "log", f"node-{run}.log"),
                      encoding="utf-8") as file:
                texts.append(file.read())
        return "".join("".join(texts).splitlines(keepends=True)[-LOG_LINES:])

    def wait(self, seconds):
        """Lets time pass; a node that ends meanwhile is a failure."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Failure("the node ended by itself:\n" + self.log())
            time.sleep(0.2)

    # Answers

    def ask(self, *words, check=True):
        done = subprocess.run([self.kuzet, words[0], "--settings", self.settings, *words[1:]],
                              capture_output=True, text=True, timeout=60)
        if check and done.returncode != 0:
            raise Failure(f"kuzet {' '.join(words)}: {done.stderr.strip()}")
        return done

    def status(self):
        return json.loads(self.ask("status", "--format", "json").stdout)

    def account(self, camera, begin=None):
        """The camera's stretches since the first that was watched: start, seconds, words."""
        now = datetime.datetime.now(datetime.timezone.utc)
        if begin is None:
            begin = now - datetime.timedelta(hours=1)
        else:
            begin = datetime.datetime.fromtimestamp(int(begin), datetime.timezone.utc)
        period = f"{begin:%Y-%m-%dT%H:%M:%SZ}" \
                 f"..{now + datetime.timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
        lines = self.ask("account", "--period", period, "--camera", camera).stdout.splitlines()
        found = []
        for line in lines:
            match = re.match(r"(\d{4}-\S+)\s+(\d+):(\d+):(\d+\.\d+)\s+(\S.*)", line)
            if match:
                stamp, hours, minutes, seconds, words = match.groups()
                start = datetime.datetime.fromisoformat(stamp).timestamp()
                length = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
                found.append((start, length, words))
        while found and found[0][2].startswith("unknown"):
            found.pop(0)
        # What follows the last measurement nobody can have measured.
        while found and found[-1][2].startswith("unknown"):
            found.pop()
        if not found:
            raise Failure(f"{camera}: nothing was watched:\n" + "\n".join(lines))
        return found
