// SPDX-License-Identifier: Apache-2.0
import Checks
import Packets
import RTSP
import Registry

/// Searches networks for devices and asks those that may be asked what they are.
final class DeviceSearch {
    /// From where answers are taken: a device with a wrong address is one that somebody looks for.
    ///
    /// Whom to ask is another matter.
    private static let anywhere = AllowedAddresses(
        ["0.0.0.0/0", "127.0.0.0/8", "169.254.0.0/16"].compactMap {
            try? AddressPrefix(parsing: $0)
        })

    /// What was found.
    private(set) var devices: [AskedDevice] = []
    /// Why searching from an interface came to nothing, by interface.
    private(set) var failures: [(interface: String, failure: CheckFailure)] = []

    private let loop: CheckLoop
    private let allowed: AllowedAddresses
    private let credentials: Digest.Credentials?
    private var known: Set<String> = []

    init(allowed: AllowedAddresses, credentials: Digest.Credentials?) throws {
        do {
            loop = try CheckLoop(seed: UInt64.random(in: 1 ... .max))
        } catch {
            throw Refusal("\(error)")
        }
        self.allowed = allowed
        self.credentials = credentials
    }

    /// Whether anybody may still answer.
    var isBusy: Bool { loop.isBusy }

    /// Searches from a network's own address.
    func search(
        _ network: LocalNetwork, nanoseconds: Int64, target: Endpoint = CheckLoop.discoveryGroup
    ) {
        loop.discover(
            local: network.address, allowed: Self.anywhere, nanoseconds: nanoseconds,
            target: target
        ) { [self] result in
            switch result {
            case .failure(let failure): failures.append((network.interface, failure))
            case .success(let found): for device in found { ask(device) }
            }
        }
    }

    /// Waits for answers, at most so long.
    func turn(milliseconds: Int32) { loop.turn(milliseconds: milliseconds) }

    /// Asks a device once, however often it answered.
    private func ask(_ device: DiscoveredDevice) {
        guard known.insert("\(device.address) \(device.endpointReference)").inserted else { return }
        let place = devices.count
        devices.append(AskedDevice(device: device))
        let url =
            device.services.first.flatMap { try? RTSPURL(parsing: $0) }
            ?? RTSPURL(scheme: "http", host: "\(device.address)", port: nil, path: "")
        let inquiry = DeviceInquiry(
            .onvif, url: url, address: device.address, credentials: credentials,
            nonce: String(UInt64.random(in: 0 ... .max), radix: 36), sha1: sha1)
        loop.inquire(inquiry, allowed: allowed) { [self] findings in
            devices[place].findings = findings
        }
    }
}
