// SPDX-License-Identifier: Apache-2.0
public import Octets
public import Timekeeping

/// Measures one transport stream from the octets that carry it.
///
/// Takes what UDP, RTP or an interleaved frame carries, or a byte stream, with the time of its
/// arrival; needs no signalling. Memory is bounded: 64 PIDs, 16 programmes, 512 clock samples,
/// and 4 KiB of the video's beginning.
///
/// **One video** is followed: the first that a programme map names, or, before any map came,
/// the first PID on which a PES packet of a video stream begins. Frames of further videos in
/// the same transport stream are not counted.
///
/// A *frame* is a PES packet of the video with a presentation time that none of the 16 before
/// had; without times, a PES packet that begins with an access unit. Senders that pack several
/// frames into a PES packet are therefore undercounted; FFmpeg, GStreamer and cameras give each
/// frame its own.
public struct TransportStreamMeter: Sendable {
    /// How the octets come in.
    public enum Framing: Hashable, Sendable {
        /// Each call brings one datagram, RTP payload or interleaved frame.
        case datagrams
        /// Calls bring pieces of one byte stream, cut anywhere.
        case byteStream
    }

    /// A frame of the video, told as its first packet comes.
    public struct Frame: Hashable, Sendable {
        /// Arrival of the packet that begins it.
        public var arrival: Instant
        /// 33 bits of 90 kHz; nil if the sender gave none.
        public var presentationTime: UInt64?
        /// 33 bits of 90 kHz; nil if it is the presentation time.
        public var decodingTime: UInt64?
        /// A decoder may begin here, says the sender.
        public var isRandomAccess: Bool
    }

    /// Presentation times remembered, to know a frame in two PES packets.
    ///
    /// B-frames make them go back and forth by fewer than 16 frames (H.264 A.3.1: at most 16
    /// frames are held back).
    static let rememberedTimes = 16
    /// Octets of a byte stream moved at a time; bounds what is held back.
    static let pieceLength = 4096

    /// How octets come in.
    public let framing: Framing

    /// Packets found, of any PID, damaged ones included.
    public internal(set) var packets: UInt64 = 0
    /// Packets marked as damaged on their way; not looked into (ETSI TR 101 290 2.1).
    public internal(set) var markedDamaged: UInt64 = 0
    /// Packets that the standard does not allow, such as an adaptation field that leaves them.
    public internal(set) var malformedPackets: UInt64 = 0
    /// Packets with a scrambled payload.
    public internal(set) var scrambledPackets: UInt64 = 0
    /// Sections with a wrong check sum or a form the standard does not allow; not used.
    public internal(set) var rejectedSections: UInt64 = 0
    /// Entries of tables that point where nothing may be, or that are beyond a limit.
    public internal(set) var ignoredTableEntries: UInt64 = 0
    /// PES packets of the video whose head cannot be read.
    public internal(set) var malformedPES: UInt64 = 0
    /// Datagrams that the capture cut; continuity is not judged across them.
    public internal(set) var cutDatagrams: UInt64 = 0
    /// Frames of the video.
    public internal(set) var frames: UInt64 = 0
    /// Frames at which a decoder may begin.
    public internal(set) var randomAccessFrames: UInt64 = 0
    /// Arrival of the first packet of the first frame.
    public internal(set) var firstFrameArrival: Instant?
    /// Arrival of the first packet of the last frame.
    public internal(set) var lastFrameArrival: Instant?
    /// Whether the followed video is scrambled, in transport packets or in PES packets.
    public internal(set) var isVideoScrambled = false
    /// PID of the followed video.
    public internal(set) var videoPID: PacketIdentifier?
    /// Codec of the followed video in lower case, such as `h264`; nil until its map came.
    public internal(set) var videoCodec: String?

    /// What was wrong with the octets given last, at offsets in their packets and sections.
    public internal(set) var faults: [ParseFault] = []

    /// Sizes and places of packets.
    public internal(set) var detector = PacketSizeDetector()
    /// Continuity counters.
    public internal(set) var continuity = ContinuityChecker()
    /// The clock of the programme that holds the followed video.
    public internal(set) var clock = ProgramClock()

    var tables = TableReader()
    var clockPID: PacketIdentifier?
    /// The programme whose map names the followed video; nil while the video is a guess from its
    /// PES packets.
    var videoProgram: UInt16?
    var times: [UInt64] = []
    var head = VideoHeadCollector()
    private var carried: [UInt8] = []

    /// Makes a meter that has seen nothing.
    public init(framing: Framing = .datagrams) {
        self.framing = framing
    }

    /// Octets of a packet on the wire: 188, 192 or 204; nil until three sync octets in a row.
    public var packetSize: Int? { detector.isSynchronised ? detector.size?.rawValue : nil }
    /// Jumps of continuity counters that nothing announced.
    public var continuityErrors: UInt64 { continuity.errors }
    /// Times the rhythm of the sync octets broke.
    public var syncLosses: UInt64 { detector.syncLosses }
    /// Greatest deviation of a PCR's arrival from its value, ns; see `ProgramClock`.
    public var pcrJitterNanoseconds: Int64? { clock.jitterNanoseconds }
    /// Whether any payload is scrambled.
    public var isScrambled: Bool { scrambledPackets > 0 || isVideoScrambled }
    /// Packets of PIDs beyond the limit of `ContinuityChecker`.
    public var untrackedPackets: UInt64 { continuity.untrackedPackets }

    /// Takes octets that arrived at one moment.
    ///
    /// `isCut` says that the capture holds only the beginning of the datagram: what is whole is
    /// measured, and continuity starts anew behind it. `frame` is called for each frame of the
    /// video that begins.
    public mutating func receive(
        _ octets: Span<UInt8>, at arrival: Instant, isCut: Bool = false,
        frame: (Frame) -> Void = { _ in }
    ) {
        faults.removeAll(keepingCapacity: true)
        switch framing {
        case .datagrams:
            detector.begin(datagram: octets)
            while let range = detector.next(in: octets, isLast: true) {
                take(octets.extracting(range), at: arrival, frame: frame)
            }
            _ = detector.end(in: octets, isLast: true)
            if isCut {
                cutDatagrams &+= 1
                interrupt()
            }
        case .byteStream:
            var start = 0
            while start < octets.count {
                let end = min(start + Self.pieceLength, octets.count)
                takePiece(octets.extracting(start..<end), at: arrival, frame: frame)
                start = end
            }
        }
    }

    /// Notes that octets are missing from what was captured, not from what was sent: a drop of
    /// the probe's own, or a hole in a TCP connection that nobody saw filled.
    public mutating func interrupt() {
        continuity.forget()
        tables.drop()
        head.interrupt()
    }

    /// The first octets of a frame of the video, for whoever looks for its parameter sets; nil
    /// until they are whole.
    ///
    /// Given once. If they hold no parameter sets, `seekVideoHead` collects those of the next
    /// frame. With `isLast` what has been collected so far is given.
    public mutating func takeVideoHead(isLast: Bool = false) -> [UInt8]? {
        head.take(isLast: isLast)
    }

    /// Collects the first octets of another frame.
    public mutating func seekVideoHead() { head.seek() }

    private mutating func takePiece(
        _ piece: Span<UInt8>, at arrival: Instant, frame: (Frame) -> Void
    ) {
        // Moved out, so that it is not copied while `self` changes.
        var bytes = carried
        carried = []
        bytes.reserveCapacity(bytes.count + piece.count)
        for index in piece.indices { bytes.append(piece[index]) }
        while let range = detector.next(in: bytes.span, isLast: false) {
            take(bytes.span.extracting(range), at: arrival, frame: frame)
        }
        bytes.removeFirst(detector.end(in: bytes.span, isLast: false))
        carried = bytes
    }
}
