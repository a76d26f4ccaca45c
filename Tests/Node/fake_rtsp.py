# SPDX-License-Identifier: Apache-2.0
"""An RTSP server that never gives video, each in its own way.

    fake_rtsp.py ADDRESS PORT MODE COUNTS

MODE: slow (an octet a second), redirect (to another host), busy (453), login (401 for ever).
COUNTS is a file that gets a line for each request, so that tests can count them.
"""

import socket
import sys
import threading
import time

ADDRESS, PORT, MODE, COUNTS = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
ANSWERS = {
    "slow": "RTSP/1.0 200 OK\r\nCSeq: {seq}\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY\r\n\r\n",
    "redirect": "RTSP/1.0 302 Moved\r\nCSeq: {seq}\r\nLocation: rtsp://192.168.77.99/other\r\n\r\n",
    "busy": "RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: {seq}\r\n\r\n",
    "login": "RTSP/1.0 401 Unauthorized\r\nCSeq: {seq}\r\nWWW-Authenticate: Digest realm=\"cam\", "
             "nonce=\"n{seq}\", algorithm=MD5\r\n\r\n",
}


def serve(connection):
    pending = b""
    try:
        while True:
            octets = connection.recv(4096)
            if not octets:
                return
            pending += octets
            while b"\r\n\r\n" in pending:
                head, pending = pending.split(b"\r\n\r\n", 1)
                lines = head.decode("latin-1").split("\r\n")
                fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
                with open(COUNTS, "a", encoding="ascii") as counts:
                    print(lines[0].split()[0], "login" if "Authorization" in fields else "-",
                          file=counts)
                answer = ANSWERS[MODE].format(seq=fields.get("CSeq", "0")).encode()
                if MODE != "slow":
                    connection.sendall(answer)
                    continue
                for octet in answer:
                    connection.sendall(bytes([octet]))
                    time.sleep(1)
    except OSError:
        pass
    finally:
        connection.close()


listener = socket.create_server((ADDRESS, PORT))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
