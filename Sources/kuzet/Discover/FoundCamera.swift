// SPDX-License-Identifier: Apache-2.0
import Checks
import Packets
import RTSP
import Registry

/// A device that answered a search, and what it said when it was asked.
struct AskedDevice {
    var device: DiscoveredDevice
    /// Nil if it was not asked.
    var findings: DeviceFindings?

    /// Its value of a scope such as `name` or `hardware`.
    func scope(_ kind: String) -> String? {
        let prefix = "onvif://www.onvif.org/\(kind)/"
        guard let scope = device.scopes.first(where: { $0.hasPrefix(prefix) }) else { return nil }
        let text = Self.unescaped(String(scope.dropFirst(prefix.count)))
        return text.isEmpty ? nil : text
    }

    /// What it is, as it says.
    var what: String? {
        guard let model = findings?.model ?? scope("hardware") else { return scope("name") }
        guard let maker = findings?.maker, !model.lowercased().hasPrefix(maker.lowercased())
        else { return model }
        return "\(maker) \(model)"
    }

    /// Its pictures, each with the profiles that show it; one without any if it named none.
    var pictures: [[DeviceProfile]] {
        var pictures: [[DeviceProfile]] = []
        for profile in findings?.profiles ?? [] {
            if let place = pictures.firstIndex(where: { $0[0].source == profile.source }) {
                pictures[place].append(profile)
            } else {
                pictures.append([profile])
            }
        }
        return pictures.isEmpty ? [[]] : pictures
    }

    /// `%20` and its like as what they mean (RFC 3986 section 2.1).
    private static func unescaped(_ text: String) -> String {
        var octets: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let first = rest.popFirst() {
            if first == UInt8(ascii: "%"), rest.count >= 2,
                let octet = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                octets.append(octet)
                rest = rest.dropFirst(2)
            } else {
                octets.append(first)
            }
        }
        return String(decoding: octets, as: UTF8.self)
    }
}

/// A camera that was found: one picture of a device, a stream on the wire, or both.
struct FoundCamera {
    /// Letters of a name, at most: what a line of a registry bears (chosen).
    private static let longestName = 120

    var host: String
    /// What people may call it until somebody says it better.
    var name: String
    /// Where it is managed; empty if that is not known.
    var address = ""
    /// By what its stream is known; empty if that is not known.
    var stream = ""
    /// What the device is set to send of this picture.
    var profiles: [DeviceProfile] = []
    /// The device, if one answered a search.
    var device: AskedDevice?
    /// Whether its stream was heard.
    var isHeard = false
    /// The cameras of the registry that it is.
    var registered: [CameraID] = []

    /// By what two are the same: a registry refuses two cameras with one of these.
    var claim: String { stream.isEmpty ? host : stream }

    /// A stream on the wire that no device claims.
    init(_ heard: InitAnswers.Found) {
        host = heard.host
        name = heard.name
        stream = heard.stream
        isHeard = true
    }

    /// A picture of a device; `isOnly` says whether the device has no other.
    init(_ device: AskedDevice, _ profiles: [DeviceProfile], isOnly: Bool) {
        self.device = device
        self.profiles = profiles
        host = "\(device.device.address)"
        let best = profiles.filter { $0.stream != nil }.max { $0.pixels < $1.pixels }
        stream = best?.stream ?? ""
        let picture = [best?.size, best?.encoding?.lowercased()].compactMap { $0 }
        let parts: [String?] = [
            host, device.what, isOnly ? nil : best?.name ?? profiles.first?.name,
            picture.isEmpty ? nil : picture.joined(separator: " "),
        ]
        let text = parts.compactMap { $0 }.joined(separator: ", ")
        name = String(PrintableText.shown(text, ascii: false).prefix(Self.longestName))
        // An encoder's port would be that of several cameras.
        let service = device.device.services.first.flatMap { try? RTSPURL(parsing: $0) }
        let port = service.flatMap(\.effectivePort)
        address =
            isOnly && port != nil && port != 80
            ? Endpoint(address: device.device.address, port: port ?? 80).description : host
    }

    /// The streams of this picture by their URLs.
    var urls: Set<String> { Set(profiles.compactMap(\.stream)) }

    /// Takes a stream as this camera's: what a recorder plays says more than what a device offers,
    /// except for an address alone.
    mutating func take(_ heard: InitAnswers.Found) {
        isHeard = true
        guard !urls.contains(heard.stream) else { return }
        let isAddress =
            if case .sender = try? StreamSource(parsing: heard.stream) { true } else { false }
        if !isAddress || stream.isEmpty { stream = heard.stream }
    }
}

extension DeviceProfile {
    /// Its URL as a registry has it; nil if there is none that a registry takes.
    var stream: String? { streamURL.flatMap { StreamURL(seen: $0) }?.text }

    var pixels: Int { (width ?? 0) * (height ?? 0) }

    /// `1920x1080`; nil if it is not known.
    var size: String? { width.flatMap { width in height.map { "\(width)x\($0)" } } }
}
