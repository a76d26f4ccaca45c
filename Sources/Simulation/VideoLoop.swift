// SPDX-License-Identifier: Apache-2.0

/// A few seconds of video, cut into RTP payloads once, to be played round and round by any
/// number of simulated cameras.
///
/// Two groups of pictures of two seconds each, of different grey. Because every payload is laid
/// out beforehand with its checksum, a packet costs a copy, however long it is.
public struct VideoLoop: Sendable {
    /// One RTP payload.
    public struct Packet: Hashable, Sendable {
        /// Where it lies in `octets`.
        public var payload: Range<Int>
        /// Its ones' complement sum (RFC 1071), folded, not inverted.
        public var sum: UInt16
        /// Whether it ends its frame: the marker bit.
        public var endsFrame: Bool
    }

    /// One picture.
    public struct Frame: Hashable, Sendable {
        /// Which packets carry it.
        public var packets: Range<Int>
        /// Whether it can be decoded without another.
        public var isKey: Bool
        /// Sum of its payloads' lengths.
        public var octets: Int
    }

    /// What the encoder was set to.
    public let format: VideoFormat
    /// Every payload, one behind the other.
    public private(set) var octets: [UInt8] = []
    /// The payloads in order of sending.
    public private(set) var packets: [Packet] = []
    /// The pictures in order of sending.
    public private(set) var frames: [Frame] = []
    /// What the session description tells of the codec: NAL units (VPS,) SPS, PPS; for MPEG-4
    /// one item, its configuration; none for JPEG.
    public private(set) var parameterSets: [[UInt8]] = []

    /// Seconds between key frames: what cameras are delivered with, as a rule.
    static let groupSeconds = 2
    /// Above this rate one group of pictures is kept, not two: at most 50 MB at 200 Mbit/s.
    static let largestRateOfTwoGroups = 50_000_000

    /// Encodes the loop; payloads are at most `largestPayload` (64…9000) octets.
    public init(_ format: VideoFormat, largestPayload: Int = 1400, seed: UInt64 = 1) {
        self.format = format
        let largest = min(max(64, largestPayload), 9000)
        let length = max(1, format.frameRateMillihertz * VideoLoop.groupSeconds / 1000)
        let groups = format.bitRate > VideoLoop.largestRateOfTwoGroups ? 1 : 2
        var source = FrameSource(format, framesPerGroup: length, seed: seed)
        parameterSets = source.parameterSets
        octets.reserveCapacity(format.octetsPerFrame * length * groups * 5 / 4)
        for number in 0..<(length * groups) {
            let isKey = number % length == 0 || format.codec == .mjpeg
            let units = source.next()
            begin(frame: isKey)
            switch format.codec {
            case .h264: appendFragmented(h264: units, largest: largest)
            case .h265: appendFragmented(h265: units, largest: largest)
            case .mjpeg: appendFragmented(jpeg: units[0], largest: largest)
            case .mpeg4: appendFragmented(mpeg4: units[0], largest: largest)
            }
            finishFrame()
        }
    }

    private mutating func begin(frame isKey: Bool) {
        frames.append(
            Frame(packets: packets.count..<packets.count, isKey: isKey, octets: 0))
    }

    private mutating func finishFrame() {
        let last = frames.count - 1
        packets[packets.count - 1].endsFrame = true
        let range = frames[last].packets.lowerBound..<packets.count
        frames[last].packets = range
        frames[last].octets = packets[range].reduce(0) { $0 + $1.payload.count }
    }

    private mutating func append(header: [UInt8], body: ArraySlice<UInt8>) {
        let start = octets.count
        octets.append(contentsOf: header)
        octets.append(contentsOf: body)
        let range = start..<octets.count
        packets.append(
            Packet(
                payload: range, sum: folded(UInt64(octets.onesComplementSum(range))),
                endsFrame: false))
    }

    // MARK: Payload formats

    /// Single NAL unit packets and FU-A (RFC 6184 sections 5.6 and 5.8).
    private mutating func appendFragmented(h264 units: [[UInt8]], largest: Int) {
        for unit in units {
            guard unit.count > largest else {
                append(header: [], body: unit[...])
                continue
            }
            let indicator = unit[0] & 0xe0 | 28
            var offset = 1
            while offset < unit.count {
                let end = min(unit.count, offset + largest - 2)
                var header = unit[0] & 0x1f
                if offset == 1 { header |= 0x80 }
                if end == unit.count { header |= 0x40 }
                append(header: [indicator, header], body: unit[offset..<end])
                offset = end
            }
        }
    }

    /// Single NAL unit packets and fragmentation units (RFC 7798 sections 4.4.1 and 4.4.3).
    private mutating func appendFragmented(h265 units: [[UInt8]], largest: Int) {
        for unit in units {
            guard unit.count > largest else {
                append(header: [], body: unit[...])
                continue
            }
            let type = unit[0] >> 1 & 0x3f
            let first = unit[0] & 0x81 | 49 << 1
            var offset = 2
            while offset < unit.count {
                let end = min(unit.count, offset + largest - 3)
                var header = type
                if offset == 2 { header |= 0x80 }
                if end == unit.count { header |= 0x40 }
                append(header: [first, unit[1], header], body: unit[offset..<end])
                offset = end
            }
        }
    }

    /// The main JPEG header before each piece of the scan (RFC 2435 section 3.1).
    private mutating func appendFragmented(jpeg scan: [UInt8], largest: Int) {
        var offset = 0
        while offset < scan.count {
            let end = min(scan.count, offset + largest - 8)
            append(
                header: [
                    0, UInt8(truncatingIfNeeded: offset >> 16),
                    UInt8(truncatingIfNeeded: offset >> 8), UInt8(truncatingIfNeeded: offset),
                    JPEGScan.type, JPEGScan.quality, UInt8(format.width / 8),
                    UInt8(format.height / 8),
                ], body: scan[offset..<end])
            offset = end
        }
    }

    /// The stream cut anywhere (RFC 6416 section 5.2).
    private mutating func appendFragmented(mpeg4 stream: [UInt8], largest: Int) {
        var offset = 0
        while offset < stream.count {
            let end = min(stream.count, offset + largest)
            append(header: [], body: stream[offset..<end])
            offset = end
        }
    }
}
