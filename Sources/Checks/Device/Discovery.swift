// SPDX-License-Identifier: Apache-2.0
import Glibc
public import Packets
import RTSP
import Timekeeping

/// A device that answered a search; a search never adds a camera by itself.
public struct DiscoveredDevice: Hashable, Sendable {
    /// Where the answer came from.
    public var address: IPAddress
    /// What the device calls itself for good.
    public var endpointReference: String
    /// Its services at that very address, credentials left out; services elsewhere are left out.
    public var services: [String] = []
    /// What it says of its kind, model and place, as `onvif://www.onvif.org/name/…`.
    public var scopes: [String] = []
}

/// Searches for devices of ONVIF on a network (WS-Discovery).
final class Discovery: LoopMember {
    /// Devices of one search.
    static let deviceLimit = 4096
    /// Answers read of one address: one, and those that are sent again.
    static let answersPerAddress = 4
    static let serviceLimit = 8
    static let scopeLimit = 64

    private unowned let loop: CheckLoop
    private let allowed: AllowedAddresses
    private let deadline: Instant
    private let done: ([DiscoveredDevice]) -> Void
    private let messageID: String
    private var socket: Descriptor?
    private var found: [String: DiscoveredDevice] = [:]
    private var answers: [IPAddress: Int] = [:]

    init(
        allowed: AllowedAddresses, nanoseconds: Int64, _ loop: CheckLoop,
        _ done: @escaping ([DiscoveredDevice]) -> Void
    ) {
        self.loop = loop
        self.allowed = allowed
        self.done = done
        deadline = LoopClock.steady.advanced(byNanoseconds: nanoseconds)
        messageID = Discovery.identifier(loop.randomWord(), loop.randomWord())
    }

    /// `uuid:` and 36 characters, of version 4.
    static func identifier(_ high: UInt64, _ low: UInt64) -> String {
        func digits(_ value: UInt64, _ count: Int) -> String {
            let text = String(value, radix: 16)
            return String((String(repeating: "0", count: 16) + text).suffix(count))
        }
        let (first, second) = (digits(high >> 32, 8), digits(high >> 16, 4))
        let third = "4" + digits(high, 3)
        let fourth = digits(0x8000 | low >> 48 & 0x3fff, 4)
        return "uuid:\(first)-\(second)-\(third)-\(fourth)-\(digits(low, 12))"
    }

    /// Sends the search from the interface that has the address.
    func begin(local: IPAddress, target: Endpoint) -> CheckFailure? {
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard let socket = Descriptor(Glibc.socket(AF_INET, kind, 0)),
            unsafe Endpoint(address: local, port: 0).withSocketAddress({
                unsafe bind(socket.number, $0, $1)
            }) == 0
        else { return CheckFailure(.probe, "no-socket", systemText(errno)) }
        var interface = local.fourOctets
        _ = unsafe setsockopt(
            socket.number, Int32(IPPROTO_IP), IP_MULTICAST_IF, &interface,
            socklen_t(MemoryLayout<in_addr>.size))
        guard send(Array(Discovery.probe(messageID).utf8), on: socket, to: target) else {
            return CheckFailure(SystemFailure(code: errno))
        }
        self.socket = socket
        loop.watch(socket.number, self, .other, writing: false)
        return nil
    }

    static func probe(_ messageID: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>\
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" \
        xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" \
        xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Header>\
        <a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>\
        <a:MessageID>\(messageID)</a:MessageID>\
        <a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header><s:Body><d:Probe>\
        <d:Types xmlns:n="http://www.onvif.org/ver10/network/wsdl">n:NetworkVideoTransmitter\
        </d:Types></d:Probe></s:Body></s:Envelope>
        """
    }

    func ready(_ role: LoopRole, _ readiness: Poller.Readiness) {
        guard let socket else { return }
        for _ in 0..<8 {
            let count = loop.arena.receive(from: socket.number) { received in
                let source = received.source.address
                guard allowed.allows(source),
                    answers[source, default: 0] < Discovery.answersPerAddress
                else { return }
                answers[source, default: 0] += 1
                let octets = unsafe Array(received.payload)
                for device in Discovery.devices(octets, from: source, to: messageID)
                where found.count < Discovery.deviceLimit {
                    found["\(source) \(device.endpointReference)"] = device
                }
            }
            if count < DatagramArena.batch { break }
        }
    }

    /// The devices of an answer to that very search.
    static func devices(
        _ octets: [UInt8], from source: IPAddress, to messageID: String
    ) -> [DiscoveredDevice] {
        guard let envelope = try? XMLReader.read(octets),
            envelope["Header"]?["RelatesTo"]?.text == messageID,
            let body = envelope["Body"]
        else { return [] }
        // There are devices that leave the list around their one match out.
        let matches = (body["ProbeMatches"] ?? body).all("ProbeMatch")
        return matches.prefix(8).compactMap { match in
            guard let reference = match.at("EndpointReference", "Address")?.text,
                !reference.isEmpty, reference.utf8.count <= DeviceFindings.textLimit
            else { return nil }
            var device = DiscoveredDevice(address: source, endpointReference: reference)
            device.services = words(match["XAddrs"], serviceLimit).compactMap { word in
                guard let url = try? RTSPURL(parsing: word),
                    url.scheme == "http" || url.scheme == "https", url.host == "\(source)"
                else { return nil }
                return url.description
            }
            device.scopes = words(match["Scopes"], scopeLimit)
            return device
        }
    }

    private static func words(_ element: XMLElement?, _ limit: Int) -> [String] {
        (element?.text ?? "").split(maxSplits: limit, whereSeparator: \.isWhitespace)
            .prefix(limit).map { String($0.prefix(DeviceFindings.textLimit)) }
    }

    func timePassed() {
        guard loop.now >= deadline, let socket else { return }
        loop.forget(socket.number)
        self.socket = nil
        loop.leave(self)
        done(
            found.values.sorted {
                ($0.address, $0.endpointReference) < ($1.address, $1.endpointReference)
            })
    }
}
