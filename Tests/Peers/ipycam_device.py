# SPDX-License-Identifier: Apache-2.0
"""A camera of ONVIF of the package ipycam: ipycam_device.py ADDRESS PORT [USER PASSWORD]

Only what answers searches and questions: no pictures, so that what draws them need not be there.
Run by the Python of .build/peers, which packaging/setup makes.
"""

import http.server
import sys
import types
from unittest import mock

for name in ("cv2", "numpy"):
    sys.modules[name] = mock.MagicMock()

import ipycam  # noqa: E402


def main():
    address, port = sys.argv[1], int(sys.argv[2])
    user, password = sys.argv[3:5] or ("", "")
    config = ipycam.CameraConfig(
        name="Gate", local_ip=address, onvif_port=port, rtsp_port=8554, main_stream_name="h264",
        sub_stream_name="small", username=user, password=password)
    service = ipycam.ONVIFService(config)
    ipycam.IPCameraHTTPHandler.camera = types.SimpleNamespace(onvif=service, config=config)
    ipycam.WSDiscoveryServer(service).start()
    http.server.ThreadingHTTPServer((address, port), ipycam.IPCameraHTTPHandler).serve_forever()


main()
