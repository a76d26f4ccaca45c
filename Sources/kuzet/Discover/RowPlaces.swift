// SPDX-License-Identifier: Apache-2.0
import Registry

/// Site and channel of rows for cameras that were found.
struct RowPlaces {
    /// The two columns.
    struct Place: Hashable {
        var site: String
        var channel: String
    }

    private let usual: Place
    /// Where the cameras of a network of 256 addresses are, by the first 24 bits.
    private var networks: [UInt64: Place] = [:]

    /// - Parameters:
    ///   - site: The site of all rows; nil where the registry is to say.
    ///   - channel: The same for the channel.
    init(_ registry: Registry?, site: String?, channel: String?) throws {
        guard let registry, !registry.channels.isEmpty else {
            usual = Place(site: site ?? "site-1", channel: channel ?? "line-1")
            return
        }
        if let site, !registry.sites.contains(where: { $0.id.text == site }) {
            throw Refusal("--site: the registry has no site `\(site)`")
        }
        if let channel, !registry.channels.contains(where: { $0.id.text == channel }) {
            throw Refusal("--channel: the registry has no channel `\(channel)`")
        }
        let fitting = registry.channels.filter { one in
            (channel == nil || one.id.text == channel)
                && (site == nil || one.sites.contains { $0.text == site })
        }
        let chosen = fitting.first { $0.role == .main } ?? fitting.first
        guard let chosen, let served = site ?? chosen.sites.first?.text else {
            throw Refusal("no channel of the registry carries the site")
        }
        usual = Place(site: served, channel: chosen.id.text)
        guard site == nil, channel == nil else { return }
        var counts: [UInt64: [Place: Int]] = [:]
        for camera in registry.cameras {
            guard let network = camera.host.flatMap({ Self.network($0) }) else { continue }
            let place = Place(site: camera.site.text, channel: camera.channel.text)
            counts[network, default: [:]][place, default: 0] += 1
        }
        networks = counts.compactMapValues { places in
            places.max { ($0.value, $1.key.site) < ($1.value, $0.key.site) }?.key
        }
    }

    /// Where a camera at `host` most likely is: with its neighbours.
    func place(of host: String) -> Place {
        let address = (try? Host(parsing: host))?.address
        return address.flatMap { Self.network($0) }.flatMap { networks[$0] } ?? usual
    }

    private static func network(_ address: NetworkAddress) -> UInt64? {
        address.isV4 && !address.isMulticast ? address.low >> 8 : nil
    }
}

extension Camera {
    /// The address at which it is, if the registry says.
    fileprivate var host: NetworkAddress? {
        if let address = address?.host.address { return address }
        switch stream {
        case .url(let url): return url.host.address
        case .sender(let address, _): return address
        case .group, nil: return nil
        }
    }
}
