// SPDX-License-Identifier: Apache-2.0

/// The entropy-coded scan of a baseline JPEG picture: grey blocks with noise in their first
/// coefficients, decodable with the standard tables (ITU-T T.81 annex K).
enum JPEGScan {
    /// Type 1 of RFC 2435 section 4.1: YCbCr 4:2:0, no restart intervals.
    static let type: UInt8 = 1
    /// The Q of RFC 2435 section 4.2: the standard quantisers unscaled.
    static let quality: UInt8 = 50

    /// A scan of about `octets`, not below what the picture's blocks take when empty.
    static func encoded(
        _ format: VideoFormat, octets: Int, brightness: Int, _ generator: inout SplitMix64
    ) -> [UInt8] {
        let units = ((format.width + 15) / 16) * ((format.height + 15) / 16)
        var bits = BitWriter()
        let wanted = max(0, octets * 8 - 16)
        // Six blocks take 30 bits when empty: DC differences of nothing and ends of block.
        let spare = max(0, wanted - units * 30)
        var spent = 0
        for unit in 0..<units {
            for block in 0..<6 {
                let isLuma = block < 4
                if unit == 0, block == 0 {
                    writeFirstDifference(brightness % 16, to: &bits)
                } else {
                    bits.write(0, bits: 2)  // category 0: no difference to the block before
                }
                if isLuma {
                    let due = spare * (unit * 4 + block + 1) / (units * 4)
                    spent += writeNoise(max(0, due - spent), &generator, to: &bits)
                }
                // End of block.
                if isLuma { bits.write(0b1010, bits: 4) } else { bits.write(0, bits: 2) }
            }
        }
        bits.align(with: true)
        return stuffed(bits.octets) + [0xff, 0xd9]  // EOI
    }

    /// Luminance category 5 (code 110): a difference of 16 + `step`.
    private static func writeFirstDifference(_ step: Int, to bits: inout BitWriter) {
        bits.write(0b110, bits: 3)
        bits.write(UInt32(16 + step), bits: 5)
    }

    /// AC coefficients of run 0 and category 2 (code 01): four bits each, at most 60 a block.
    private static func writeNoise(
        _ room: Int, _ generator: inout SplitMix64, to bits: inout BitWriter
    ) -> Int {
        let count = min(60, (room + 2) / 4)
        var random = generator.next()
        for index in 0..<count {
            if index == 32 { random = generator.next() }
            bits.write(0b0100 | UInt32(random & 3), bits: 4)
            random >>= 2
        }
        return count * 4
    }

    /// A zero behind every 0xff (ITU-T T.81 clause F.1.2.3).
    private static func stuffed(_ octets: [UInt8]) -> [UInt8] {
        var scan: [UInt8] = []
        scan.reserveCapacity(octets.count + octets.count / 64)
        for octet in octets {
            scan.append(octet)
            if octet == 0xff { scan.append(0) }
        }
        return scan
    }
}
