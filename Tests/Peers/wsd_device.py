# SPDX-License-Identifier: Apache-2.0
"""Answers searches for devices with the package WSDiscovery: wsd_device.py URL SCOPE...

Run by the Python of .build/peers, which packaging/setup makes.
"""

import sys
import time

from wsdiscovery import QName, Scope
from wsdiscovery.publishing import ThreadedWSPublishing


def main():
    address, scopes = sys.argv[1], sys.argv[2:]
    publishing = ThreadedWSPublishing()
    publishing.start()
    publishing.publishService(
        types=[QName("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter")],
        scopes=[Scope(scope) for scope in scopes], xAddrs=[address])
    print("published", flush=True)
    while True:
        time.sleep(60)


main()
