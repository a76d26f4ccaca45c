// SPDX-License-Identifier: Apache-2.0

/// A key that a person pressed.
enum TerminalKey: Equatable, Sendable {
    case character(Character)
    case up, down, pageUp, pageDown, home, end, enter, escape

    /// The keys in bytes that a terminal in raw mode sent in one piece.
    ///
    /// An escape that ends the piece is the key itself: terminals send their sequences whole.
    /// Sequences not known here, and bytes that are no ASCII, mean nothing to Kuzet and are
    /// passed over.
    static func keys(in bytes: some Sequence<UInt8>) -> [TerminalKey] {
        let bytes = Array(bytes)
        var keys: [TerminalKey] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0x1b where index < bytes.count && (bytes[index] == 0x5b || bytes[index] == 0x4f):
                index += 1
                let start = index
                // Parameters, then a final byte (ECMA-48 section 5.4).
                while index < bytes.count, !(0x40...0x7e).contains(bytes[index]) { index += 1 }
                guard index < bytes.count else { break }
                if let key = sequence(bytes[start...index]) { keys.append(key) }
                index += 1
            case 0x1b: keys.append(.escape)
            case 0x0a, 0x0d: keys.append(.enter)
            case 0x7f, 0x08: keys.append(.escape)
            case 0x20...0x7e: keys.append(.character(Character(Unicode.Scalar(byte))))
            default: break
            }
        }
        return keys
    }

    private static func sequence(_ bytes: ArraySlice<UInt8>) -> TerminalKey? {
        switch String(decoding: bytes, as: UTF8.self) {
        case "A": .up
        case "B": .down
        case "H", "1~", "7~": .home
        case "F", "4~", "8~": .end
        case "5~": .pageUp
        case "6~": .pageDown
        default: nil
        }
    }
}
