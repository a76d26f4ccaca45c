// SPDX-License-Identifier: Apache-2.0

import Octets
public import Timekeeping

/// Media: which to set up, how each is delivered, and when the next way is tried.
extension RTSPClientSession {
    /// The ports for a medium are open: the first even, the second its neighbour.
    public mutating func opened(
        medium: Int, ports: TransportHeader.Ports, at now: Instant
    ) -> [Action] {
        guard phase == .starting, media.indices.contains(medium), asked == nil else { return [] }
        media[medium].ports = ports
        return askSetup(medium, at: now)
    }

    /// No ports could be opened for a medium: the next way is tried.
    public mutating func couldNotOpenPorts(medium: Int, at now: Instant) -> [Action] {
        guard phase == .starting, media.indices.contains(medium), asked == nil else { return [] }
        return tryNext(medium, otherwise: .noPorts, at: now)
    }

    mutating func chooseMedia(
        of description: SessionDescription, at now: Instant
    ) -> [Action] {
        guard let first = configuration.deliveries.first else { return end(.noTransport) }
        var hasForeignControl = false
        for medium in description.media where configuration.kinds.contains(medium.kind) {
            guard media.count < Self.mediumLimit else { break }
            let control = base.control(medium.control)
            guard let url = control.url, url.isRTSP else {
                hasForeignControl = true
                continue
            }
            let other = base.controlByTheBook(medium.control).map { $0.description }
            let text = ours(url).description
            media.append(
                Medium(
                    description: medium, url: text, otherURL: other == text ? nil : other,
                    delivery: first))
        }
        guard !media.isEmpty else {
            return end(hasForeignControl ? .nonsense(.otherControl) : .nothingWanted)
        }
        return begin(0, at: now)
    }

    /// Begins the setting up of a medium by the way that it is to try.
    private mutating func begin(_ medium: Int, at now: Instant) -> [Action] {
        if media[medium].delivery == .udp, media[medium].ports == nil {
            return [.openPorts(medium: medium)]
        }
        return askSetup(medium, at: now)
    }

    private mutating func askSetup(_ medium: Int, at now: Instant) -> [Action] {
        let isSecure = media[medium].description.transport.uppercased().contains("SAVP")
        var transport = TransportHeader(profile: isSecure ? .savp : .avp)
        switch media[medium].delivery {
        case .udp:
            transport.delivery = .unicast
            transport.clientPorts = media[medium].ports
        case .interleaved:
            transport.lowerTransport = .tcp
            transport.delivery = .unicast
            let channel = UInt8(truncatingIfNeeded: 2 * medium)
            transport.interleaved = TransportHeader.Channels(channel, channel + 1)
        case .multicast:
            transport.delivery = .multicast
        }
        return ask(
            .setup, media[medium].url, headers: ["Transport": transport.text], medium: medium,
            at: now)
    }

    /// A server refused to set a medium up: another URL, another way, or the end.
    mutating func refusedSetup(_ status: Int, _ medium: Int, at now: Instant) -> [Action] {
        if status == 454 { return end(.sessionLost) }
        if [400, 404, 459].contains(status), let other = media[medium].otherURL {
            media[medium].url = other
            media[medium].otherURL = nil
            return askSetup(medium, at: now)
        }
        switch status {
        case 404, 410: return end(.notFound(.setup, status: status))
        // Unsupported transport, and how others say it.
        case 400, 406, 461, 500, 501:
            let reason =
                status == 461
                ? ClientSessionEnd.noTransport : .refused(.setup, status: status)
            return tryNext(medium, otherwise: reason, at: now)
        default: return end(.refused(.setup, status: status))
        }
    }

    private mutating func tryNext(
        _ medium: Int, otherwise reason: ClientSessionEnd, at now: Instant
    ) -> [Action] {
        let ways = configuration.deliveries
        var actions: [Action] = []
        if media[medium].ports != nil {
            media[medium].ports = nil
            actions.append(.closePorts(medium: medium))
        }
        guard let place = ways.firstIndex(of: media[medium].delivery), place + 1 < ways.count
        else { return actions + end(reason) }
        // What one medium could not have, those after it do not ask for.
        for index in medium..<media.count { media[index].delivery = ways[place + 1] }
        return actions + begin(medium, at: now)
    }

    /// Reads what the server answered to SETUP, and goes on to the next medium or to PLAY.
    mutating func setUp(_ message: RTSPMessage, medium: Int, at now: Instant) -> [Action] {
        guard let value = message.headers["Session"] else { return end(.nonsense(.noSession)) }
        do throws(ParseFault) {
            if session == nil { session = try SessionHeader(parsing: value) }
            guard let text = message.headers["Transport"] else {
                return end(.nonsense(.noTransport))
            }
            guard let transport = try TransportHeader.alternatives(parsing: text).first else {
                return end(.nonsense(.noTransport))
            }
            if let refusal = transport.refusal(server: server, client: client) {
                switch refusal {
                case .port: return end(.foreignTransport(refusal))
                case .sourceElsewhere, .destinationElsewhere:
                    guard configuration.ignoresForeignAddresses else {
                        return end(.foreignTransport(refusal))
                    }
                    oddities.foreignAddresses += 1
                }
            }
            return agreed(transport, medium, at: now)
        } catch {
            return end(.unreadable(error))
        }
    }

    private mutating func agreed(
        _ transport: TransportHeader, _ medium: Int, at now: Instant
    ) -> [Action] {
        let path: Path
        if transport.lowerTransport == .tcp {
            guard let channels = transport.interleaved else {
                return end(.nonsense(.otherTransport))
            }
            path = .interleaved(channels)
        } else if media[medium].delivery == .interleaved {
            return end(.nonsense(.otherTransport))
        } else if media[medium].delivery == .multicast {
            guard let group = group(transport, media[medium].description) else {
                return end(.nonsense(.otherTransport))
            }
            path = group
        } else {
            guard transport.delivery != .multicast else {
                return end(.nonsense(.otherTransport))
            }
            path = .udp(from: transport.serverPorts)
        }
        media[medium].path = path
        var actions: [Action] = []
        if case .udp = path {
        } else if media[medium].ports != nil {
            media[medium].ports = nil
            actions.append(.closePorts(medium: medium))
        }
        actions.append(.expect(medium: medium, path))
        if medium + 1 < media.count { return actions + begin(medium + 1, at: now) }
        return actions + ask(.play, aggregate, headers: ["Range": "npt=0.000-"], at: now)
    }

    /// The group that the answer names, or else the description.
    private func group(
        _ transport: TransportHeader, _ medium: MediaDescription
    ) -> Path? {
        let connection = medium.connection ?? description?.connection
        guard let address = transport.destination ?? connection?.address,
            ConnectionAddress(
                isIPv6: address.utf8.contains(ASCII.colon), address: address
            ).isMulticast
        else { return nil }
        let described = medium.port > 0 ? TransportHeader.Ports(medium.port) : nil
        guard
            let ports = transport.multicastPorts ?? transport.clientPorts ?? transport.serverPorts
                ?? described, ports.first >= 1024
        else { return nil }
        let senders = medium.sources.isEmpty ? description?.sources ?? [] : medium.sources
        return .multicast(group: address, ports, senders: senders)
    }
}
