#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A device of ONVIF for tests: onvif_server.py ADDRESS PORT USER PASSWORD CLOCK_SECONDS

Its clock is CLOCK_SECONDS ahead, and as devices do it refuses a signature that is more than five
seconds from its own time, however good the password is. Tells its time to anybody.
"""

import base64
import hashlib
import http.server
import re
import sys
import time

ENVELOPE = ('<?xml version="1.0" encoding="UTF-8"?><e:Envelope '
            'xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>{}</e:Body></e:Envelope>')
REFUSAL = ('<e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>ter:NotAuthorized'
           '</e:Value></e:Subcode></e:Code><e:Reason><e:Text>Sender not authorized</e:Text>'
           '</e:Reason></e:Fault>')
ANSWERS = {
    "GetDeviceInformation": "<Manufacturer>Peer</Manufacturer><Model>P-1</Model>"
                            "<FirmwareVersion>1.0</FirmwareVersion><SerialNumber>77</SerialNumber>",
    "GetNTP": "<NTPInformation><FromDHCP>false</FromDHCP><NTPManual><Type>IPv4</Type>"
              "<IPv4Address>192.168.77.1</IPv4Address></NTPManual></NTPInformation>",
    "GetCapabilities": "<Capabilities><Media><XAddr>http://10.1.2.3/onvif/media</XAddr></Media>"
                       "</Capabilities>",
    "GetProfiles": '<Profiles token="p&lt;1"><Name>main</Name><VideoEncoderConfiguration>'
                   "<Encoding>H264</Encoding><Resolution><Width>1920</Width><Height>1080</Height>"
                   "</Resolution><RateControl><FrameRateLimit>25</FrameRateLimit>"
                   "<BitrateLimit>5500</BitrateLimit></RateControl></VideoEncoderConfiguration>"
                   "</Profiles>",
    "GetStreamUri": "<MediaUri><Uri>rtsp://192.168.77.1:8554/h264</Uri></MediaUri>",
}


class Device(http.server.BaseHTTPRequestHandler):
    user = password = ""
    ahead = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if "<GetSystemDateAndTime" in body:
            return self.answer(200, self.clock())
        if not self.is_signed(body):
            return self.answer(400, REFUSAL)
        for name, inside in ANSWERS.items():
            if f"<{name} " in body or f"<{name}>" in body:
                return self.answer(200, f"<{name}Response>{inside}</{name}Response>")
        return self.answer(400, "<e:Fault><e:Reason><e:Text>unknown</e:Text></e:Reason></e:Fault>")

    def clock(self):
        now = time.gmtime(time.time() + self.ahead)
        return ("<GetSystemDateAndTimeResponse><SystemDateAndTime><DateTimeType>Manual"
                "</DateTimeType><UTCDateTime><Time><Hour>%d</Hour><Minute>%d</Minute><Second>%d"
                "</Second></Time><Date><Year>%d</Year><Month>%d</Month><Day>%d</Day></Date>"
                "</UTCDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse>" % (
                    now.tm_hour, now.tm_min, now.tm_sec, now.tm_year, now.tm_mon, now.tm_mday))

    def is_signed(self, body):
        def part(name):
            found = re.search(rf"<{name}[^>]*>([^<]*)</{name}>", body)
            return found.group(1) if found else ""
        created = part("Created")
        proof = hashlib.sha1(base64.b64decode(part("Nonce")) + created.encode()
                             + self.password.encode()).digest()
        if part("Username") != self.user or base64.b64encode(proof).decode() != part("Password"):
            return False
        stamp = time.strptime(created[:19] + " UTC", "%Y-%m-%dT%H:%M:%S %Z")
        seconds = time.mktime(stamp) - time.timezone
        return abs(seconds - (time.time() + self.ahead)) <= 5

    def answer(self, status, inside):
        octets = ENVELOPE.format(inside).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, *_):
        pass


def main():
    address, port, Device.user, Device.password, ahead = sys.argv[1:6]
    Device.ahead = int(ahead)
    http.server.ThreadingHTTPServer((address, int(port)), Device).serve_forever()


main()
