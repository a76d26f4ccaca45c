// SPDX-License-Identifier: Apache-2.0

/// Who and what: the parties, sites, channels, cameras and agreements of a system (¶2.8, ¶9).
///
/// It never changes; a new version of the files makes a new one, and `RegistryDifference` says
/// what is different. Everything is in the order of ids, whatever order the files had. Looking up
/// an id takes the same time in a registry of any size.
public struct Registry: Sendable {
    /// All parties, by id.
    public let parties: [Party]
    /// All agreements, by id.
    public let agreements: [Agreement]
    /// All sites, by id.
    public let sites: [Site]
    /// All channels, by id.
    public let channels: [Channel]
    /// All cameras, by id.
    public let cameras: [Camera]

    let index: RegistryIndex

    /// Makes a registry of values in the order of ids that were found to fit together.
    init(
        parties: [Party], agreements: [Agreement], sites: [Site], channels: [Channel],
        cameras: [Camera], index: RegistryIndex
    ) {
        self.parties = parties
        self.agreements = agreements
        self.sites = sites
        self.channels = channels
        self.cameras = cameras
        self.index = index
    }

    /// A registry of nothing.
    public static let empty = Registry(
        parties: [], agreements: [], sites: [], channels: [], cameras: [],
        index: RegistryIndex())

    /// The party of that name.
    public func party(_ id: PartyID) -> Party? {
        index.parties[id].map { parties[Int($0)] }
    }

    /// The agreement of that name.
    public func agreement(_ id: AgreementID) -> Agreement? {
        index.agreements[id].map { agreements[Int($0)] }
    }

    /// The site of that name.
    public func site(_ id: SiteID) -> Site? {
        index.sites[id].map { sites[Int($0)] }
    }

    /// The channel of that name.
    public func channel(_ id: ChannelID) -> Channel? {
        index.channels[id].map { channels[Int($0)] }
    }

    /// The camera of that name.
    public func camera(_ id: CameraID) -> Camera? {
        index.cameras[id].map { cameras[Int($0)] }
    }

    /// The one party that governs the system, if the registry names it.
    public var coordinator: Party? { parties.first { $0.role == .coordinator } }

    /// The one party that runs the data centres, if the registry names it.
    public var technicalOperator: Party? { parties.first { $0.role == .technicalOperator } }
}

// MARK: - What belongs to what

extension Registry {
    /// The cameras at a site, by id; none if there is no such site.
    public func cameras(ofSite id: SiteID) -> [Camera] {
        guard let site = index.sites[id] else { return [] }
        return index.camerasOfSite[site].map { cameras[Int($0)] }
    }

    /// The cameras whose video takes a channel, by id; none if there is no such channel.
    public func cameras(ofChannel id: ChannelID) -> [Camera] {
        guard let channel = index.channels[id] else { return [] }
        return index.camerasOfChannel[channel].map { cameras[Int($0)] }
    }

    /// The cameras on the channels that a party runs, by id.
    public func cameras(ofOperator id: PartyID) -> [Camera] {
        guard let party = index.parties[id] else { return [] }
        return index.channelsOfOperator[party]
            .flatMap { index.camerasOfChannel[$0] }.sorted().map { cameras[Int($0)] }
    }

    /// The cameras at the sites of a subscriber, by id.
    public func cameras(ofSubscriber id: PartyID) -> [Camera] {
        guard let party = index.parties[id] else { return [] }
        return index.sitesOfSubscriber[party]
            .flatMap { index.camerasOfSite[$0] }.sorted().map { cameras[Int($0)] }
    }

    /// The sites of a subscriber, by id.
    public func sites(ofSubscriber id: PartyID) -> [Site] {
        guard let party = index.parties[id] else { return [] }
        return index.sitesOfSubscriber[party].map { sites[Int($0)] }
    }

    /// The channels that a party runs, by id.
    public func channels(ofOperator id: PartyID) -> [Channel] {
        guard let party = index.parties[id] else { return [] }
        return index.channelsOfOperator[party].map { channels[Int($0)] }
    }

    /// The channels that carry a site, main ones first, then by id.
    public func channels(ofSite id: SiteID) -> [Channel] {
        guard let site = index.sites[id] else { return [] }
        let carrying = index.channelsOfSite[site].map { channels[Int($0)] }
        return carrying.filter { $0.role == .main } + carrying.filter { $0.role == .reserve }
    }

    /// Who answers for a camera: for what happens at the site its subscriber (¶18), for what
    /// happens on the channel whoever runs that (¶17); nil if there is no such camera.
    public func responsibleParties(
        for id: CameraID
    ) -> (subscriber: Party, networkOperator: Party)? {
        guard let camera = index.cameras[id] else { return nil }
        let site = sites[Int(index.siteOfCamera[Int(camera)])]
        let channel = channels[Int(index.channelOfCamera[Int(camera)])]
        guard let subscriber = party(site.subscriber), let runner = party(channel.operator)
        else { return nil }
        return (subscriber, runner)
    }

    /// The site of each camera as its place in `sites`, in the order of `cameras`: for sums over
    /// many cameras.
    public var siteOfCamera: [Int32] { index.siteOfCamera }

    /// The channel of each camera as its place in `channels`, in the order of `cameras`.
    public var channelOfCamera: [Int32] { index.channelOfCamera }
}
