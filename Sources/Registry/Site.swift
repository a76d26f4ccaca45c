// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// The classes of objects that have cameras (A2.4).
public enum ObjectClass: String, CaseIterable, Hashable, Sendable {
    /// Where many people gather.
    case crowdedPlace = "crowded-place"
    /// Yards between houses.
    case courtyard
    /// Especially important state, strategic and hazardous objects.
    case strategic
    /// Roads.
    case roadSafety = "road-safety"
    /// None of the order's classes, such as a system connected by its owner's wish (¶11).
    case other
}

/// A subscriber's cameras and servers at one object: the order's video system (¶2.8).
public struct Site: Hashable, Sendable {
    /// The site's name for good.
    public let id: SiteID
    /// What people call it.
    public let name: String
    /// Whose it is.
    public let subscriber: PartyID
    /// Where it is, in words.
    public let address: String
    /// The class of the object (A2.4).
    public let objectClass: ObjectClass
    /// The IANA name of the zone whose calendar counts, such as `Asia/Almaty`.
    public let timeZone: String
    /// When the connection act was signed (¶9), if it was.
    public let connectionActDate: CalendarDate?
    /// Minutes that it runs without mains, as declared (A2.5.3).
    public let autonomousPowerMinutes: Int?
    /// Where its network ends and the channel begins: what a ping can reach.
    public let gateway: NetworkAddress?

    /// Minutes of autonomous power that the order asks for (A2.5.3).
    public static let leastAutonomousPowerMinutes = 60

    /// Makes a site.
    public init(
        id: SiteID, name: String, subscriber: PartyID, address: String = "",
        objectClass: ObjectClass = .other, timeZone: String = "Asia/Almaty",
        connectionActDate: CalendarDate? = nil, autonomousPowerMinutes: Int? = nil,
        gateway: NetworkAddress? = nil
    ) {
        self.id = id
        self.name = name
        self.subscriber = subscriber
        self.address = address
        self.objectClass = objectClass
        self.timeZone = timeZone
        self.connectionActDate = connectionActDate
        self.autonomousPowerMinutes = autonomousPowerMinutes
        self.gateway = gateway
    }
}
