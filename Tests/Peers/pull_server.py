#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An RTSP camera with a login or TLS: pull_server.py ADDRESS PORT [options] CODEC=FOLDER...

Serves rtsp://ADDRESS:PORT/CODEC by Debian's gst-rtsp-server: over UDP, interleaved and through
HTTP, with --multicast by multicast too. FOLDER holds one access unit a file, pushed in the
order of their names, over and over. --digest USER PASSWORD asks who is asking, --tls CERTIFICATE
KEY speaks RTSPS, --sessions N has room for so many.
"""

import argparse
import glob
import os

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

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


def factory(codec, folder):
    """The media of one path, shared by its clients."""
    units = []
    for path in sorted(glob.glob(os.path.join(folder, "*"))):
        with open(path, "rb") as unit:
            units.append(unit.read())
    caps, payloader = PIPELINES[codec]
    made = GstRtspServer.RTSPMediaFactory()
    made.set_launch(
        f'( appsrc name=units format=time is-live=false block=false max-bytes=300000 '
        f'caps="{caps},framerate={FRAMES_PER_SECOND}/1" ! {payloader} )')
    made.set_shared(True)
    made.connect("media-configure", lambda _, media: feed(media, units))
    return made


def feed(media, units):
    """Pushes a unit whenever the source asks for one, with the time that its number means."""
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


def authentication(given):
    """What asks for logins and speaks TLS."""
    auth = GstRtspServer.RTSPAuth()
    if given.tls:
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_files(*given.tls))
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if given.digest:
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(*given.digest, token)
    else:
        auth.set_default_token(token)
    return auth


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("address")
    arguments.add_argument("port")
    arguments.add_argument("--digest", nargs=2, metavar=("USER", "PASSWORD"))
    arguments.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    arguments.add_argument("--multicast", metavar="GROUP")
    arguments.add_argument("--interface", default="cam0")
    arguments.add_argument("--sessions", type=int)
    arguments.add_argument("media", nargs="+", metavar="CODEC=FOLDER")
    given = arguments.parse_args()

    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address(given.address)
    server.set_service(given.port)
    if given.digest or given.tls:
        server.set_auth(authentication(given))
    if given.sessions:
        server.get_session_pool().set_max_sessions(given.sessions)
    ways = GstRtsp.RTSPLowerTrans
    for number, each in enumerate(given.media):
        codec, folder = each.split("=", 1)
        made = factory(codec, folder)
        if given.multicast:
            pool = GstRtspServer.RTSPAddressPool()
            pool.add_range(given.multicast, given.multicast, 5000 + 10 * number,
                           5009 + 10 * number, 1)
            made.set_address_pool(pool)
            made.set_multicast_iface(given.interface)
            made.set_protocols(ways.UDP | ways.TCP | ways.UDP_MCAST)
        if given.digest or given.tls:
            permissions = GstRtspServer.RTSPPermissions()
            for right in ("access", "construct"):
                permissions.add_permission_for_role("viewer", f"media.factory.{right}", True)
            made.set_permissions(permissions)
        server.get_mount_points().add_factory("/" + codec, made)
    if server.attach(None) == 0:
        arguments.error(f"cannot listen on {given.address}:{given.port}")
    GLib.MainLoop().run()


main()
