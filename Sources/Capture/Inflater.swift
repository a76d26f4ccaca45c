// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Decompresses a gzip stream (RFC 1952) as it comes, members one after another.
@safe struct Inflater: ~Copyable {
    /// What came of one call.
    enum Outcome {
        /// There are more bytes in the output.
        case made
        /// More compressed bytes are needed.
        case needsMore
        /// The data is damaged.
        case damaged
    }

    private let stream: UnsafeMutablePointer<z_stream>
    private var input: ByteWindow
    /// Whether the data may end here: after a member, before the next.
    private(set) var isBetweenMembers = false
    private var isDamaged = false

    /// Makes an inflater of the bytes in `input` and those that will be fed.
    init(_ input: consuming ByteWindow) {
        self.input = input
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 bits of window, and 16 for the gzip wrapping instead of zlib's own.
        let result = unsafe inflateInit2_(
            stream, 15 + 16, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
        precondition(result == Z_OK, "zlib of another version, or no memory")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Lets `read` append compressed bytes; gives what it returns.
    mutating func feed<E: Error>(
        _ read: (inout ByteWindow) throws(E) -> Int
    ) throws(E) -> Int {
        try read(&input)
    }

    /// Decompresses what is there to the end of `output`, as far as there is room.
    ///
    /// What was made before damage is given first.
    mutating func inflate(into output: inout ByteWindow) -> Outcome {
        while !isDamaged {
            if isBetweenMembers {
                guard skipFilling() else { return .needsMore }
                unsafe inflateReset(stream)
                isBetweenMembers = false
            }
            guard input.count > 0 else { return .needsMore }
            if inflateOnce(into: &output) > 0 { return .made }
        }
        return .damaged
    }

    /// Calls zlib once with all input there is; says how much it made.
    private mutating func inflateOnce(into output: inout ByteWindow) -> Int {
        let compressed = unsafe input.bytes
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: compressed.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(clamping: compressed.count)
        var result: Int32 = Z_OK
        let made = unsafe output.fill { room in
            unsafe stream.pointee.next_out = room.baseAddress
            unsafe stream.pointee.avail_out = UInt32(clamping: room.count)
            result = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            return unsafe room.count - Int(stream.pointee.avail_out)
        }
        let taken = unsafe compressed.count - Int(stream.pointee.avail_in)
        input.consume(taken)
        isBetweenMembers = result == Z_STREAM_END
        // Neither took nor made anything: would do so for ever.
        let isStuck = taken == 0 && made == 0
        isDamaged = result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR || isStuck
        return made
    }

    /// Skips the zeros that tapes and block devices fill their last block with; false if
    /// nothing follows them yet.
    private mutating func skipFilling() -> Bool {
        while input.count > 0 {
            let bytes = unsafe input.bytes
            guard unsafe bytes[0] == 0 else { return true }
            input.consume(1)
        }
        return false
    }
}
