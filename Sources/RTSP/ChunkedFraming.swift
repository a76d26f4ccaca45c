// SPDX-License-Identifier: Apache-2.0

import Octets

/// Removes the chunks of `Transfer-Encoding: chunked` (RFC 9112 section 7.1).
///
/// Points at payload in the run instead of copying it. Where octets are missing so that chunks
/// can no longer be told from payload, everything is taken for payload: what a boundary frames
/// is found again all the same, only counted a few octets too long.
struct ChunkedFraming: Sendable {
    /// The longest line of a chunk's size, extensions counted, in octets.
    ///
    /// Chosen: servers send eight digits at most, and no extensions.
    static let sizeLineLimit = 256

    private enum State: Sendable {
        case size(value: Int, digits: Int, octets: Int, isExtension: Bool)
        case payload(remaining: Int)
        /// CR LF behind a chunk.
        case lineEnd
        case trailer
        case unframed
    }

    private static let sizeStart = State.size(value: 0, digits: 0, octets: 0, isExtension: false)
    private var state: State

    init(isChunked: Bool) { state = isChunked ? Self.sizeStart : .unframed }

    /// Whether the last chunk is over.
    var isAtEnd: Bool { if case .trailer = state { true } else { false } }

    /// How many octets at `position` are payload, after stepping over what is framing.
    mutating func available(_ run: Span<UInt8>, _ position: inout Int) -> Int {
        while position < run.count {
            switch state {
            case .unframed: return run.count - position
            case .payload(let remaining): return min(remaining, run.count - position)
            case .trailer: position = run.count
            case .lineEnd:
                let octet = run[position]
                if octet == ASCII.carriageReturn {
                    position += 1
                } else {
                    if octet == ASCII.lineFeed { position += 1 }
                    state = Self.sizeStart
                }
            case .size: takeSize(run[position], &position)
            }
        }
        return 0
    }

    private mutating func takeSize(_ octet: UInt8, _ position: inout Int) {
        guard case .size(var value, var digits, var octets, var isExtension) = state else { return }
        octets += 1
        if octet == ASCII.lineFeed, digits > 0 {
            position += 1
            state = value == 0 ? .trailer : .payload(remaining: value)
            return
        }
        if !isExtension, let worth = octet.hexadecimalDigit, digits < 8 {
            value = value << 4 | Int(worth)
            digits += 1
        } else if digits > 0, octets <= Self.sizeLineLimit {
            isExtension = true
        } else if !(octet == ASCII.carriageReturn || octet == ASCII.lineFeed || octet.isBlank) {
            // No chunk begins here: the server, or a gap, broke the framing.
            state = .unframed
            return
        }
        position += 1
        state = .size(value: value, digits: digits, octets: octets, isExtension: isExtension)
    }

    /// Takes note that `count` octets of payload were used up.
    mutating func use(_ count: Int) {
        guard case .payload(let remaining) = state else { return }
        state = count >= remaining ? .lineEnd : .payload(remaining: remaining - count)
    }

    /// Lets `count` octets pass that were not captured.
    mutating func skipped(_ count: Int) {
        switch state {
        case .payload(let remaining) where count < remaining:
            state = .payload(remaining: remaining - count)
        case .trailer: break
        default: state = .unframed
        }
    }
}
