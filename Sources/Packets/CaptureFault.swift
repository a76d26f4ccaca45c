// SPDX-License-Identifier: Apache-2.0

public import Octets

/// Why a capture could not be read on, and where in the file.
public struct CaptureFault: Error, Hashable, Sendable {
    /// What was wrong.
    public enum Problem: Hashable, Sendable {
        /// Bytes that break the rules of the format; offsets count from `byte`.
        case malformed(ParseFault)
        /// A format that Kuzet does not read, by its name.
        case foreignFormat(String)
        /// A file that holds nothing but frames of a link that Kuzet does not read.
        case linkType(LinkType)
    }

    /// The frame that could not be read, counted from 1; 0 is the header of the file.
    public var frame: UInt64
    /// Where its record begins in the file (after decompression).
    public var byte: UInt64
    /// What was wrong.
    public var problem: Problem

    /// Makes a fault.
    public init(frame: UInt64, byte: UInt64, problem: Problem) {
        self.frame = frame
        self.byte = byte
        self.problem = problem
    }
}

extension CaptureFault: CustomStringConvertible {
    /// What stands after the name of the file and a colon:
    /// `frame 7 (byte 4711): pcap: captured length: over the limit (got 9; expected at most 8)`.
    public var description: String {
        switch problem {
        case .malformed(let fault):
            frame == 0 && byte == 0
                ? "0: \(fault.field): \(fault.finding)"
                : "\(place): \(fault.layer.rawValue): \(fault.field): \(fault.finding)"
        case .foreignFormat(let name):
            "\(place): format: not supported (got \(name); expected pcap or pcapng)"
        case .linkType(let type):
            "\(place): link type: not supported (got \(type) (\(type.number)); expected "
                + "ETHERNET, RAW, IPV4, IPV6, NULL, LOOP, LINUX_SLL or LINUX_SLL2)"
        }
    }

    private var place: String {
        switch (frame, byte) {
        case (0, 0): "0"
        case (0, _): "0 (byte \(byte))"
        default: "frame \(frame) (byte \(byte))"
        }
    }
}
