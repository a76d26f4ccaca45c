// SPDX-License-Identifier: Apache-2.0
import RTSP
import Timekeeping

/// The dialogue of a pull: RTSP or HTTP, behind one face.
///
/// Two optionals and no enum with payloads: a machine is changed in place, never copied out.
struct PullEngine {
    private var rtsp: RTSPClientSession?
    private var multipart: MultipartClientSession?

    init(_ request: PullRequest, nonce: String) {
        let configuration = request.configuration(nonce: nonce)
        if request.way == .multipart {
            multipart = MultipartClientSession(configuration)
        } else {
            rtsp = RTSPClientSession(configuration)
        }
    }

    typealias Actions = [RTSPClientSession.Action]

    var nextDeadline: Instant? { rtsp?.nextDeadline ?? multipart?.nextDeadline }
    var lines: [RTSPClientSession.Line] { rtsp?.lines ?? multipart?.lines ?? [] }
    var loginFailures: Int { rtsp?.loginFailures ?? multipart?.loginFailures ?? 0 }
    var serverSoftware: String? { rtsp?.serverSoftware ?? multipart?.serverSoftware }
    var oddities: RTSPClientSession.Oddities { rtsp?.oddities ?? .init() }
    var media: [RTSPClientSession.Medium] { rtsp?.media ?? [] }

    mutating func connected(server: String, client: String, at now: Instant) -> Actions {
        rtsp?.connected(server: server, client: client, at: now)
            ?? multipart?.connected(at: now) ?? []
    }

    mutating func received(_ octets: Span<UInt8>, at now: Instant) -> Actions {
        if rtsp != nil { return rtsp?.received(octets, at: now) ?? [] }
        return multipart?.received(octets, at: now) ?? []
    }

    mutating func receivedMedia(at now: Instant) { rtsp?.receivedMedia(at: now) }

    mutating func timePassed(at now: Instant) -> Actions {
        rtsp?.timePassed(at: now) ?? multipart?.timePassed(at: now) ?? []
    }

    mutating func closed(at now: Instant) -> Actions {
        rtsp?.closed(at: now) ?? multipart?.closed(at: now) ?? []
    }

    mutating func stop(at now: Instant) -> Actions {
        rtsp?.stop(at: now) ?? multipart?.stop(at: now) ?? []
    }

    mutating func opened(
        medium: Int, ports: TransportHeader.Ports?, at now: Instant
    ) -> Actions {
        guard let ports else { return rtsp?.couldNotOpenPorts(medium: medium, at: now) ?? [] }
        return rtsp?.opened(medium: medium, ports: ports, at: now) ?? []
    }
}
