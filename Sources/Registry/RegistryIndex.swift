// SPDX-License-Identifier: Apache-2.0

/// Where each id stands, and what belongs to what, as places in the registry's arrays.
struct RegistryIndex: Sendable {
    var parties: [PartyID: Int32] = [:]
    var agreements: [AgreementID: Int32] = [:]
    var sites: [SiteID: Int32] = [:]
    var channels: [ChannelID: Int32] = [:]
    var cameras: [CameraID: Int32] = [:]
    var siteOfCamera: [Int32] = []
    var channelOfCamera: [Int32] = []
    var camerasOfSite = Members()
    var camerasOfChannel = Members()
    var sitesOfSubscriber = Members()
    var channelsOfOperator = Members()
    var channelsOfSite = Members()
    var rules = AgreementIndex()

    init() {}

    /// Indexes values whose references are known to lead somewhere; `places` are those of the
    /// cameras, if they are known.
    init(
        parties: [Party], agreements: [Agreement], sites: [Site], channels: [Channel],
        cameras: [Camera], places: [CameraID: Int32]? = nil
    ) {
        self.parties = RegistryIndex.places(parties, by: \.id)
        self.agreements = RegistryIndex.places(agreements, by: \.id)
        self.sites = RegistryIndex.places(sites, by: \.id)
        self.channels = RegistryIndex.places(channels, by: \.id)
        self.cameras = places ?? RegistryIndex.places(cameras, by: \.id)
        siteOfCamera = cameras.map { self.sites[$0.site] ?? 0 }
        channelOfCamera = cameras.map { self.channels[$0.channel] ?? 0 }
        camerasOfSite = Members(of: siteOfCamera, groups: sites.count)
        camerasOfChannel = Members(of: channelOfCamera, groups: channels.count)
        sitesOfSubscriber = Members(
            of: sites.map { self.parties[$0.subscriber] ?? 0 }, groups: parties.count)
        channelsOfOperator = Members(
            of: channels.map { self.parties[$0.operator] ?? 0 }, groups: parties.count)
        var pairs: [(group: Int32, member: Int32)] = []
        for (place, channel) in channels.enumerated() {
            for site in channel.sites {
                if let site = self.sites[site] { pairs.append((site, Int32(place))) }
            }
        }
        channelsOfSite = Members(pairs: pairs, groups: sites.count)
        rules = AgreementIndex(agreements)
    }

    private static func places<Value, ID: Hashable>(
        _ values: [Value], by id: (Value) -> ID
    ) -> [ID: Int32] {
        var places: [ID: Int32] = [:]
        places.reserveCapacity(values.count)
        for (place, value) in values.enumerated() { places[id(value)] = Int32(place) }
        return places
    }

    /// The members of each of many groups, one after the other in one array: 300,000 cameras of
    /// 50,000 sites without 50,000 arrays.
    struct Members: Sendable {
        private var starts: [Int32] = [0]
        private var members: [Int32] = []

        init() {}

        /// Members 0, 1, 2… whose groups are given.
        init(of groupOfMember: [Int32], groups: Int) {
            self.init(
                pairs: groupOfMember.enumerated().lazy.map { ($0.element, Int32($0.offset)) },
                groups: groups)
        }

        /// Members in the order given, each with its group.
        init(pairs: some Collection<(group: Int32, member: Int32)>, groups: Int) {
            starts = [Int32](repeating: 0, count: groups + 1)
            for pair in pairs { starts[Int(pair.group) + 1] += 1 }
            for group in 0..<groups { starts[group + 1] += starts[group] }
            var next = starts
            members = [Int32](repeating: 0, count: pairs.count)
            for pair in pairs {
                members[Int(next[Int(pair.group)])] = pair.member
                next[Int(pair.group)] += 1
            }
        }

        subscript(group: Int32) -> ArraySlice<Int32> {
            guard Int(group) + 1 < starts.count else { return [] }
            return members[Int(starts[Int(group)])..<Int(starts[Int(group) + 1])]
        }
    }
}
