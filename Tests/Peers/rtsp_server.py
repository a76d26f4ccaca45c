#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An RTSP camera: rtsp_server.py ADDRESS PORT CODEC FOLDER [--multicast GROUP]

Serves rtsp://ADDRESS:PORT/CODEC by Debian's gst-rtsp-server (python3-gi,
gir1.2-gst-rtsp-server-1.0), over UDP, interleaved and through HTTP alike, or by multicast
alone. FOLDER holds one access unit a file; they are pushed in the order of their names, over
and over, each with the time that follows from its number: a file source that loops would
begin again with the old times, and RTP's time stamps would stand still.
"""

import argparse
import glob
import os

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

FRAMES_PER_SECOND = 25

PIPELINES = {
    "h264": ("video/x-h264,stream-format=byte-stream,alignment=au",
             "h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1"),
    "h265": ("video/x-h265,stream-format=byte-stream,alignment=au",
             "h265parse ! rtph265pay name=pay0 pt=96 config-interval=-1"),
    "mpeg4": ("video/mpeg,mpegversion=4,systemstream=false",
              "mpeg4videoparse ! rtpmp4vpay name=pay0 pt=96 config-interval=1"),
    "mjpeg": ("image/jpeg,width=1920,height=1080", "rtpjpegpay name=pay0"),
}


def camera(codec, units):
    """The media of one camera, for however many clients."""
    caps, payloader = PIPELINES[codec]
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        f'( appsrc name=units format=time is-live=false block=false max-bytes=300000 '
        f'caps="{caps},framerate={FRAMES_PER_SECOND}/1" ! {payloader} )')
    factory.set_shared(True)
    factory.connect("media-configure", lambda _, media: feed(media, units))
    return factory


def feed(media, units):
    """Pushes a unit whenever the source asks for one."""
    source = media.get_element().get_by_name_recurse_up("units")
    sent = 0

    def push(source, _wanted):
        nonlocal sent
        unit = Gst.Buffer.new_wrapped(units[sent % len(units)])
        unit.pts = unit.dts = sent * Gst.SECOND // FRAMES_PER_SECOND
        unit.duration = Gst.SECOND // FRAMES_PER_SECOND
        sent += 1
        source.emit("push-buffer", unit)

    source.connect("need-data", push)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("address")
    arguments.add_argument("port")
    arguments.add_argument("codec", choices=sorted(PIPELINES))
    arguments.add_argument("folder")
    arguments.add_argument("--multicast", metavar="GROUP")
    given = arguments.parse_args()
    units = []
    for path in sorted(glob.glob(os.path.join(given.folder, "*"))):
        with open(path, "rb") as unit:
            units.append(unit.read())
    if not units:
        arguments.error(f"{given.folder} holds no access units")

    Gst.init(None)
    factory = camera(given.codec, units)
    if given.multicast:
        pool = GstRtspServer.RTSPAddressPool()
        pool.add_range(given.multicast, given.multicast, 5000, 5009, 1)
        factory.set_address_pool(pool)
        factory.set_protocols(GstRtsp.RTSPLowerTrans.UDP_MCAST)
    server = GstRtspServer.RTSPServer()
    server.set_address(given.address)
    server.set_service(given.port)
    server.get_mount_points().add_factory("/" + given.codec, factory)
    if server.attach(None) == 0:
        arguments.error(f"cannot listen on {given.address}:{given.port}")
    GLib.MainLoop().run()


main()
