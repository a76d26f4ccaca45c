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
    @usableFromInline var packedOffset: UInt32
    @usableFromInline var packedCaptured: UInt32
    @usableFromInline var packedOriginal: UInt32
    @usableFromInline var packedFrame: UInt32
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
        packedOffset = UInt32(truncatingIfNeeded: offset)
        packedCaptured = UInt32(truncatingIfNeeded: capturedLength)
        packedOriginal = UInt32(truncatingIfNeeded: originalLength)
        packedFrame = UInt32(truncatingIfNeeded: frameNumber)
        self.arrival = arrival
        self.interface = UInt16(clamping: interface)
        self.linkNumber = linkNumber
    }

    /// Where the frame begins in the window.
    @inlinable public var offset: Int {
        get { Int(packedOffset) }
        set { packedOffset = UInt32(truncatingIfNeeded: newValue) }
    }
    /// How many bytes of it were captured.
    @inlinable public var capturedLength: Int { Int(packedCaptured) }
    /// How long it was on the wire; never less than `capturedLength`.
    @inlinable public var originalLength: Int { Int(packedOriginal) }
    /// The number of the frame in its file, or since the start of a live capture, modulo 2³²; 1
    /// the first.
    @inlinable public var frameNumber: UInt64 { UInt64(packedFrame) }
    /// What the frame begins with.
    public var linkType: LinkType { LinkType(number: linkNumber) }

    /// Where the captured bytes lie in the window.
    public var bytes: Range<Int> { offset..<offset + capturedLength }
}
