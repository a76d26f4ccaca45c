// SPDX-License-Identifier: Apache-2.0
import RTSP

/// The requests about one camera.
extension CameraServer {
    /// DESCRIBE (RFC 2326 section 10.2).
    func describe(_ camera: Int, _ request: RTSPMessage) -> [Action] {
        let offer = settings.cameras[camera]
        let isMulticast = settings.deliveries == [.multicast]
        let group = offer.group.map { ($0.address, $0.ports.first, settings.hopLimit) }
        let text = offer.description.text(
            address: address, isIPv6: isIPv6, name: offer.name, group: isMulticast ? group : nil)
        var base = request.target?.url?.description ?? ""
        if !base.hasSuffix("/") { base += "/" }
        return respond(
            200, request, ["Content-Type": "application/sdp", "Content-Base": base], body: text)
    }

    /// SETUP (RFC 2326 section 10.4): the first alternative that is offered.
    mutating func setUp(_ camera: Int, _ request: RTSPMessage) -> [Action] {
        if let session, session.isPlaying || session.camera != camera {
            return respond(455, request, ["Allow": "PLAY, PAUSE, TEARDOWN"])
        }
        guard let value = request.headers["Transport"],
            let alternatives = try? TransportHeader.alternatives(parsing: value)
        else { return respond(461, request) }
        let offer = settings.cameras[camera]
        var identity = CameraMedia.Identity(&generator)
        for wanted in alternatives {
            guard let destination = destination(wanted, offer) else { continue }
            if let earlier = session { identity = earlier.identity }
            let identifier =
                session?.identifier ?? CameraServer.hexadecimal(generator.next())
            session = Session(
                identifier: identifier, camera: camera, destination: destination,
                identity: identity)
            return respond(
                200, request,
                [
                    "Session": "\(identifier);timeout=\(CameraServer.timeoutSeconds)",
                    "Transport": accepted(wanted, destination, offer, identity).text,
                ])
        }
        return respond(461, request)
    }

    /// Where an alternative leads, or nil if it is not offered.
    private func destination(
        _ wanted: TransportHeader, _ offer: Settings.Offer
    ) -> Destination? {
        guard wanted.profile == .avp else { return nil }
        if wanted.lowerTransport == .tcp {
            guard settings.deliveries.contains(.tcp) else { return nil }
            let channels = wanted.interleaved ?? TransportHeader.Channels(0, 1)
            let second = channels.second ?? (channels.first == .max ? 0 : channels.first + 1)
            return .interleaved(TransportHeader.Channels(channels.first, second))
        }
        // RFC 2326 makes multicast the default; a client that names its ports wants unicast.
        if wanted.delivery == .multicast || wanted.clientPorts == nil {
            let isOffered = settings.deliveries.contains(.multicast) && offer.group != nil
            return isOffered ? .multicast : nil
        }
        guard settings.deliveries.contains(.udp), let ports = wanted.clientPorts,
            ports.first >= 1024, ports.control >= 1024
        else { return nil }
        return .udp(ports)
    }

    private func accepted(
        _ wanted: TransportHeader, _ destination: Destination, _ offer: Settings.Offer,
        _ identity: CameraMedia.Identity
    ) -> TransportHeader {
        var answer = TransportHeader(lowerTransport: wanted.lowerTransport, delivery: .unicast)
        switch destination {
        case .udp(let ports):
            answer.clientPorts = TransportHeader.Ports(ports.first, ports.control)
            answer.serverPorts = offer.serverPorts
            answer.ssrcs = [identity.ssrc]
        case .interleaved(let channels):
            answer.interleaved = channels
            answer.ssrcs = [identity.ssrc]
        case .multicast:
            answer.delivery = .multicast
            answer.destination = offer.group?.address
            answer.multicastPorts = offer.group?.ports
            answer.timeToLive = settings.hopLimit
        }
        return answer
    }

    /// PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER and TEARDOWN, all inside a session.
    mutating func control(
        _ method: RTSPMethod, _ camera: Int, _ request: RTSPMessage
    ) -> [Action] {
        guard let open = session else {
            let isOutside = method == .getParameter || method == .setParameter
            return respond(isOutside && request.headers["Session"] == nil ? 200 : 454, request)
        }
        if let named = request.headers["Session"] {
            let identifier = named.prefix { $0 != ";" }
            guard identifier == open.identifier else { return respond(454, request) }
        } else if method != .getParameter, method != .setParameter {
            return respond(454, request)
        }
        guard camera == open.camera else { return respond(404, request) }
        let headers: RTSPHeaders = ["Session": open.identifier]
        switch method {
        case .play:
            return play(open, request)
        case .pause:
            session?.isPlaying = false
            return [.pause] + respond(200, request, headers)
        case .teardown:
            session = nil
            return [.stop] + respond(200, request, headers) + [.close]
        default:
            return respond(200, request, headers)
        }
    }

    private mutating func play(_ open: Session, _ request: RTSPMessage) -> [Action] {
        var headers: RTSPHeaders = ["Session": open.identifier, "Range": "npt=now-"]
        if !open.isPlaying, open.destination != .multicast {
            var url = request.target?.url?.description ?? ""
            while url.hasSuffix("/") { url.removeLast() }
            if !url.hasSuffix("/track1") { url += "/track1" }
            headers.append(
                "RTP-Info",
                "url=\(url);seq=\(open.identity.sequence);rtptime=\(open.identity.timestamp)")
        }
        session?.isPlaying = true
        return respond(200, request, headers) + [
            .play(camera: open.camera, to: open.destination, as: open.identity)
        ]
    }
}
