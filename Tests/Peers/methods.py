# SPDX-License-Identifier: Apache-2.0
"""How a camera's stream travels: which programs play camera and recorder for each method."""

import os
import tempfile

from lab import CAMERA, RECORDER

HERE = os.path.dirname(os.path.abspath(__file__))
# The bindings are Debian's, so its own interpreter runs the servers.
PYTHON = "/usr/bin/python3"
GROUP = "239.77.0.1"
RTSP_PORT, HTTP_PORT, DATA_PORT = 8554, 8080, 5004
# Of a file that VLC plays: longer than any case.
VLC_SECONDS = 60

ALL = ("h264", "h265", "mpeg4", "mjpeg")
# FFmpeg puts no JPEG into a transport stream that others would know as such.
IN_TRANSPORT_STREAM = ("h264", "h265", "mpeg4")


class Method:
    """One way of sending, and what kuzet should call it."""

    def __init__(self, name, title, transport, codecs):
        self.name, self.title, self.transport, self.codecs = name, title, transport, codecs
        # Whether lost packets can be told: RTP numbers them.
        self.has_sequence_numbers = transport.startswith("rtp-") or transport == "ts-rtp"
        # Of the frame rate, where it is not the usual one.
        self.rate_tolerance = None

    def prepare(self, lab, clip):
        """Starts what must be there before anything is sent."""

    def begin(self, lab, clip):
        """Starts the stream."""
        raise NotImplementedError

    def url_part(self, clip):
        """What the stream's URL must hold; None if the method has no URL."""
        return None


class RTSP(Method):
    """gst-rtsp-server sends, FFmpeg asks and receives."""

    def __init__(self, name, title, transport, way):
        super().__init__(name, title, transport, ALL)
        self._way = way

    def prepare(self, lab, clip):
        multicast = ["--multicast", GROUP] if self._way == "udp_multicast" else []
        lab.start("camera", f"{self.name}-{clip.codec}-server", [
            PYTHON, os.path.join(HERE, "rtsp_server.py"), CAMERA, str(RTSP_PORT), clip.codec,
            clip.units] + multicast)
        lab.wait_for_port(RTSP_PORT)

    def begin(self, lab, clip):
        lab.start("recorder", f"{self.name}-{clip.codec}-client", [
            "ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "warning",
            "-rtsp_transport", self._way, "-i", f"rtsp://{CAMERA}:{RTSP_PORT}/{clip.codec}",
            "-map", "0:v", "-c", "copy", "-f", "null", "-"])

    def url_part(self, clip):
        return f"{CAMERA}:{RTSP_PORT}/{clip.codec}"


class Push(Method):
    """FFmpeg sends; the recorder only receives."""

    def __init__(self, name, title, transport, codecs, form, target, group=None):
        super().__init__(name, title, transport, codecs)
        self._form, self._target, self._group = form, target, group

    def prepare(self, lab, clip):
        lab.start("recorder", f"{self.name}-{clip.codec}-sink", [
            PYTHON, os.path.join(HERE, "udp_sink.py"), RECORDER, str(DATA_PORT)]
            + ([self._group] if self._group else []))

    def begin(self, lab, clip):
        lab.start("camera", f"{self.name}-{clip.codec}-sender", [
            "ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "warning", "-re",
            "-f", "concat", "-safe", "0", "-i", clip.playlist, "-map", "0:v",
            "-c", "copy", "-f", self._form, self._target])


class Record(Method):
    """FFmpeg announces its stream to a recorder of RTSP, FFmpeg too, and sends it there."""

    def __init__(self, name, title, transport, way):
        super().__init__(name, title, transport, ALL)
        self._way = way
        # FFmpeg sends at once what was due while it announced: four frames of a case of 8 s.
        self.rate_tolerance = 0.02

    def _url(self, clip):
        return f"rtsp://{RECORDER}:{RTSP_PORT}/{clip.codec}"

    def prepare(self, lab, clip):
        lab.start("recorder", f"{self.name}-{clip.codec}-recorder", [
            "ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "warning", "-rtsp_flags", "listen",
            "-i", self._url(clip), "-map", "0:v", "-c", "copy", "-f", "null", "-"])
        lab.wait_for_port(RTSP_PORT, where="recorder")

    def begin(self, lab, clip):
        lab.start("camera", f"{self.name}-{clip.codec}-sender", [
            "ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "warning", "-re",
            "-f", "concat", "-safe", "0", "-i", clip.playlist, "-map", "0:v", "-c", "copy",
            "-f", "rtsp", "-rtsp_transport", self._way, "-pkt_size", "1400", self._url(clip)])

    def url_part(self, clip):
        return f"{RECORDER}:{RTSP_PORT}/{clip.codec}"


class VLCPush(Push):
    """VLC sends a file as a transport stream; it refuses to be root, and wants a home."""

    def begin(self, lab, clip):
        lab.start("camera", f"{self.name}-{clip.codec}-sender", vlc(
            clip.long(VLC_SECONDS), self._target))


def vlc(path, output):
    """The command with which VLC plays a file to somebody."""
    home = os.path.join(tempfile.gettempdir(), "kuzet-vlc")
    os.makedirs(home, exist_ok=True)
    os.chmod(home, 0o777)
    return ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "env",
            f"HOME={home}", "cvlc", path, "--sout", output, "--sout-keep", "--loop"]


class Multipart(Method):
    """Our own HTTP server; curl as the client."""

    def prepare(self, lab, clip):
        lab.start("camera", f"{self.name}-{clip.codec}-server", [
            PYTHON, os.path.join(HERE, "multipart_server.py"), CAMERA, str(HTTP_PORT),
            clip.units])
        lab.wait_for_port(HTTP_PORT)

    def begin(self, lab, clip):
        lab.start("recorder", f"{self.name}-{clip.codec}-client", [
            "curl", "--silent", "--output", os.devnull, f"http://{CAMERA}:{HTTP_PORT}/video"])

    def url_part(self, clip):
        return f"{CAMERA}:{HTTP_PORT}/video"


METHODS = [
    RTSP("rtsp-udp", "RTSP, RTP over UDP", "rtp-udp", "udp"),
    RTSP("rtsp-tcp", "RTSP, interleaved", "rtp-rtsp-tcp", "tcp"),
    RTSP("rtsp-multicast", "RTSP, RTP multicast", "rtp-udp", "udp_multicast"),
    RTSP("rtsp-http", "RTSP through HTTP", "rtp-rtsp-http", "http"),
    Push("rtp-push", "RTP over UDP, no signalling", "rtp-udp", ALL, "rtp",
         f"rtp://{RECORDER}:{DATA_PORT}?pkt_size=1400"),
    Push("rtp-sap", "RTP multicast, announced by SAP", "rtp-udp", ALL, "sap",
         f"sap://{GROUP}:{DATA_PORT}?same_port=1&ttl=1", GROUP),
    Push("ts-udp", "MPEG-TS over UDP", "ts-udp", IN_TRANSPORT_STREAM, "mpegts",
         f"udp://{RECORDER}:{DATA_PORT}?pkt_size=1316"),
    Push("ts-rtp", "MPEG-TS over RTP", "ts-rtp", IN_TRANSPORT_STREAM, "rtp_mpegts",
         f"rtp://{RECORDER}:{DATA_PORT}?pkt_size=1400"),
    Record("rtsp-record-tcp", "RTSP, announced and sent interleaved", "rtp-rtsp-tcp", "tcp"),
    Record("rtsp-record-udp", "RTSP, announced and sent over UDP", "rtp-udp", "udp"),
    VLCPush("vlc-ts-udp", "MPEG-TS over UDP, of VLC", "ts-udp", IN_TRANSPORT_STREAM, "mpegts",
            f"#std{{access=udp,mux=ts,dst={RECORDER}:{DATA_PORT}}}"),
    Multipart("http-multipart", "HTTP multipart", "http-multipart", ("mjpeg",)),
]
