// SPDX-License-Identifier: Apache-2.0

public import Timekeeping

/// What a reader has met in a capture so far, the troubles included.
public struct CaptureTally: Hashable, Sendable {
    /// Something that the reader got over and that a result should mention.
    public enum Note: Hashable, Sendable {
        /// The file ends inside a record; everything before it was used.
        case truncated(frame: UInt64, byte: UInt64, had: Int, needed: Int)
        /// One frame was refused; the others were used.
        case refused(CaptureFault)
        /// Damage was skipped to the next record that looks sound.
        case skipped(CaptureFault, bytes: UInt64)
    }

    /// Drops that the capturing program reported inside the file (pcapng only).
    public struct ReportedDrops: Hashable, Sendable {
        /// Lost in the kernel's buffer: the capturing program was too slow.
        public var operatingSystem: UInt64 = 0
        /// Lost in the network adapter or its driver.
        public var interface: UInt64 = 0
        /// Lost just before a frame, as noted at that frame.
        public var betweenFrames: UInt64 = 0

        /// Whether the capture reports that it is whole, or reports nothing.
        public var isZero: Bool { operatingSystem | interface | betweenFrames == 0 }
    }

    /// How many notes are kept; further ones are only counted.
    ///
    /// Chosen: a screenful.
    public static let noteLimit = 16

    /// Frames met, those refused included: the number of the latest frame.
    public var frames: UInt64 = 0
    /// Frames that arrived before their predecessor by their timestamps.
    public var backwards: UInt64 = 0
    /// Frames refused, such as for a fraction of a second that is a second or more.
    public var refused: UInt64 = 0
    /// Frames longer than the snap length that the header promises; they were used.
    public var beyondSnapLength: UInt64 = 0
    /// Frames without a time of their own (pcapng simple packets); they have their
    /// predecessor's.
    public var untimed: UInt64 = 0
    /// Blocks of pcapng that carry nothing of use here.
    public var otherBlocks: UInt64 = 0
    /// Blocks of pcapng whose options run past their end; the block itself was used.
    public var brokenOptions: UInt64 = 0
    /// Bytes of damage skipped in salvage.
    public var skippedBytes: UInt64 = 0
    /// Notes that found no place in `notes`.
    public var furtherNotes: UInt64 = 0
    /// The first notes, at most `noteLimit`.
    public private(set) var notes: [Note] = []
    /// What the capturing program reported.
    public var drops = ReportedDrops()
    /// The arrival of the latest frame.
    public var lastArrival: Instant?

    /// Makes the tally of a capture not begun.
    public init() {}

    /// Whether the file ended inside a record or damage was skipped: the result is partial.
    public var isPartial: Bool { isTruncated || skippedBytes > 0 }

    /// Whether the file ended inside a record.
    public private(set) var isTruncated = false

    mutating func add(_ note: Note) {
        if case .truncated = note { isTruncated = true }
        if notes.count < CaptureTally.noteLimit {
            notes.append(note)
        } else {
            furtherNotes += 1
        }
    }
}

extension CaptureTally.Note: CustomStringConvertible {
    /// What stands after the name of the file and a colon.
    public var description: String {
        switch self {
        case .truncated(let frame, let byte, let had, let needed):
            "frame \(frame): truncated at byte \(byte) (got \(had) bytes; expected \(needed))"
        case .refused(let fault): "\(fault); the frame was refused"
        case .skipped(let fault, let bytes): "\(fault); \(bytes) bytes were skipped"
        }
    }
}
