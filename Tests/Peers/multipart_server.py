#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An HTTP camera: multipart_server.py ADDRESS PORT FOLDER

Answers every GET with multipart/x-mixed-replace: the JPEG files of FOLDER, 25 a second, over
and over, until the client goes.
"""

import glob
import http.server
import os
import sys
import time

FRAMES_PER_SECOND = 25
BOUNDARY = "kuzet-peer"


class Camera(http.server.BaseHTTPRequestHandler):
    frames = []

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        start = time.monotonic()
        sent = 0
        try:
            while True:
                frame = self.frames[sent % len(self.frames)]
                head = (f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\n"
                        f"Content-Length: {len(frame)}\r\n\r\n")
                self.wfile.write(head.encode() + frame + b"\r\n")
                sent += 1
                time.sleep(max(0, start + sent / FRAMES_PER_SECOND - time.monotonic()))
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        pass


def main():
    address, port, folder = sys.argv[1:]
    for path in sorted(glob.glob(os.path.join(folder, "*"))):
        with open(path, "rb") as frame:
            Camera.frames.append(frame.read())
    http.server.ThreadingHTTPServer((address, int(port)), Camera).serve_forever()


main()
