// SPDX-License-Identifier: Apache-2.0

/// What was wrong with bytes, and where: enough to find the place in a packet analyser.
///
/// Makes no allocation: `field` is always a literal.
public struct ParseFault: Error, Hashable, Sendable {
    /// What kind of wrong.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Fewer bytes than the structure takes; `needed` and `had` are byte counts.
        case truncated
        /// A value that the standard does not allow; `had` is the value, `needed` the nearest
        /// bound or the value expected.
        case invalid
        /// A value that the standard allows and Kuzet does not read; `had` is the value.
        case unsupported
        /// Nothing wrong, and nothing that Kuzet measures: counted so that no packet is
        /// unaccounted for. `had` and `needed` are 0.
        case ignored
        /// More than Kuzet's own limit; `had` is the value, `needed` the limit.
        case overLimit = "over-limit"
        /// Several packets that the capturing host had joined into one before it was captured;
        /// `had` is its length, `needed` the longest that one packet can have had.
        case joined
        /// Senders of whom only one can be whom they claim to be; `had` is how many, `needed` the
        /// port that they send to.
        case conflict
    }

    /// Whose rules were broken.
    public enum Layer: String, Hashable, Sendable, CaseIterable {
        case pcap, pcapng, gzip, link, vlan, ipv4, ipv6, fragment, udp, tcp, icmp
        case rtp, rtcp, h264, h265, mpeg4, jpeg, mxpeg
        case rtsp, http, sdp, sap, interleaved, multipart
        case transportStream = "ts"
        case psi, pes
    }

    /// What kind of wrong.
    public var kind: Kind
    /// Whose rules were broken.
    public var layer: Layer
    /// The field, in the words of the standard, such as `header length`.
    public var field: String
    /// Where the field begins: octets from the start of the bytes given to the parser.
    public var offset: Int
    /// What was needed; see `kind`.
    public var needed: Int
    /// What was there; see `kind`.
    public var had: Int

    /// Makes a fault.
    public init(
        _ kind: Kind, _ layer: Layer, _ field: String, offset: Int, needed: Int, had: Int
    ) {
        self.kind = kind
        self.layer = layer
        self.field = field
        self.offset = offset
        self.needed = needed
        self.had = had
    }
}

extension ParseFault: CustomStringConvertible {
    /// What is wrong, without saying where: `truncated (got 3 bytes; expected 12)`.
    public var finding: String {
        switch kind {
        case .truncated: "truncated (got \(had) bytes; expected \(needed))"
        case .invalid: "invalid (got \(had); expected \(needed))"
        case .unsupported: "not supported (got \(had))"
        case .ignored: "not measured"
        case .joined:
            "several packets joined into one by the capturing host (got \(had) bytes; "
                + "expected at most \(needed)); ethtool -K INTERFACE gro off lro off keeps them "
                + "apart"
        case .conflict: "\(had) addresses send under one SSRC to port \(needed)"
        case .overLimit: "over the limit (got \(had); expected at most \(needed))"
        }
    }

    /// One line: layer, field, offset, found and expected.
    public var description: String {
        // What is in order, or of several packets, has no place where it is wrong.
        kind == .ignored || kind == .conflict
            ? "\(layer.rawValue): \(field): \(finding)"
            : "\(layer.rawValue): \(field) at byte \(offset): \(finding)"
    }
}
