// SPDX-License-Identifier: Apache-2.0

/// Writes a judge's state: numbers as LEB128, instants as differences from one, so that equal
/// states give equal bytes and a quiet camera few of them.
struct StateWriter {
    private(set) var bytes: [UInt8] = []
    /// Instants are told from here.
    let origin: Int64

    init(origin: Int64) {
        self.origin = origin
    }

    mutating func put(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func put(_ count: Int) { put(UInt64(count.magnitude)) }
    mutating func put(_ flag: Bool) { bytes.append(flag ? 1 : 0) }
    mutating func put(_ byte: UInt8) { bytes.append(byte) }

    mutating func put(signed number: Int64) {
        put(UInt64(bitPattern: (number << 1) ^ (number >> 63)))
    }

    /// An instant, or `.min` for none.
    mutating func put(instant: Int64) {
        put(instant != .min)
        if instant != .min { put(signed: instant &- origin) }
    }

    mutating func put(_ text: String) {
        put(text.utf8.count)
        bytes += text.utf8
    }
}

/// Reads what `StateWriter` wrote; once anything is wrong, all that follows is zero and `isSound`
/// is false.
struct StateReader {
    private var rest: ArraySlice<UInt8>
    private(set) var isSound = true
    var origin: Int64 = 0

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func fail() { isSound = false }

    mutating func byte() -> UInt8 {
        guard let byte = rest.popFirst() else {
            isSound = false
            return 0
        }
        return byte
    }

    mutating func flag() -> Bool {
        let byte = byte()
        if byte > 1 { isSound = false }
        return byte == 1
    }

    mutating func number() -> UInt64 {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let byte = byte()
            number |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return isSound ? number : 0 }
            shift += 7
        }
        isSound = false
        return 0
    }

    /// A count of things that take at least a byte each.
    mutating func count() -> Int {
        let number = number()
        guard number <= UInt64(rest.count) else {
            isSound = false
            return 0
        }
        return Int(number)
    }

    mutating func signed() -> Int64 {
        let number = number()
        return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
    }

    mutating func instant() -> Int64 {
        flag() ? origin &+ signed() : .min
    }

    mutating func text() -> String {
        let count = count()
        let text = String(decoding: rest.prefix(count), as: UTF8.self)
        rest = rest.dropFirst(count)
        return text
    }

    mutating func choice<Choice: RawRepresentable<UInt8>>(_ other: Choice) -> Choice {
        guard let choice = Choice(rawValue: byte()) else {
            isSound = false
            return other
        }
        return choice
    }
}
