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

    /// Where the frame begins in the window.
    public var offset: Int
    /// How many bytes of it were captured.
    public var capturedLength: Int
    /// How long it was on the wire; never less than `capturedLength`.
    public var originalLength: Int
    /// When it arrived.
    public var arrival: Instant
    /// The number of the frame in its file, or since the start of a live capture; 1 the first.
    public var frameNumber: UInt64
    /// Which of the capture's interfaces it came from, counted from 0 through the whole file.
    public var interface: UInt32
    /// What the frame begins with.
    public var linkType: LinkType

    /// Makes a record.
    public init(
        offset: Int, capturedLength: Int, originalLength: Int, arrival: Instant,
        frameNumber: UInt64, interface: UInt32 = 0, linkType: LinkType
    ) {
        self.offset = offset
        self.capturedLength = capturedLength
        self.originalLength = originalLength
        self.arrival = arrival
        self.frameNumber = frameNumber
        self.interface = interface
        self.linkType = linkType
    }

    /// Where the captured bytes lie in the window.
    public var bytes: Range<Int> { offset..<offset + capturedLength }
}
