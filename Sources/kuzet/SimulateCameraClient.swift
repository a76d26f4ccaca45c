// SPDX-License-Identifier: Apache-2.0
import RTSP
import Simulation
import Timekeeping

/// One RTSP connection to the simulated cameras, and what is sent because of it.
final class CameraClient {
    let socket: Socket
    private let peer: SocketAddress
    var server: CameraServer
    private var outgoing: [UInt8] = []
    private var sent = 0
    var media: CameraMedia?
    var destination: CameraServer.Destination?
    var camera = 0
    var isPlaying = false
    /// To be closed when all is sent.
    var isClosing = false
    /// Closed by the other side, or to be dropped.
    var isBroken = false
    /// Whether its camera was dead when last looked at.
    var wasDead = false
    /// Packets thrown away because the connection was too slow.
    private(set) var dropped: UInt64 = 0

    init(_ socket: Socket, _ peer: SocketAddress, _ server: CameraServer) {
        self.socket = socket
        self.peer = peer
        self.server = server
    }

    var hasOutgoing: Bool { sent < outgoing.count }

    func cameraIsDead(_ driver: CameraDriver, _ now: Instant) -> Bool {
        server.camera != nil && driver.isDead(driver.cameras[camera], now)
    }

    /// Sends an answer; a client that asks and asks and never reads is dropped.
    func enqueue(_ octets: [UInt8]) {
        guard outgoing.count - sent < 2 * CameraDriver.largestOutgoing else {
            isBroken = true
            return
        }
        outgoing += octets
    }

    /// Sends a packet of the stream where the client wants it.
    func send(
        _ packet: [UInt8], _ channel: CameraMedia.Channel, from source: CameraDriver.Camera
    ) {
        switch destination {
        case .udp(let ports):
            var target = peer
            target.port = ports.first
            CameraDriver.send(packet, channel, from: source, to: target, ports.control)
        case .interleaved(let channels):
            guard outgoing.count - sent < CameraDriver.largestOutgoing else {
                dropped += 1
                return
            }
            let number = channel == .media ? channels.first : channels.second ?? channels.first
            let length = packet.count
            outgoing += [0x24, number, UInt8(length >> 8), UInt8(length & 0xff)]
            outgoing += packet
        case .multicast, nil: break
        }
    }

    /// Sends what the connection takes.
    func flush() {
        while sent < outgoing.count {
            guard let count = socket.send(outgoing[sent...]) else {
                isBroken = true
                return
            }
            if count == 0 {
                // A slow reader must not make the array grow at its front.
                if sent > CameraDriver.largestOutgoing {
                    outgoing.removeFirst(sent)
                    sent = 0
                }
                return
            }
            sent += count
        }
        outgoing.removeAll(keepingCapacity: true)
        sent = 0
    }
}
