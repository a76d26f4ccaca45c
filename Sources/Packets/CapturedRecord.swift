// SPDX-License-Identifier: Apache-2.0

public import Timekeeping

/// One captured frame: where its bytes lie in a window, and what the capture says about it.
///
/// A plain value without references, so that a batch of them is one block of memory.
public struct CapturedRecord: Hashable, Sendable {
    /// The most bytes that one frame may hold: 256 KiB, what libpcap writes at most (its
    /// MAXIMUM_SNAPLEN).
    ///
    /// A larger length is damage.
    public static let longest = 262_144

    // Packed into 32 bytes: a batch of 256 then takes a quarter of the first-level cache, and
    // what reads and what measures pass less between them.
    /// How much was captured below, how long it was above: as pcap has it.
    @usableFromInline var lengths: UInt64
    /// Where it begins in the window below, the number of the frame above.
    @usableFromInline var place: UInt64
    /// When it arrived.
    public var arrival: Instant
    /// Which of the capture's interfaces it came from, counted from 0 through the whole file; the
    /// 65,536th and all after it count as one.
    public var interface: UInt16
    /// The LINKTYPE number of what the frame begins with.
    public var linkNumber: UInt16

    /// Makes a record.
    ///
    /// - Parameter offset: Where the frame begins in the window; a window is far smaller than
    ///   4 GiB.
    @inlinable @inline(__always)
    public init(
        offset: Int, capturedLength: Int, originalLength: Int, arrival: Instant,
        frameNumber: UInt64, interface: UInt32 = 0, linkType: LinkType
    ) {
        self.init(
            offset: offset, capturedLength: capturedLength, originalLength: originalLength,
            arrival: arrival, frameNumber: frameNumber, interface: interface,
            linkNumber: linkType.number)
    }

    /// Makes a record of a frame whose link type is given by number.
    @inlinable @inline(__always)
    public init(
        offset: Int, capturedLength: Int, originalLength: Int, arrival: Instant,
        frameNumber: UInt64, interface: UInt32 = 0, linkNumber: UInt16
    ) {
        lengths =
            UInt64(UInt32(truncatingIfNeeded: capturedLength))
            | UInt64(truncatingIfNeeded: originalLength) &<< 32
        place = UInt64(UInt32(truncatingIfNeeded: offset)) | frameNumber &<< 32
        self.arrival = arrival
        self.interface = UInt16(clamping: interface)
        self.linkNumber = linkNumber
    }

    /// Makes a record of a frame from its words.
    @inline(__always)
    init(lengths: UInt64, place: UInt64, arrival: Instant, linkNumber: UInt16) {
        self.lengths = lengths
        self.place = place
        self.arrival = arrival
        interface = 0
        self.linkNumber = linkNumber
    }

    /// Where the frame begins in the window.
    @inlinable public var offset: Int {
        get { Int(UInt32(truncatingIfNeeded: place)) }
        set { place = place & ~0xffff_ffff | UInt64(UInt32(truncatingIfNeeded: newValue)) }
    }
    /// How many bytes of it were captured.
    @inlinable public var capturedLength: Int { Int(UInt32(truncatingIfNeeded: lengths)) }
    /// How long it was on the wire; never less than `capturedLength`.
    @inlinable public var originalLength: Int { Int(lengths >> 32) }
    /// The number of the frame in its file, or since the start of a live capture, modulo 2³²; 1
    /// the first.
    @inlinable public var frameNumber: UInt64 { place >> 32 }
    /// What the frame begins with.
    public var linkType: LinkType { LinkType(number: linkNumber) }

    /// Where the captured bytes lie in the window.
    public var bytes: Range<Int> { offset..<offset + capturedLength }
}
