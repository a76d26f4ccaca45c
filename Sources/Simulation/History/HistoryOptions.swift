// SPDX-License-Identifier: Apache-2.0
public import Timekeeping

/// What a simulated history is made of; the same options make the same history everywhere.
public struct HistoryOptions: Hashable, Sendable {
    /// Cameras watched.
    public var cameras: Int
    /// The stretch they are watched for, such as a calendar year in the system's zone.
    public var range: TimeRange
    /// Decides everything random.
    public var seed: UInt64

    /// The most cameras that one history may have: their plans are held in memory at once.
    public static let greatestCameras = 20_000

    /// Makes the options of a history.
    public init(cameras: Int, range: TimeRange, seed: UInt64) {
        self.cameras = cameras
        self.range = range
        self.seed = seed
    }
}

/// Who stands where in a simulated system: eight cameras a site, three sites a channel, and a
/// probe for every twelve channels.
///
/// Everybody is a number here; ``HistoryRegistry`` gives them names.
public struct HistoryLayout: Hashable, Sendable {
    /// Cameras in all.
    public let cameras: Int

    static let camerasPerSite = 8
    static let sitesPerChannel = 3
    static let channelsPerProbe = 12

    /// Makes the layout of a system of that many cameras.
    public init(cameras: Int) {
        self.cameras = cameras
    }

    /// Sites in all.
    public var sites: Int { (cameras + Self.camerasPerSite - 1) / Self.camerasPerSite }
    /// Channels in all.
    public var channels: Int { (sites + Self.sitesPerChannel - 1) / Self.sitesPerChannel }
    /// Probes in all.
    public var probes: Int { (channels + Self.channelsPerProbe - 1) / Self.channelsPerProbe }

    /// The site where a camera hangs.
    public func site(ofCamera camera: Int) -> Int { camera / Self.camerasPerSite }
    /// The channel that carries a site's video.
    public func channel(ofSite site: Int) -> Int { site / Self.sitesPerChannel }
    /// The channel that carries a camera's video.
    public func channel(ofCamera camera: Int) -> Int { channel(ofSite: site(ofCamera: camera)) }
    /// The probe that listens at a channel's far end.
    public func probe(ofChannel channel: Int) -> Int { channel / Self.channelsPerProbe }
    /// The probe that hears a camera.
    public func probe(ofCamera camera: Int) -> Int {
        probe(ofChannel: channel(ofCamera: camera))
    }
    /// The cameras at a site.
    public func cameras(ofSite site: Int) -> Range<Int> {
        let first = min(cameras, site * Self.camerasPerSite)
        return first..<min(cameras, first + Self.camerasPerSite)
    }
    /// The sites that a channel carries.
    public func sites(ofChannel channel: Int) -> Range<Int> {
        let first = min(sites, channel * Self.sitesPerChannel)
        return first..<min(sites, first + Self.sitesPerChannel)
    }
    /// The cameras whose video a channel carries.
    public func cameras(ofChannel channel: Int) -> Range<Int> {
        let sites = sites(ofChannel: channel)
        return min(
            cameras, sites.lowerBound * Self.camerasPerSite)..<min(
                cameras, sites.upperBound * Self.camerasPerSite)
    }
    /// The cameras that a probe hears.
    public func cameras(ofProbe probe: Int) -> Range<Int> {
        let per = Self.channelsPerProbe * Self.sitesPerChannel * Self.camerasPerSite
        let first = min(cameras, probe * per)
        return first..<min(cameras, first + per)
    }
}
