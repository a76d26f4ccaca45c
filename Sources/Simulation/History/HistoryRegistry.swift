// SPDX-License-Identifier: Apache-2.0
public import Registry

/// The names behind the numbers of a simulated history: the registry that its ledger belongs to.
public struct HistoryRegistry: Sendable {
    /// Who stands where.
    public let layout: HistoryLayout

    static let operators = 4
    static let subscribers = 20

    /// Makes the registry of a layout.
    public init(_ layout: HistoryLayout) {
        self.layout = layout
    }

    /// The camera of that number.
    public func camera(_ number: Int) -> CameraID { id("cam", number + 1, CameraID.init) }
    /// The site of that number.
    public func site(_ number: Int) -> SiteID { id("site", number + 1, SiteID.init) }
    /// The channel of that number.
    public func channel(_ number: Int) -> ChannelID { id("channel", number + 1, ChannelID.init) }
    /// The network operator of a channel.
    public func `operator`(ofChannel channel: Int) -> PartyID {
        id("operator", channel % Self.operators + 1, PartyID.init)
    }
    /// The subscriber whose site it is.
    public func subscriber(ofSite site: Int) -> PartyID {
        id("subscriber", site % Self.subscribers + 1, PartyID.init)
    }

    private func id<ID>(_ word: String, _ number: Int, _ make: (String) -> ID?) -> ID {
        let digits = String(number)
        let text = word + "-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        guard let id = make(text) else { preconditionFailure("\(text) is a valid name") }
        return id
    }

    /// All values, not yet held against each other.
    public var drafts: RegistryDrafts {
        RegistryDrafts(
            parties: parties, sites: (0..<layout.sites).map(site(numbered:)),
            channels: (0..<layout.channels).map(channel(numbered:)),
            cameras: (0..<layout.cameras).map(camera(numbered:)))
    }

    private var parties: [Party] {
        var parties: [Party] = []
        let ruling: [(String, String, Party.Role, Language)] = [
            ("coordinator", "Үйлестіруші", .coordinator, .kazakh),
            ("technical-operator", "Техникалық оператор", .technicalOperator, .kazakh),
        ]
        for (text, name, role, language) in ruling {
            guard let id = PartyID(text) else { continue }
            parties.append(Party(id: id, name: name, role: role, language: language))
        }
        for number in 0..<min(Self.operators, layout.channels) {
            parties.append(
                Party(
                    id: self.operator(ofChannel: number), name: "Оператор сети \(number + 1)",
                    role: .networkOperator, language: .russian))
        }
        for number in 0..<min(Self.subscribers, layout.sites) {
            parties.append(
                Party(
                    id: subscriber(ofSite: number), name: "Абонент \(number + 1)",
                    role: .subscriber, language: .kazakh))
        }
        return parties
    }

    private func site(numbered number: Int) -> Site {
        Site(
            id: site(number), name: "Объект \(number + 1)", subscriber: subscriber(ofSite: number),
            address: "Алматы, \(number + 1)", autonomousPowerMinutes: 60)
    }

    private func channel(numbered number: Int) -> Channel {
        // Every seventh channel is a reserve by radio, encrypted as A2.7.9 asks.
        let isReserve = number % 7 == 6
        return Channel(
            id: channel(number), name: "Арна \(number + 1)",
            operator: self.operator(ofChannel: number), medium: isReserve ? .wireless : .fibre,
            role: isReserve ? .reserve : .main, isEncrypted: isReserve,
            capacityBitsPerSecond: 1_000_000_000,
            sites: layout.sites(ofChannel: number).map { site($0) })
    }

    private func camera(numbered number: Int) -> Camera {
        let site = layout.site(ofCamera: number)
        let (high, low) = (number / 250, number % 250 + 1)
        let address = "10.\(64 + high / 250).\(high % 250).\(low)"
        return Camera(
            id: camera(number), name: "Камера \(number + 1)", site: self.site(site),
            channel: channel(layout.channel(ofSite: site)),
            stream: try? StreamSource(parsing: "rtsp://\(address)/video"))
    }
}
