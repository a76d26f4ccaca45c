// SPDX-License-Identifier: Apache-2.0

import Octets

/// Looks for the blank line that ends the head of a message, in octets that come piece by piece.
///
/// Every octet is looked at once, and what is refused is refused at the same octet however the
/// stream was cut.
struct HeadScanner: Sendable {
    /// Octets that were looked at.
    private(set) var position = 0
    private var lineStart = 0

    init() {}

    /// The place after the blank line, or nil if it is not there yet.
    ///
    /// - Parameter octets: the head from its first octet; longer with each call.
    mutating func end(in octets: Span<UInt8>) throws(ParseFault) -> Int? {
        while position < octets.count {
            let octet = octets[position]
            let length = position - lineStart
            if octet == ASCII.lineFeed {
                let hasReturn = length > 0 && octets[position - 1] == ASCII.carriageReturn
                let text = length - (hasReturn ? 1 : 0)
                try refuse(text > RTSPMessage.lineLimit, "line", RTSPMessage.lineLimit, text)
                position += 1
                lineStart = position
                if text == 0 { return position }
            } else {
                let isText =
                    octet >= 0x20 && octet != 0x7F || octet == ASCII.tab
                    || octet == ASCII.carriageReturn
                guard isText else {
                    throw ParseFault(
                        .invalid, .rtsp, "control character", offset: position, needed: 0x20,
                        had: Int(octet))
                }
                try refuse(
                    length > RTSPMessage.lineLimit, "line", RTSPMessage.lineLimit, length)
                position += 1
            }
            try refuse(
                position >= RTSPMessage.headLimit, "headers", RTSPMessage.headLimit, position)
        }
        return nil
    }

    private func refuse(
        _ isOver: Bool, _ field: String, _ limit: Int, _ had: Int
    ) throws(ParseFault) {
        guard isOver else { return }
        throw ParseFault(.overLimit, .rtsp, field, offset: lineStart, needed: limit, had: had)
    }
}
